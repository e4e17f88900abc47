#include "models/device/device.hpp"
#include "models/power/power_cap.hpp"
#include "sim/app/kernel_limits.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/kernel_request.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

struct Answer {
    KernelRequest request;
    std::string system;
    Frequency clock{};
    int sms = 0;
    KernelResult result;
    Bytes compulsory{};
    Flops flops{};
};

// The kernel alone on the device, back to back with itself: at the clock given, or at the one that the power cap
// leaves when it runs all the time.
KernelResult time_kernel(const KernelDesc& kernel, const SystemConfig& system, KernelContext context,
                         Frequency& clock) {
    DeviceTimer timer(system);
    if (clock > Frequency::zero()) {
        context.sm_clock = clock;
        return timer.time(kernel, context);
    }
    context.sm_clock = clock = system.power.sustained_clock;
    const KernelResult first = timer.time(kernel, context);
    const Activity activity{first.energy, clock, first.time * first.clock_bound, first.time * (1 - first.clock_bound),
                            first.tensor_flops > Flops::zero()};
    context.sm_clock = clock = PowerCap(system.power).clock(activity);
    return timer.time(kernel, context);
}

std::string words(std::string_view name) {
    std::string text(name);
    for (char& c : text) { c = c == '_' ? ' ' : c; }
    return text;
}

std::string row(const std::string& label, const std::string& value) {
    return "  " + label + std::string(label.size() < 16 ? 16 - label.size() : 1, ' ') + value + "\n";
}

std::string explanation_text(const Answer& a) {
    const KernelResult& r = a.result;
    std::string text = "\nwhere the time goes\n";
    for (const TimeShare& s : r.shares) { text += row(s.label, human(s.time) + ", " + percent(s.time / r.time)); }
    text += "\nwork\n";
    text += row("waves", std::to_string(r.waves) + " on " + std::to_string(r.sms) + " SMs");
    text += row("compulsory", human(a.compulsory) + " (each operand once); moved over HBM: " + human(r.traffic.hbm()));
    text += row("shared memory", human(r.traffic.smem));
    text += row("clock", percent(r.clock_bound) + " of the time scales with the SM clock");
    return text;
}

std::string text_of(const Answer& a, bool explain) {
    const KernelResult& r = a.result;
    std::string text =
        a.request.title + " on " + a.system + ", " + std::to_string(a.sms) + " SMs at " + human(a.clock) + "\n";
    text += row("time", human(r.time)) + row("limited by", words(to_string(r.limiter)));
    if (a.flops > Flops::zero()) { text += row("rate", human(a.flops / r.time)); }
    text += row("HBM", human(r.traffic.hbm_read) + " read, " + human(r.traffic.hbm_write) + " written, " +
                           human(r.traffic.hbm() / r.time));
    text += row("L2", human(r.traffic.l2_read) + " read, " + human(r.traffic.l2_write) + " written, " +
                          human(r.traffic.l2() / r.time));
    text += row("Tensor Cores", percent(r.tensor_busy / r.time) + " busy");
    text += row("CUDA cores", percent(r.cuda_busy / r.time) + " busy");
    text += row("energy", human(r.energy.total()) + " dynamic, " + human(r.energy.total() / r.time));
    return explain ? text + explanation_text(a) : text;
}

