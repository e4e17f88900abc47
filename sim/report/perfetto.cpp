#include "sim/report/perfetto.hpp"

#include "sim/base/json.hpp"

#include <cmath>
#include <map>

namespace tessera::report {
namespace {

constexpr std::int64_t kProcess = 1;

JsonValue event(const char* phase, const std::string& name, std::int64_t thread) {
    JsonValue e = JsonValue::object();
    e.set("ph", JsonValue::string(phase));
    e.set("name", JsonValue::string(name));
    e.set("pid", JsonValue::integer(kProcess));
    e.set("tid", JsonValue::integer(thread));
    return e;
}

JsonValue named(const char* key, JsonValue value) {
    JsonValue o = JsonValue::object();
    o.set(key, std::move(value));
    return o;
}

JsonValue metadata(const char* what, std::int64_t thread, const std::string& name) {
    JsonValue e = event("M", what, thread);
    e.set("args", named("name", JsonValue::string(name)));
    return e;
}

JsonValue arguments(const Span& s) {
    JsonValue a = JsonValue::object();
    a.set("class", JsonValue::string(s.op_class));
    a.set("role", JsonValue::string(s.role));
    a.set("region", JsonValue::string(s.region));
    a.set("iteration", JsonValue::integer(s.iteration));
    a.set("limiter", JsonValue::string(std::string(to_string(s.limiter))));
    a.set("critical", JsonValue::boolean(s.critical));
    a.set("alone_us", JsonValue::number(to_microseconds(s.alone)));
    a.set("waited_us", JsonValue::number(to_microseconds(s.waited)));
    a.set("sms", JsonValue::integer(s.sms));
    a.set("kernels", JsonValue::integer(s.kernels));
    a.set("hbm_bytes", JsonValue::integer(s.traffic.hbm().raw()));
    a.set("l2_bytes", JsonValue::integer(s.traffic.l2().raw()));
    a.set("nvlink_bytes", JsonValue::integer((s.traffic.nvlink_out + s.traffic.nvlink_in).raw()));
    a.set("nic_bytes", JsonValue::integer((s.traffic.nic_out + s.traffic.nic_in).raw()));
    return a;
}

// A step function of time from rates that hold over spans.
class Counter {
public:
    void add(Time start, Time end, double rate) {
        if (end <= start || rate == 0) { return; }
        steps_[start] += rate;
        steps_[end] -= rate;
    }
    void write(JsonValue& events, const char* name, const char* unit) const {
        double level = 0;
        for (const auto& [at, change] : steps_) {
            level += change;
            JsonValue e = event("C", name, 0);
            e.set("ts", JsonValue::number(to_microseconds(at)));
            // Sums of rates that cancel leave rounding of the size of 1e-16: not below zero, three decimals.
            const double shown = level < 5e-4 ? 0.0 : std::round(level * 1e3) / 1e3;
            e.set("args", named(unit, JsonValue::number(shown)));
            events.push(std::move(e));
        }
    }

private:
    std::map<Time, double> steps_;
};

}  // namespace

std::string perfetto_json(const RunResult& run) {
    const Timeline& t = run.timeline;
    JsonValue events = JsonValue::array();
    events.push(metadata("process_name", 0, "rank 0, " + run.id));
    std::map<std::string, std::int64_t> threads;
    for (const std::string& stream : t.streams) {
        const auto id = static_cast<std::int64_t>(threads.size()) + 1;
        threads.emplace(stream, id);
        events.push(metadata("thread_name", id, stream));
    }
    Counter hbm, power;
    for (const Span& s : t.spans) {
        const auto found = threads.find(s.stream);
        JsonValue e = event("X", s.name, found == threads.end() ? 0 : found->second);
        e.set("cat", JsonValue::string(s.op_class));
        e.set("ts", JsonValue::number(to_microseconds(s.start)));
        e.set("dur", JsonValue::number(to_microseconds(s.end - s.start)));
        e.set("args", arguments(s));
        events.push(std::move(e));
        const double seconds_busy = to_seconds(s.end - s.start);
        if (seconds_busy > 0) {
            hbm.add(s.start, s.end, to_double(s.traffic.hbm()) / seconds_busy * 1e-9);
            power.add(s.start, s.end, s.energy_j / seconds_busy);
        }
    }
    hbm.write(events, "HBM traffic", "GB/s");
    power.write(events, "dynamic power", "W");
    JsonValue root = JsonValue::object();
    root.set("displayTimeUnit", JsonValue::string("ns"));
    root.set("traceEvents", std::move(events));
    return write_json(root, 0) + "\n";
}

}  // namespace tessera::report
