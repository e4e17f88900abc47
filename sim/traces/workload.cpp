#include "sim/traces/workload.hpp"

#include <map>

namespace tessera::traces {

Time ImportedWorkload::wall() const {
    Time end{};
    for (const WorkloadTask& t : tasks) { end = max(end, t.start + t.duration); }
    return end;
}

const std::vector<ChakraMember>& chakra_members() {
    static const std::vector<ChakraMember> all = {
        {"num_ops", &ChakraFacts::num_ops},     {"tensor_size", &ChakraFacts::tensor_size},
        {"comm_size", &ChakraFacts::comm_size}, {"comm_priority", &ChakraFacts::comm_priority},
        {"comm_src", &ChakraFacts::comm_src},   {"comm_dst", &ChakraFacts::comm_dst},
        {"comm_tag", &ChakraFacts::comm_tag},   {"stream", &ChakraFacts::stream},
        {"start_us", &ChakraFacts::start_us},   {"duration_us", &ChakraFacts::duration_us}};
    return all;
}

namespace {

// Times are whole nanoseconds in the file: what profilers resolve.
std::int64_t in_ns(Time t) { return t.raw() / 1'000'000; }

JsonValue texts(const std::vector<std::string>& list) {
    JsonValue a = JsonValue::array();
    for (const std::string& s : list) { a.push(JsonValue::string(s)); }
    return a;
}

JsonValue integers(const std::vector<std::int64_t>& list) {
    JsonValue a = JsonValue::array();
    for (const std::int64_t v : list) { a.push(JsonValue::integer(v)); }
    return a;
}

JsonValue json_of(const ChakraFacts& c) {
    JsonValue o = JsonValue::object();
    o.set("id", JsonValue::integer(c.id));
    o.set("kind", JsonValue::string(c.kind));
    for (const ChakraMember& m : chakra_members()) {
        if (c.*(m.field) >= 0) { o.set(m.name, JsonValue::integer(c.*(m.field))); }
    }
    if (c.is_cpu_op >= 0) { o.set("is_cpu_op", JsonValue::boolean(c.is_cpu_op != 0)); }
    if (!c.collective.empty()) { o.set("collective", JsonValue::string(c.collective)); }
    if (!c.group.empty()) { o.set("group", JsonValue::string(c.group)); }
    if (!c.control.empty()) { o.set("control", integers(c.control)); }
    if (!c.data.empty()) { o.set("data", integers(c.data)); }
    return o;
}

const char* role_name(StreamRole r) {
    return r == StreamRole::compute ? "compute" : r == StreamRole::communication ? "communication" : "copy";
}

JsonValue head_of(const ImportedWorkload& w) {
    JsonValue o = JsonValue::object();
    o.set("schema", JsonValue::string("tessera.workload/1"));
    o.set("name", JsonValue::string(w.name));
    o.set("source", JsonValue::string(w.source));
    o.set("source_file", JsonValue::string(w.source_file));
    o.set("rules", JsonValue::string(w.rules));
    o.set("device", JsonValue::string(w.device));
    o.set("device_sms", JsonValue::integer(w.device_sms));
    o.set("link_sms", JsonValue::integer(w.link_sms));
    o.set("rank", JsonValue::integer(w.rank));
    o.set("ranks", JsonValue::integer(w.ranks));
    JsonValue streams = JsonValue::array();
    for (const Stream& s : w.streams) {
        JsonValue v = JsonValue::object();
        v.set("name", JsonValue::string(s.name));
        v.set("role", JsonValue::string(role_name(s.role)));
        streams.push(std::move(v));
    }
    o.set("streams", std::move(streams));
    JsonValue notes = JsonValue::array();
    for (const WorkloadNote& n : w.notes) {
        JsonValue v = JsonValue::object();
        v.set("what", JsonValue::string(n.what));
        v.set("count", JsonValue::integer(n.count));
        if (!n.first.empty()) { v.set("first", texts(n.first)); }
        notes.push(std::move(v));
    }
    o.set("notes", std::move(notes));
    if (!w.groups.empty()) {
        JsonValue groups = JsonValue::object();
        for (const auto& [name, ranks] : w.groups) { groups.set(name, integers(ranks)); }
        o.set("groups", std::move(groups));
    }
    return o;
}

JsonValue json_of(const WorkloadTask& t, std::size_t kernel_name) {
    JsonValue o = JsonValue::object();
    o.set("name", JsonValue::string(t.name));
    o.set("role", JsonValue::string(t.role));
    o.set("class", JsonValue::string(t.op_class));
    if (!t.region.empty()) { o.set("region", JsonValue::string(t.region)); }
    if (t.iteration != 0) { o.set("iteration", JsonValue::integer(t.iteration)); }
    if (t.pass != TaskPass::other) { o.set("pass", JsonValue::string(std::string(to_string(t.pass)))); }
    o.set("recorded_as", JsonValue::integer(static_cast<std::int64_t>(kernel_name)));
    o.set("stream", JsonValue::integer(t.stream));
    o.set("start_ns", JsonValue::integer(in_ns(t.start)));
    o.set("duration_ns", JsonValue::integer(in_ns(t.duration)));
    o.set("gap_ns", JsonValue::integer(in_ns(t.gap)));
    if (!t.after.empty()) {
        JsonValue after = JsonValue::array();
        for (const int d : t.after) { after.push(JsonValue::integer(d)); }
        o.set("after", std::move(after));
    }
    if (t.sms != 0) { o.set("sms", JsonValue::integer(t.sms)); }
    if (t.beside_links) { o.set("beside_links", JsonValue::boolean(true)); }
    if (t.bytes != Bytes::zero()) { o.set("bytes", JsonValue::integer(t.bytes.raw())); }
    if (t.kernel) {
        o.set("kernel", *t.kernel);
        o.set("reads", texts(t.reads));
        o.set("writes", texts(t.writes));
    }
    if (t.chakra) { o.set("chakra", json_of(*t.chakra)); }
    return o;
}

}  // namespace

// One task a line, put together as text: a tree of a hundred thousand of them would take more memory than the trace.
std::string to_json(const ImportedWorkload& w) {
    std::map<std::string, std::size_t> index;
    std::vector<std::string> names;
    for (const WorkloadTask& t : w.tasks) {
        if (index.try_emplace(t.kernel_name, names.size()).second) { names.push_back(t.kernel_name); }
    }
    std::string out = write_json(head_of(w), 1);
    out.erase(out.find_last_of('}'));
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) { out.pop_back(); }
    out += ",\n \"recorded_names\": [";
    for (std::size_t i = 0; i < names.size(); ++i) {
        out += (i == 0 ? "\n  " : ",\n  ") + write_json(JsonValue::string(names[i]), 0);
    }
    out += "\n ],\n \"tasks\": [";
    for (std::size_t i = 0; i < w.tasks.size(); ++i) {
        out += (i == 0 ? "\n  " : ",\n  ") + write_json(json_of(w.tasks[i], index.at(w.tasks[i].kernel_name)), 0);
    }
    return out + "\n ]\n}\n";
}

}  // namespace tessera::traces
