#include "sim/report/perfetto.hpp"

#include "sim/base/json.hpp"
#include "sim/report/sm_lanes.hpp"

#include <cmath>
#include <map>

namespace tessera::report {
namespace {

enum Process : std::int64_t { simulated = 1, hardware = 2, recorded_process = 3 };

JsonValue event(const char* phase, const std::string& name, std::int64_t thread, std::int64_t process = simulated) {
    JsonValue e = JsonValue::object();
    e.set("ph", JsonValue::string(phase));
    e.set("name", JsonValue::string(name));
    e.set("pid", JsonValue::integer(process));
    e.set("tid", JsonValue::integer(thread));
    return e;
}

JsonValue named(const char* key, JsonValue value) {
    JsonValue o = JsonValue::object();
    o.set(key, std::move(value));
    return o;
}

JsonValue metadata(const char* what, std::int64_t thread, const std::string& name, std::int64_t process = simulated) {
    JsonValue e = event("M", what, thread, process);
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

JsonValue complete(const Span& s, std::int64_t thread, std::int64_t process) {
    JsonValue e = event("X", s.name, thread, process);
    e.set("cat", JsonValue::string(s.op_class));
    e.set("ts", JsonValue::number(to_microseconds(s.start)));
    e.set("dur", JsonValue::number(to_microseconds(s.end - s.start)));
    return e;
}

// One thread per stream; `described` adds the arguments that a simulation knows.
void write_streams(JsonValue& events, const Timeline& t, std::int64_t process, bool described) {
    std::map<std::string, std::int64_t> threads;
    for (const std::string& stream : t.streams) {
        const auto id = static_cast<std::int64_t>(threads.size()) + 1;
        threads.emplace(stream, id);
        events.push(metadata("thread_name", id, stream, process));
    }
    for (const Span& s : t.spans) {
        const auto found = threads.find(s.stream);
        JsonValue e = complete(s, found == threads.end() ? 0 : found->second, process);
        if (described) { e.set("args", arguments(s)); }
        events.push(std::move(e));
    }
}

void write_counters(JsonValue& events, const RunResult& run) {
    struct Named {
        const char* name;
        Bytes Traffic::*in;
        Bytes Traffic::*out;
    };
    constexpr Named links[] = {{"NVLink traffic", &Traffic::nvlink_in, &Traffic::nvlink_out},
                               {"NIC traffic", &Traffic::nic_in, &Traffic::nic_out}};
    Counter hbm, power;
    std::map<std::string, Counter> traffic;
    for (const Span& s : run.timeline.spans) {
        const double busy = to_seconds(s.end - s.start);
        if (busy <= 0) { continue; }
        hbm.add(s.start, s.end, to_double(s.traffic.hbm()) / busy * 1e-9);
        power.add(s.start, s.end, s.energy_j / busy);
        for (const Named& l : links) {
            traffic[std::string(l.name) + " in"].add(s.start, s.end, to_double(s.traffic.*l.in) / busy * 1e-9);
            traffic[std::string(l.name) + " out"].add(s.start, s.end, to_double(s.traffic.*l.out) / busy * 1e-9);
        }
    }
    hbm.write(events, "HBM traffic", "GB/s");
    power.write(events, "dynamic power", "W");
    for (const auto& [name, counter] : traffic) { counter.write(events, name.c_str(), "GB/s"); }
    if (run.sm_clock > Frequency::zero()) {
        Counter clock;
        clock.add(Time::zero(), run.timeline.wall, run.sm_clock.raw() * 1e-6);
        clock.write(events, "SM clock", "MHz");
    }
}

// What is not on SMs and not free of hardware either.
const char* engine_of(const Span& s) {
    if (s.sms > 0) { return nullptr; }
    if (s.op_class.rfind("comm_", 0) == 0) { return "communication engines"; }
    if (s.op_class == "copy" || s.op_class == "fill") { return "copy engines"; }
    return nullptr;
}

void write_hardware(JsonValue& events, const Timeline& t, int sms) {
    std::int64_t thread = 0;
    events.push(metadata("process_name", 0, "SMs and engines", hardware));
    for (const SmLane& lane : sm_lanes(t, sms)) {
        events.push(metadata("thread_name", ++thread, lane.name, hardware));
        for (const std::size_t i : lane.spans) { events.push(complete(t.spans[i], thread, hardware)); }
    }
    for (const char* engine : {"communication engines", "copy engines"}) {
        bool named = false;
        for (const Span& s : t.spans) {
            const char* own = engine_of(s);
            if (own == nullptr || std::string_view(own) != engine) { continue; }
            if (!named) { events.push(metadata("thread_name", ++thread, engine, hardware)); }
            named = true;
            events.push(complete(s, thread, hardware));
        }
    }
}

}  // namespace

std::string perfetto_json(const RunResult& run, const PerfettoOptions& options) {
    JsonValue events = JsonValue::array();
    events.push(metadata("process_name", 0, "rank 0, " + run.id));
    write_streams(events, run.timeline, simulated, true);
    write_counters(events, run);
    if (options.sms > 0) { write_hardware(events, run.timeline, options.sms); }
    if (options.recorded != nullptr) {
        events.push(metadata("process_name", 0, "recorded", recorded_process));
        write_streams(events, *options.recorded, recorded_process, false);
    }
    JsonValue root = JsonValue::object();
    root.set("displayTimeUnit", JsonValue::string("ns"));
    root.set("traceEvents", std::move(events));
    return write_json(root, 0) + "\n";
}

}  // namespace tessera::report
