#include "workloads/deepseek_v3/chunk_builder.hpp"

#include <algorithm>
#include <utility>

namespace tessera::deepseek_v3 {

ChunkBuilder::ChunkBuilder(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                           const ChunkWork& work)
    : workload_(workload),
      system_(system),
      load_(load),
      work_(work),
      busiest_relay_(deepseek_v3::busiest_relay(workload)) {
    graph_.name = workload.name;
    graph_.streams = {{"compute", StreamRole::compute, 0},
                      {"compute-2", StreamRole::compute, 0},
                      {"communication", StreamRole::communication, 0}};
    if (work.sends > 0) { graph_.streams.push_back({"pipeline", StreamRole::copy, 0}); }
}

std::int64_t ChunkBuilder::rows() const {
    const auto i = static_cast<std::size_t>(iteration_);
    return second_load() ? load_.backward_rows[i] : load_.forward_rows[i];
}

std::int64_t ChunkBuilder::unique_tokens() const {
    const auto i = static_cast<std::size_t>(iteration_);
    return second_load() ? load_.backward_unique[i] : load_.forward_unique[i];
}

std::vector<std::int64_t> ChunkBuilder::expert_rows() const {
    const auto& given = second_load() ? load_.backward_experts : load_.forward_experts;
    if (given.empty()) { return split_rows(rows(), local_experts()); }
    return given.at(static_cast<std::size_t>(iteration_));
}

RoutingExpectation ChunkBuilder::sent() const {
    const auto& given = second_load() ? load_.backward_sent : load_.forward_sent;
    return given.empty() ? routing_expectation(model(), parallel()) : given.at(static_cast<std::size_t>(iteration_));
}

void ChunkBuilder::begin_iteration(int iteration) { iteration_ = iteration; }

void ChunkBuilder::begin_region(const Region& region, std::initializer_list<std::string_view> after) {
    region_ = region;
    region_.name = in_lane(region.name);
    set_layer(region.backward ? static_cast<int>(work_.backward.layers.size()) - 1 - iteration_ : iteration_);
    waits_.clear();
    for (const std::string_view name : after) {
        const auto it = region_end_.find(in_lane(name));
        if (it != region_end_.end()) { waits_.push_back(it->second); }  // none yet in the first iteration
    }
}

// "attn(F)" of the second micro-batch is "attn(G)".
std::string ChunkBuilder::in_lane(std::string_view region) const {
    std::string name(region);
    const std::size_t at = name.rfind("(F)");
    if (lane_ > 0 && at != std::string::npos) { name[at + 1] = 'G'; }
    return name;
}

TaskId ChunkBuilder::add(const Op& op, KernelDesc kernel, int sms, std::initializer_list<TaskId> also) {
    return add_on(region_.stream, op, std::move(kernel), sms, also);
}

TaskId ChunkBuilder::add_on(StreamId stream, const Op& op, KernelDesc kernel, int sms,
                            std::initializer_list<TaskId> also) {
    Task t;
    t.id = static_cast<TaskId>(graph_.tasks.size());
    t.name = unique_name(op.role);
    t.role = op.role;
    t.op_class = op.op_class;
    t.region = region_.name;
    t.layer = layer_;
    t.iteration = iteration_;
    t.pass = op.pass;
    t.stream = stream;
    t.sms = sms;
    if (work_.gradients == Gradients::weights) { declare_unmade(kernel); }
    t.deps = dependencies(kernel);
    t.deps.insert(t.deps.end(), waits_.begin(), waits_.end());
    t.deps.insert(t.deps.end(), also.begin(), also.end());
    waits_.clear();
    std::sort(t.deps.begin(), t.deps.end());
    t.deps.erase(std::unique(t.deps.begin(), t.deps.end()), t.deps.end());
    for (const Operand* o : writes(kernel)) { last_writer_[o->tensor] = t.id; }
    t.kernel = std::move(kernel);
    region_end_[region_.name] = t.id;
    graph_.tasks.push_back(std::move(t));
    return graph_.tasks.back().id;
}

// Weight gradients on their own: their operands were made in an earlier chunk.
void ChunkBuilder::declare_unmade(const KernelDesc& kernel) {
    for (const Operand* o : reads(kernel)) {
        if (last_writer_.find(o->tensor) == last_writer_.end()) { inputs_.insert(o->tensor); }
    }
}

std::vector<TaskId> ChunkBuilder::dependencies(const KernelDesc& kernel) const {
    std::vector<TaskId> deps;
    const auto add_writer = [&](const Operand* o) {
        const auto it = last_writer_.find(o->tensor);
        if (it != last_writer_.end()) { deps.push_back(it->second); }
    };
    for (const Operand* o : reads(kernel)) { add_writer(o); }
    for (const Operand* o : writes(kernel)) { add_writer(o); }
    return deps;
}

std::string ChunkBuilder::unique_name(const std::string& role) {
    std::string name = tag_ + "." + region_.slug + "." + role;
    const int count = ++name_count_[name];
    return count == 1 ? name : name + "." + std::to_string(count);
}

std::string ChunkBuilder::of(bool backward, int layer, std::string_view name) const {
    return (backward ? "B" : lane_ > 0 ? "G" : "F") + std::to_string(layer) + "." + std::string(name);
}

std::string ChunkBuilder::gradient(std::string_view name) {
    std::string tensor = input(".gradient.", name);
    declare_output(tensor);
    return tensor;
}

std::string ChunkBuilder::declare_input(std::string name) {
    inputs_.insert(name);
    return name;
}

void ChunkBuilder::declare_output(std::string name) { outputs_.insert(std::move(name)); }

TaskGraph ChunkBuilder::finish() {
    graph_.inputs.assign(inputs_.begin(), inputs_.end());
    graph_.outputs.assign(outputs_.begin(), outputs_.end());
    return std::move(graph_);
}

}  // namespace tessera::deepseek_v3
