#include "sim/result/result_json.hpp"

#include "sim/result/archive.hpp"

namespace tessera {

const char compare_schema[] = "tessera.compare/1";
const char run_schema[] = "tessera.run/1";

template <class Archive>
void describe(Archive& a, Traffic& t) {
    a.field("hbm_read_bytes", t.hbm_read);
    a.field("hbm_write_bytes", t.hbm_write);
    a.field("l2_read_bytes", t.l2_read);
    a.field("l2_write_bytes", t.l2_write);
    a.field("smem_bytes", t.smem);
    a.field("nvlink_out_bytes", t.nvlink_out);
    a.field("nvlink_in_bytes", t.nvlink_in);
    a.field("nic_out_bytes", t.nic_out);
    a.field("nic_in_bytes", t.nic_in);
}

template <class Archive>
void describe(Archive& a, EnergyUse& e) {
    a.field("tensor_j", e.tensor);
    a.field("cuda_j", e.cuda);
    a.field("smem_j", e.smem);
    a.field("l2_j", e.l2);
    a.field("hbm_j", e.hbm);
    a.field("link_j", e.link);
    a.field("engine_j", e.engine);
}

template <class Archive>
void describe(Archive& a, Estimate& e) {
    a.field("low", e.low);
    a.field("nominal", e.nominal);
    a.field("high", e.high);
}

template <class Archive>
void describe(Archive& a, Span& s) {
    a.field("start_s", s.start);
    a.field("end_s", s.end);
    a.field("task", s.task);
    a.field("name", s.name);
    a.field("role", s.role);
    a.field("op_class", s.op_class);
    a.field("region", s.region);
    a.field("stream", s.stream);
    a.field("iteration", s.iteration);
    a.field("pass", s.pass);
    a.field("alone_s", s.alone);
    a.field("waited_s", s.waited);
    a.field("limiter", s.limiter);
    a.field("sms", s.sms);
    a.field("kernels", s.kernels);
    a.field("critical", s.critical);
    a.field("energy_j", s.energy_j);
    describe(a, s.traffic);
}

template <class Archive>
void describe(Archive& a, Timeline& t) {
    a.field("streams", t.streams);
    a.field("wall_s", t.wall);
    a.field("gap_s", t.gap_time);
    a.field("critical_by_wait_s", t.critical_by_wait);
    a.table("spans", t.spans);
}

template <class Archive>
void describe(Archive& a, ClassTotal& c) {
    a.field("op_class", c.op_class);
    a.field("kernels", c.kernels);
    a.field("time_s", c.time);
    a.field("critical_s", c.critical);
    a.field("flops", c.flops);
    a.field("energy_j", c.energy_j);
    a.derived("hbm_bytes", c.traffic.hbm());
    a.group("traffic", c.traffic);
}

std::map<std::string, double> breakdown(const RunResult& r) {
    std::map<std::string, double> seconds_by_class;
    for (const ClassTotal& c : r.classes) { seconds_by_class[c.op_class] = to_seconds(c.time); }
    return seconds_by_class;
}

template <class Archive>
void describe(Archive& a, SharingLoss& l) {
    a.field("hbm_s", l.hbm);
    a.field("l2_s", l.l2);
    a.field("links_s", l.links);
}

template <class Archive>
void describe(Archive& a, CommunicationCost& c) {
    a.field("sms", c.sms);
    a.field("sm_share", c.sm_share);
    a.field("moving_s", c.moving);
    a.field("waited_s", c.waited);
    a.group("compute_lost", c.compute);
    a.group("exchanges_lost", c.moved);
    a.field("below_max_clock_s", c.below_max_clock);
}

template <class Archive>
void describe_head(Archive& a, RunResult& r) {
    a.field("id", r.id);
    a.field("proposals", r.proposals);
    a.field("time_s", r.time);
}

template <class Archive>
void describe_rest(Archive& a, RunResult& r) {
    a.derived("hbm_bytes", r.traffic.hbm());
    a.field("energy_j", r.energy_j);
    a.recent_group("energy", r.energy, r.energy_recorded);
    a.recent_field("idle_energy_j", r.idle_energy_j, r.energy_recorded);
    a.field("limiter", r.limiter);
    a.derived("breakdown", breakdown(r));
    a.field("critical_share", r.critical_share);
    a.field("sm_clock_hz", r.sm_clock);
    a.field("average_power_w", r.average_power_w);
    a.field("sm_utilization", r.sm_utilization);
    a.field("tensor_utilization", r.tensor_utilization);
    a.field("hbm_utilization", r.hbm_utilization);
    a.field("numeric_error", r.numeric_error);
    a.some("figures", r.figures);
    a.group("traffic", r.traffic);
    a.recent_group("communication", r.communication, r.communication_recorded);
    a.list("classes", r.classes);
    a.group("timeline", r.timeline);
}

template <class Archive>
void describe(Archive& a, RunResult& r) {
    describe_head(a, r);
    describe_rest(a, r);
}

template <class Archive>
void describe(Archive& a, VariantOutcome& v) {
    describe_head(a, v.result);
    a.field("speedup", v.speedup);
    a.field("bound_speedup", v.bound_speedup);
    a.field("bound_reason", v.bound_reason);
    a.recent_group("area_mm2", v.area_mm2, v.silicon_recorded);
    a.recent_group("cost_usd", v.cost_usd, v.silicon_recorded);
    describe_rest(a, v.result);
    a.list("removed", v.removed);
    a.list("added", v.added);
}

namespace {

// A document of `schema` whose fields `visit` describes, with the provenance as an object of its own.
template <class Visit>
JsonValue document(const char* schema, const std::string& provenance, const Visit& visit) {
    result::JsonOut out;
    out.object.set("schema", JsonValue::string(schema));
    visit(out);
    out.object.set("provenance", provenance.empty() ? JsonValue::object() : parse_json(provenance, "provenance"));
    return std::move(out.object);
}

template <class Visit>
std::string read_document(const char* schema, const JsonValue& root, const std::string& file, const Visit& visit) {
    const result::Place place{&file, ""};
    std::string found;
    result::from_value(result::member(root, place, "schema"), place.at("schema"), found);
    if (found != schema) { place.at("schema").fail(std::string("\"") + schema + "\", not \"" + found + "\""); }
    result::JsonIn in(root, place);
    visit(in);
    const JsonValue& provenance = result::member(root, place, "provenance");
    return write_json(provenance);
}

template <class Archive>
void describe_frame(Archive& a, Comparison& c) {
    a.field("workload", c.workload);
    a.field("system", c.system);
    a.field("code_version", c.code_version);
    a.group("baseline", c.baseline);
    a.list("variants", c.variants);
}

template <class Archive>
void describe_frame(Archive& a, RunDocument& d) {
    a.field("workload", d.workload);
    a.field("system", d.system);
    a.field("code_version", d.code_version);
    a.group("run", d.run);
}

template <class T>
std::string write_document(const char* schema, const T& value, int indent) {
    T copy = value;  // archives visit by reference in both directions
    return write_json(document(schema, value.provenance_json, [&](auto& a) { describe_frame(a, copy); }), indent);
}

template <class T>
T read_whole(const char* schema, const JsonValue& root, const std::string& file) {
    T value;
    value.provenance_json = read_document(schema, root, file, [&](auto& a) { describe_frame(a, value); });
    return value;
}

}  // namespace

std::string to_json(const Comparison& c, int indent) { return write_document(compare_schema, c, indent); }
std::string to_json(const RunDocument& d, int indent) { return write_document(run_schema, d, indent); }

std::string to_json(const RunResult& r, int indent) {
    RunResult copy = r;
    result::JsonOut out;
    describe(out, copy);
    return write_json(out.object, indent);
}

Comparison comparison_from_json(const std::string& text, const std::string& file) {
    return comparison_from_json(parse_json(text, file), file);
}

RunDocument run_from_json(const std::string& text, const std::string& file) {
    return run_from_json(parse_json(text, file), file);
}

std::string schema_of(const JsonValue& root) {
    const JsonValue* schema = root.is_object() ? root.find("schema") : nullptr;
    return schema != nullptr && schema->is_string() ? schema->as_string() : std::string();
}

Comparison comparison_from_json(const JsonValue& root, const std::string& file) {
    return read_whole<Comparison>(compare_schema, root, file);
}

RunDocument run_from_json(const JsonValue& root, const std::string& file) {
    return read_whole<RunDocument>(run_schema, root, file);
}

RunResult run_result_from_json(const std::string& text, const std::string& file) {
    const JsonValue root = parse_json(text, file);
    RunResult r;
    result::JsonIn in(root, {&file, ""});
    describe(in, r);
    return r;
}

}  // namespace tessera
