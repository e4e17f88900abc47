#include "sim/app/measured/layer.hpp"

#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/kernel_case.hpp"
#include "sim/base/error.hpp"
#include "sim/ir/task_graph.hpp"
#include "sim/lower/l2_residency.hpp"

#include <map>
#include <tuple>

namespace tessera::measured {
namespace {

// Names of tensors by what can be known of them.
class Tensors {
public:
    std::string read(const Operand& o, const std::string& expert) {
        for (const std::string& owner : {expert, std::string()}) {
            const auto it = last_.find(key(o, owner));
            if (it != last_.end()) { return it->second; }
        }
        return fresh();  // a weight, or older than the layer
    }
    std::string write(const Operand& o, const std::string& expert) {
        std::string name = fresh();
        last_[key(o, expert)] = name;
        if (!expert.empty()) { last_[key(o, "")] = name; }
        return name;
    }

private:
    using Key = std::tuple<DType, std::int64_t, std::int64_t, std::string>;
    static Key key(const Operand& o, const std::string& expert) { return {o.dtype, o.rows, o.cols, expert}; }
    std::string fresh() { return "t" + std::to_string(count_++); }
    std::map<Key, std::string> last_;
    int count_ = 0;
};

// The op with the kernels that the profile saw of it.
JsonValue with_kernels(const JsonValue& op, const JsonValue* kernels, std::size_t index) {
    JsonValue out = op;
    if (kernels == nullptr || !kernels->is_array()) { return out; }
    JsonValue own = JsonValue::array();
    for (const JsonValue& k : kernels->items()) {
        if (!k.is_object()) { continue; }
        const JsonValue* of = k.find("op");
        const bool launch = k.find("grid") != nullptr;
        if (launch && of != nullptr && of->kind() == JsonValue::Kind::integer &&
            of->as_integer() == static_cast<std::int64_t>(index)) {
            own.push(k);
        }
    }
    if (!own.items().empty()) { out.set("kernels", own); }
    return out;
}

std::vector<Launch> op_launches(const JsonCursor& op, const JsonValue& completed) {
    try {
        return kernel_launches(JsonCursor(completed, op.file(), op.pointer()));
    } catch (const ModelError& e) { throw ModelError(op.pointer() + ": " + e.what()); }
}

}  // namespace

void read_layer(const JsonCursor& layer, const SystemConfig& system, Case& out) {
    out.family = "layer";
    out.variant = layer.text("part");
    out.shape = {{"tokens", layer.count("tokens")}};
    out.clock = clock_in_mhz(layer.at("sm_mhz"));
    out.measured = layer.positive("us");
    if (layer.has("power_w")) {
        out.watts = layer.positive("power_w");
        out.joules = out.watts * out.measured * 1e-6;
    }
    TaskGraph graph;
    graph.streams.push_back({"compute", StreamRole::compute, 0});
    Tensors tensors;
    const std::vector<JsonCursor> ops = layer.at("ops").items();
    if (ops.empty()) { layer.at("ops").fail("a layer without ops"); }
    const JsonValue* kernels = layer.value().find("kernels");
    for (std::size_t i = 0; i < ops.size(); ++i) {
        const JsonCursor& op = ops[i];
        if (!op.value().is_object()) { op.fail("expected an object"); }
        if (op.has("shape")) { check_extents(op, extents_of(op.at("shape"))); }
        const std::string expert = op.has("expert") ? std::to_string(op.at("expert").integer()) : "";
        const JsonValue completed = with_kernels(op.value(), kernels, i);
        for (const Launch& launch : op_launches(op, completed)) {
            Task task;
            task.kernel = launch.kernel;
            task.sms = launch.sms;
            for (Operand* o : mutable_reads(task.kernel)) { o->tensor = tensors.read(*o, expert); }
            for (Operand* o : mutable_writes(task.kernel)) { o->tensor = tensors.write(*o, expert); }
            graph.tasks.push_back(std::move(task));
        }
    }
    for (Task& task : L2ResidencyPass().run(std::move(graph), system).tasks) {
        out.launches.push_back({std::move(task.kernel), task.sms});
    }
    out.graph_gaps = static_cast<int>(out.launches.size());
}

}  // namespace tessera::measured
