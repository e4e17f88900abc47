// JSON Schemas of workload and rule files.
#include "sim/traces/kernel_form.hpp"
#include "sim/traces/rules.hpp"
#include "sim/traces/workload.hpp"

namespace tessera::traces {
namespace {

JsonValue object(std::vector<std::pair<std::string, JsonValue>> members) {
    JsonValue o = JsonValue::object();
    for (auto& [key, value] : members) { o.set(key, std::move(value)); }
    return o;
}

JsonValue texts(const std::vector<std::string>& list) {
    JsonValue a = JsonValue::array();
    for (const std::string& s : list) { a.push(JsonValue::string(s)); }
    return a;
}

JsonValue typed(const char* type, const char* doc = nullptr) {
    JsonValue o = object({{"type", JsonValue::string(type)}});
    if (doc != nullptr) { o.set("description", JsonValue::string(doc)); }
    return o;
}

JsonValue one_of(const std::vector<std::string>& names) { return object({{"enum", texts(names)}}); }

JsonValue list_of(JsonValue item) { return object({{"type", JsonValue::string("array")}, {"items", std::move(item)}}); }

JsonValue closed(JsonValue properties, const std::vector<std::string>& required) {
    return object({{"type", JsonValue::string("object")},
                   {"properties", std::move(properties)},
                   {"required", texts(required)},
                   {"additionalProperties", JsonValue::boolean(false)}});
}

JsonValue any_of(std::vector<JsonValue> options) {
    JsonValue list = JsonValue::array();
    for (JsonValue& o : options) { list.push(std::move(o)); }
    return object({{"anyOf", std::move(list)}});
}

JsonValue formula() { return any_of({typed("integer"), typed("string", "a formula")}); }

JsonValue map_of(JsonValue value) {
    return object({{"type", JsonValue::string("object")}, {"additionalProperties", std::move(value)}});
}

// One alternative per kind; in rules, numbers may be formulas.
JsonValue kernel_schema(bool formulas) {
    std::vector<JsonValue> kinds;
    for (const std::string& kind : form_kinds()) {
        JsonValue properties = JsonValue::object();
        properties.set("kind", one_of({kind}));
        std::vector<std::string> required = {"kind"};
        for (const FormParameter& p : form_parameters(kind)) {
            switch (p.kind) {
                case FormParameter::Kind::integer:
                    properties.set(p.name, formulas ? formula() : typed("integer"));
                    break;
                case FormParameter::Kind::flag: properties.set(p.name, typed("boolean")); break;
                case FormParameter::Kind::choice: properties.set(p.name, one_of(p.choices)); break;
                case FormParameter::Kind::integers:
                    if (!formulas) { properties.set(p.name, list_of(typed("integer"))); }
                    break;
            }
            if (p.required) { required.push_back(p.name); }
        }
        kinds.push_back(closed(std::move(properties), required));
    }
    return any_of(std::move(kinds));
}

JsonValue passes() {
    std::vector<std::string> names;
    for (const TaskPass p : {TaskPass::forward, TaskPass::backward, TaskPass::weight, TaskPass::recompute,
                             TaskPass::optimizer, TaskPass::other}) {
        names.emplace_back(to_string(p));
    }
    return one_of(names);
}

JsonValue task_schema() {
    JsonValue chakra = JsonValue::object();
    chakra.set("id", typed("integer"));
    chakra.set("kind", typed("string"));
    for (const ChakraMember& m : chakra_members()) { chakra.set(m.name, typed("integer")); }
    chakra.set("is_cpu_op", typed("boolean"));
    chakra.set("collective", typed("string"));
    chakra.set("group", typed("string"));
    chakra.set("control", list_of(typed("integer")));
    chakra.set("data", list_of(typed("integer")));
    JsonValue p = object({{"name", typed("string", "unique")},
                          {"role", typed("string", "what it is irrespective of layer")},
                          {"class", typed("string", "reports and bounds go by it")},
                          {"region", typed("string", "the program's named range")},
                          {"iteration", typed("integer")},
                          {"pass", passes()},
                          {"recorded_as", typed("integer", "index into recorded_names")},
                          {"stream", typed("integer", "index into streams")},
                          {"start_ns", typed("integer")},
                          {"duration_ns", typed("integer")},
                          {"gap_ns", typed("integer", "from the end of all it waited for to its start")},
                          {"after", list_of(typed("integer", "an earlier task of another stream that it waits for"))},
                          {"sms", typed("integer", "of a persistent grid")},
                          {"beside_links", typed("boolean", "half of it ran beside kernels that drive links")},
                          {"bytes", typed("integer", "of a copy or fill")},
                          {"kernel", kernel_schema(false)},
                          {"reads", list_of(typed("string", "a tensor, in the order of the kernel's operands"))},
                          {"writes", list_of(typed("string"))},
                          {"chakra", closed(std::move(chakra), {"id", "kind"})}});
    return closed(std::move(p), {"name", "role", "class", "stream", "start_ns", "duration_ns"});
}

std::string document(const char* title, JsonValue schema) {
    JsonValue out = object({{"$schema", JsonValue::string("https://json-schema.org/draft/2020-12/schema")},
                            {"title", JsonValue::string(title)}});
    for (const auto& [key, value] : schema.members()) { out.set(key, value); }
    return write_json(out);
}

}  // namespace

std::string workload_schema() {
    JsonValue note =
        object({{"what", typed("string")}, {"count", typed("integer")}, {"first", list_of(typed("string"))}});
    JsonValue stream = object({{"name", typed("string")}, {"role", one_of({"compute", "communication", "copy"})}});
    JsonValue p = object({{"$schema", typed("string")},
                          {"schema", one_of({"tessera.workload/1"})},
                          {"name", typed("string")},
                          {"source", typed("string", "kineto or chakra")},
                          {"source_file", typed("string")},
                          {"rules", typed("string")},
                          {"device", typed("string")},
                          {"device_sms", typed("integer")},
                          {"link_sms", typed("integer", "SMs that kernels which drive links hold")},
                          {"rank", typed("integer")},
                          {"ranks", typed("integer")},
                          {"streams", list_of(closed(std::move(stream), {"name", "role"}))},
                          {"notes", list_of(closed(std::move(note), {"what"}))},
                          {"groups", map_of(list_of(typed("integer")))},
                          {"recorded_names", list_of(typed("string"))},
                          {"tasks", list_of(task_schema())}});
    return document("tessera imported workload", closed(std::move(p), {"schema", "name", "streams", "tasks"}));
}

std::string rules_schema() {
    JsonValue role = object({{"role", typed("string")},
                             {"class", typed("string")},
                             {"pass", passes()},
                             {"when", formula()},
                             {"let", map_of(formula())},
                             {"sets", map_of(formula())}});
    JsonValue rule = object({{"name", typed("string", "pattern: * any text, {name} a number to keep")},
                             {"note", typed("string")},
                             {"when", formula()},
                             {"role", typed("string")},
                             {"class", typed("string")},
                             {"pass", passes()},
                             {"let", map_of(formula())},
                             {"sets", map_of(formula())},
                             {"sms", formula()},
                             {"in", map_of(list_of(closed(std::move(role), {"role"})))},
                             {"kernel", kernel_schema(true)}});
    JsonValue p = object({{"schema", one_of({"tessera.rules/1"})},
                          {"name", typed("string")},
                          {"source", typed("string")},
                          {"constants", map_of(typed("integer"))},
                          {"communication", list_of(typed("string"))},
                          {"rules", list_of(closed(std::move(rule), {"name"}))}});
    return document("tessera rules", closed(std::move(p), {"schema", "name", "rules"}));
}

}  // namespace tessera::traces