JsonValue json_of(const Answer& a) {
    const KernelResult& r = a.result;
    JsonValue root = JsonValue::object();
    root.set("schema", JsonValue::string("tessera.kernel/1"));
    root.set("kernel", JsonValue::string(a.request.title));
    root.set("system", JsonValue::string(a.system));
    root.set("sm_clock_hz", JsonValue::number(a.clock.raw()));
    root.set("sms", JsonValue::integer(a.sms));
    root.set("time_s", JsonValue::number(to_seconds(r.time)));
    root.set("limiter", JsonValue::string(std::string(to_string(r.limiter))));
    root.set("flops", JsonValue::number(a.flops.raw()));
    root.set("flops_per_s", JsonValue::number((a.flops / r.time).raw()));
    root.set("compulsory_bytes", JsonValue::integer(a.compulsory.raw()));
    root.set("hbm_read_bytes", JsonValue::integer(r.traffic.hbm_read.raw()));
    root.set("hbm_write_bytes", JsonValue::integer(r.traffic.hbm_write.raw()));
    root.set("l2_read_bytes", JsonValue::integer(r.traffic.l2_read.raw()));
    root.set("l2_write_bytes", JsonValue::integer(r.traffic.l2_write.raw()));
    root.set("smem_bytes", JsonValue::integer(r.traffic.smem.raw()));
    root.set("tensor_busy_s", JsonValue::number(to_seconds(r.tensor_busy)));
    root.set("cuda_busy_s", JsonValue::number(to_seconds(r.cuda_busy)));
    root.set("energy_j", JsonValue::number(r.energy.total().raw()));
    root.set("clock_bound", JsonValue::number(r.clock_bound));
    root.set("waves", JsonValue::integer(r.waves));
    JsonValue shares = JsonValue::array();
    for (const TimeShare& s : r.shares) {
        JsonValue share = JsonValue::object();
        share.set("label", JsonValue::string(s.label));
        share.set("time_s", JsonValue::number(to_seconds(s.time)));
        shares.push(std::move(share));
    }
    root.set("shares", std::move(shares));
    return root;
}

int run(Arguments& arguments, std::ostream& out) {
    const std::vector<std::string> kinds = kernel_kinds();
    if (arguments.positionals().empty()) { arguments.problem("kernel needs a kind", "one of " + join(kinds, ", ")); }
    arguments.finish();
    const std::string& kind = arguments.positionals().front();
    bool known = false;
    for (const std::string& k : kinds) { known = known || k == kind; }
    if (!known) {
        throw ConfigError("command line", "", "unknown kernel kind \"" + kind + "\"", suggestion(kind, kinds));
    }
    const SystemConfig system = load_system(find_config("systems", arguments.text("--system", "h800")));
    Answer a;
    a.request = kernel_request(kind, arguments, system);
    KernelContext context;
    context.sms = static_cast<int>(arguments.integer("--sms", system.sm.count, 1, system.sm.count));
    context.exact = arguments.has("--exact");
    a.clock = megahertz(arguments.number("--sm-mhz", 0, 100, 10000));
    arguments.finish();
    a.system = system.name;
    a.sms = context.sms;
    a.compulsory = compulsory_bytes(a.request.kernel);
    a.flops = flops(a.request.kernel);
    check_kernel_size(a.request.kernel, system);
    a.result = time_kernel(a.request.kernel, system, context, a.clock);
    out << (arguments.has("--json") ? write_json(json_of(a)) + "\n" : text_of(a, arguments.has("--explain")));
    return 0;
}

}  // namespace

Verb kernel_verb() {
    Verb v;
    v.name = "kernel";
    v.usage = "kernel KIND [SHAPE OPTIONS] [--system NAME] [--sms N] [--sm-mhz F] [--explain]";
    v.summary = "one kernel alone on one system: time, limiter, traffic, energy";
    v.details = "Kinds: " + join(kernel_kinds(), ", ") +
                ".\nWithout --sm-mhz the clock is what the power cap leaves when "
                "the kernel runs back to back.";
    v.examples = {{"tessera kernel gemm --m 4096 --n 7168 --k 2048 --dtype fp8 --scale block --system h800",
                   "an FP8 GEMM with block scales, as DeepSeek-V3 runs it"},
                  {"tessera kernel attention --pass backward --heads 128 --q-len 4096 --sms 112 --explain",
                   "attention on the 112 SMs that training leaves it, and where its time goes"}};
    v.options = kernel_options();
    v.options.push_back(
        {"--system", "NAME", "shipped system or a file; default h800", false, configuration("systems")});
    v.options.push_back({"--sms", "N", "SMs it may use; default all"});
    v.options.push_back({"--sm-mhz", "F", "SM clock in MHz; default: what the power cap leaves"});
    v.options.push_back({"--explain", "", "where the time goes"});
    v.options.push_back({"--exact", "", "simulate every tile: no folding of SMs, no skipping of periods"});
    v.operands = {{"KIND", "of kernel", one_of(kernel_kinds())}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
