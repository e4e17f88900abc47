#include "sim/app/measured/overlap.hpp"

#include "models/device/device.hpp"
#include "models/power/clock_session.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/kernel_case.hpp"
#include "sim/app/measured/made_case.hpp"
#include "sim/base/error.hpp"
#include "sim/replay/replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tessera::measured {
namespace {

constexpr int kGraph = 8;     // GEMMs a graph
constexpr int kReplays = 2;   // of it, in front
constexpr int kLongest = 64;  // queue that is simulated: more of the same changes nothing

class Prices : public KernelPrices {
public:
    Prices(const SystemConfig& system, std::vector<KernelDesc> kernels, Frequency clock)
        : timer_(system), kernels_(std::move(kernels)), clock_(clock) {}
    const KernelResult& price(int kernel, int sms) override {
        const auto known = known_.find({kernel, sms});
        if (known != known_.end()) { return known->second; }
        KernelContext context;
        context.sms = sms;
        context.sm_clock = clock_;
        const KernelResult r = timer_.time(kernels_.at(static_cast<std::size_t>(kernel)), context);
        return known_.emplace(std::pair{kernel, sms}, r).first->second;
    }

private:
    DeviceTimer timer_;
    std::vector<KernelDesc> kernels_;
    Frequency clock_;
    std::map<std::pair<int, int>, KernelResult> known_;
};

struct Queues {
    Launch gemm, copy;
    Overlapping asked = Overlapping::gemm;
};

// `front` launches of one kernel on a stream, and `behind` of the other on another that was launched before.
Time time_of_front(const Queues& q, const SystemConfig& system, Frequency clock, Prices& prices, int front,
                   int behind) {
    TaskGraph graph;
    graph.streams = {{"behind", StreamRole::compute, 0}, {"front", StreamRole::compute, 0}};
    ReplayInput input;
    input.ranks.resize(1);
    const bool gemm_in_front = q.asked == Overlapping::gemm;
    const auto queue = [&](StreamId stream, bool gemm, int count) {
        for (int i = 0; i < count; ++i) {
            Task t;
            t.id = static_cast<TaskId>(graph.tasks.size());
            t.name = std::to_string(t.id);
            t.stream = stream;
            t.kernel = gemm ? q.gemm.kernel : q.copy.kernel;
            t.sms = gemm && q.gemm.sms < system.sm.count ? q.gemm.sms : 0;
            graph.tasks.push_back(std::move(t));
            input.ranks[0].kernels.push_back(gemm ? 0 : 1);
        }
    };
    queue(0, !gemm_in_front, behind);
    queue(1, gemm_in_front, front);
    input.graph = &graph;
    input.system = &system;
    input.sm_clock = clock;
    const ReplayOutcome done = replay(input, prices);
    Time end{};
    for (const Span& s : done.timeline.spans) {
        if (s.stream == "front") { end = max(end, s.end); }
    }
    return end;
}

Prediction speed(const Queues& q, const SystemConfig& system) {
    // The GEMM's power sets the clock, for some milliseconds the one that the limit of the moment allows.
    KernelContext context;
    context.sms = q.gemm.sms;
    context.sm_clock = system.power.sustained_clock;
    Activity load;
    load.reference = context.sm_clock;
    {
        DeviceTimer timer(system);
        const KernelResult r = timer.time(q.gemm.kernel, context);
        load.energy = r.energy;
        load.clock_time = r.time * r.clock_bound;
        load.fixed_time = r.time - load.clock_time;
        load.tensor = true;
    }
    const Frequency clock = ClockSession(system.power).run(load, milliseconds(5));
    Prices prices(system, {q.gemm.kernel, q.copy.kernel}, clock);
    const bool gemm = q.asked == Overlapping::gemm;
    const Time gemm_time = prices.price(0, q.gemm.sms).time, copy_time = prices.price(1, system.sm.count).time;
    const double graphs = kGraph * (gemm_time / copy_time);
    int front = kGraph * kReplays, behind = std::max(2, static_cast<int>(std::ceil(kReplays * graphs * 3)));
    if (!gemm) {
        front = std::max(2, static_cast<int>(std::ceil(graphs * 1.5)));
        behind = kGraph * std::max(2, static_cast<int>(std::ceil(front / graphs * 3)));
    }
    front = std::min(front, kLongest);
    behind = std::min(behind, kLongest);
    const Time together = time_of_front(q, system, clock, prices, front, behind);
    if (gemm) { return {time_of_front(q, system, clock, prices, front, 0) / together, ""}; }
    const Frequency rested = system.power.max_clock;  // copies alone stay below every limit
    Prices own(system, {q.gemm.kernel, q.copy.kernel}, rested);
    return {time_of_front(q, system, rested, own, front, 0) / together, ""};
}

Launch one(const JsonCursor& c, JsonValue kernel) {
    kernel.set("dtype", c.at("dtype").value());
    return kernel_launches(JsonCursor(kernel, c.file(), c.pointer())).front();
}

// "memcpy": the driver's; "copyN": N persistent blocks of 1,024 threads.
Launch copy_of(const JsonCursor& c) {
    const std::string name = c.text("copy");
    const auto moved = static_cast<std::int64_t>(positive_up_to(c.at("copy_alone_gbs"), 1e5) *
                                                 positive_up_to(c.at("copy_alone_us"), 1e7) * 1e3 / 2);
    if (name == "memcpy") { return one(c, driver_copy(moved)); }
    JsonValue k = JsonValue::object();
    const bool numbered = name.rfind("copy", 0) == 0 && name.size() > 4 && name.size() < 8 &&
                          std::all_of(name.begin() + 4, name.end(), [](char d) { return d >= '0' && d <= '9'; });
    const std::int64_t blocks = numbered ? std::stoll(name.substr(4)) : 0;
    if (blocks <= 0) { c.at("copy").fail("expected \"memcpy\" or \"copy\" and a number of thread blocks"); }
    k.set("family", JsonValue::string("copy_ctas"));
    k.set("shape", made_shape({{"ctas", blocks}, {"bytes_each_way", moved / 65536 * 65536}}));
    k.set("kernels", made_launch("copy_persist", blocks, 1024));
    return one(c, k);
}

}  // namespace

void read_overlap(const JsonCursor& c, Case& out, Overlapping asked) {
    const bool of_gemm = asked == Overlapping::gemm;
    Queues q;
    q.asked = asked;
    JsonValue gemm = JsonValue::object();
    gemm.set("family", JsonValue::string("gemm"));
    gemm.set("variant", c.at("gemm").value());
    gemm.set("shape", c.at("shape").value());
    // The framework hands its carve-out to scaled products only: BF16 ones take every SM whatever it says.
    const bool scaled = c.text("gemm").rfind("fp8", 0) == 0;
    if (scaled && c.has("carve")) { gemm.set("carve", c.at("carve").value()); }
    q.gemm = one(c, gemm);
    q.copy = copy_of(c);
    out.variant = of_gemm ? c.text("gemm") + " beside " + c.text("copy") : c.text("copy") + " beside " + c.text("gemm");
    out.unit = "ratio";
    out.judged = Judged::by_difference;
    out.measured = 1 / c.positive(of_gemm ? "gemm_slowdown" : "copy_slowdown");
    out.probe = [q](const SystemConfig& system, Frequency) { return speed(q, system); };
}

}  // namespace tessera::measured
