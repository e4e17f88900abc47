#include "sim/sweep/point.hpp"

#include "models/proposals/selection.hpp"
#include "sim/app/compare.hpp"
#include "sim/app/run.hpp"
#include "sim/base/error.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

namespace tessera::sweep {
namespace {

constexpr char proposals_path[] = "proposals";

bool about_proposals(const std::string& path) {
    return path == proposals_path || path.rfind(std::string(proposals_path) + ".", 0) == 0;
}

[[noreturn]] void refuse(const Setting& s, const std::string& message, const std::string& hint) {
    std::string pointer = "/" + s.path;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    throw ConfigError(setting_origin, pointer, message, hint);
}

// The proposals of a point: whole choices first, then single ones, then parameters.
class Choices {
public:
    explicit Choices(std::vector<ProposalChoice> base) : list_(std::move(base)) {}

    void toggle(const std::string& slug, const Setting& s) {
        const JsonValue v = parse_json(s.value, setting_origin);
        if (v.kind() != JsonValue::Kind::boolean) { refuse(s, "expected true or false, found " + s.value, ""); }
        decided_.push_back(slug);
        if (v.as_boolean()) {
            find(slug);
        } else {
            list_.erase(std::remove_if(list_.begin(), list_.end(), [&](const auto& c) { return c.slug == slug; }),
                        list_.end());
        }
    }

    void parameter(const std::string& slug, const std::string& name, const Setting& s) {
        const bool decided = std::find(decided_.begin(), decided_.end(), slug) != decided_.end();
        const bool on = std::any_of(list_.begin(), list_.end(), [&](const auto& c) { return c.slug == slug; });
        if (decided && !on) { return; }  // off at this point: its parameters mean nothing
        find(slug).parameters[name] = s.value;
    }

    std::vector<ProposalChoice> take() { return std::move(list_); }

private:
    ProposalChoice& find(const std::string& slug) {
        const auto it = std::find_if(list_.begin(), list_.end(), [&](const auto& c) { return c.slug == slug; });
        return it != list_.end() ? *it : (list_.push_back({slug, {}}), list_.back());
    }
    std::vector<ProposalChoice> list_;
    std::vector<std::string> decided_;
};

void choose_proposals(RunConfig& config, const std::vector<Setting>& settings) {
    Choices choices(std::move(config.proposals));
    const std::size_t head = std::string(proposals_path).size() + 1;
    for (const bool parameters : {false, true}) {
        for (const Setting& s : settings) {
            if (!about_proposals(s.path) || s.path == proposals_path) { continue; }
            const std::size_t dot = s.path.find('.', head);
            if (parameters != (dot != std::string::npos)) { continue; }
            const std::string slug = s.path.substr(head, dot - head);
            if (parameters) {
                choices.parameter(slug, s.path.substr(dot + 1), s);
            } else {
                choices.toggle(slug, s);
            }
        }
    }
    config.proposals = choices.take();
    select_proposals(config.proposals, setting_origin);
}

JsonValue number(double v) { return JsonValue::number(v); }

JsonValue estimate_json(const Estimate& e) {
    JsonValue v = JsonValue::object();
    v.set("low", number(e.low));
    v.set("nominal", number(e.nominal));
    v.set("high", number(e.high));
    return v;
}

std::string hexadecimal(std::uint64_t v) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(v));
    return text;
}

std::uint64_t hash_of_content(std::ifstream& file) {
    Hasher h;
    std::vector<char> block(std::size_t{1} << 20);
    while (file) {
        file.read(block.data(), static_cast<std::streamsize>(block.size()));
        const auto n = static_cast<std::size_t>(file.gcount());
        for (std::size_t i = 0; i + 8 <= n; i += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, block.data() + i, 8);
            h.word(word);
        }
        h.add(std::string_view(block.data() + n / 8 * 8, n % 8));
    }
    return h.value();
}

// Of a file that points name: read once as long as it stays the same.
std::uint64_t hash_of_file(const std::string& path) {
    struct Known {
        std::uintmax_t size = 0;
        std::filesystem::file_time_type written;
        std::uint64_t hash = 0;
    };
    static std::map<std::string, Known> known;
    std::error_code failed;
    Known now{std::filesystem::file_size(path, failed), {}, 0};
    if (!failed) { now.written = std::filesystem::last_write_time(path, failed); }
    std::ifstream file(path, std::ios::binary);
    if (failed || !file) { throw ConfigError(path, "", "cannot be read"); }
    const auto before = known.find(path);
    if (before != known.end() && before->second.size == now.size && before->second.written == now.written) {
        return before->second.hash;
    }
    now.hash = hash_of_content(file);
    return (known[path] = now).hash;
}

}  // namespace

const std::vector<std::string>& objective_names() {
    static const std::vector<std::string> names = {"time_s",    "energy_j", "average_power_w", "area_mm2",
                                                   "hbm_bytes", "l2_bytes", "numeric_error"};
    return names;
}

double figure(const JsonValue& result, const std::string& objective) {
    const JsonValue* v = result.find(objective);
    invariant(v != nullptr, "a result lacks an objective");
    return v->is_object() ? v->find("nominal")->as_double() : v->as_double();
}

RunConfig configure(const SweepConfig& sweep, const std::vector<Setting>& settings) {
    std::vector<std::string> sets = sweep.sets;
    for (const Setting& s : settings) {
        if (s.path == proposals_path || !about_proposals(s.path)) { sets.push_back(s.path + "=" + s.value); }
    }
    RunConfig config = load_run_config(sweep.base, sets);
    choose_proposals(config, settings);
    record_changes(config, "sweep");
    return config;
}

std::string key_of(const RunConfig& config) {
    Hasher h;
    RunConfig plain = config;
    plain.name.clear();
    plain.compare = {};
    plain.proposals.clear();
    plain.system.name.clear();
    plain.workload.name.clear();
    if (!plain.workload.file.empty()) {
        h.word(hash_of_file(plain.workload.file));  // what it says counts, not where it lies
        plain.workload.file = "imported";
    }
    h.add(std::string_view(write_json(parse_json(to_json(plain), "configuration"), 0)));
    for (const ActiveProposal& a : select_proposals(config.proposals, config.name)) {
        h.add(a.proposal->slug());
        for (const auto& [name, value] : a.values) { h.add(std::string_view(name)).add(value); }
    }
    return hexadecimal(h.value());
}

std::string code_fingerprint() {
    static const std::string fingerprint = code_version() + "-" + [] {
        std::ifstream program("/proc/self/exe", std::ios::binary);
        return hexadecimal(hash_of_content(program));
    }();
    return fingerprint;
}

JsonValue simulate(const RunConfig& config, TimerPool& timers) {
    const RunResult r = run(config, timers, {});
    JsonValue v = JsonValue::object();
    JsonValue& proposals = v.set("proposals", JsonValue::array());
    for (const std::string& slug : r.proposals) { proposals.push(JsonValue::string(slug)); }
    v.set("time_s", number(to_seconds(r.time)));
    v.set("energy_j", number(r.energy_j));
    JsonValue& energy = v.set("energy", JsonValue::object());
    const std::pair<const char*, double> components[] = {
        {"tensor_j", r.energy.tensor.raw()}, {"cuda_j", r.energy.cuda.raw()}, {"smem_j", r.energy.smem.raw()},
        {"l2_j", r.energy.l2.raw()},         {"hbm_j", r.energy.hbm.raw()},   {"link_j", r.energy.link.raw()},
        {"engine_j", r.energy.engine.raw()}, {"idle_j", r.idle_energy_j}};
    for (const auto& [name, joules] : components) { energy.set(name, number(joules)); }
    const std::vector<ActiveProposal> active = select_proposals(config.proposals, config.name);
    const AreaParts silicon = area_of(configured(config.system, active), active);
    v.set("area_mm2", estimate_json(total_area(silicon)));
    v.set("cost_usd", estimate_json(cost_usd(silicon)));
    v.set("average_power_w", number(r.average_power_w));
    v.set("sm_clock_hz", number(r.sm_clock.raw()));
    v.set("limiter", JsonValue::string(std::string(to_string(r.limiter))));
    v.set("hbm_bytes", JsonValue::integer(r.traffic.hbm().raw()));
    v.set("l2_bytes", JsonValue::integer(r.traffic.l2().raw()));
    v.set("nvlink_bytes", JsonValue::integer((r.traffic.nvlink_out + r.traffic.nvlink_in).raw()));
    v.set("nic_bytes", JsonValue::integer((r.traffic.nic_out + r.traffic.nic_in).raw()));
    v.set("sm_utilization", number(r.sm_utilization));
    v.set("tensor_utilization", number(r.tensor_utilization));
    v.set("hbm_utilization", number(r.hbm_utilization));
    v.set("numeric_error", number(r.numeric_error));
    JsonValue& breakdown = v.set("breakdown", JsonValue::object());
    for (const ClassTotal& c : r.classes) { breakdown.set(c.op_class, number(to_seconds(c.time))); }
    return v;
}

JsonValue estimate(const RunConfig& config) {
    TimerPool timers(analytic_devices());
    JsonValue v = JsonValue::object();
    v.set("time_s", number(to_seconds(run(config, timers, {}).time)));
    return v;
}

}  // namespace tessera::sweep
