#include "workloads/deepseek_v3/stages.hpp"

#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/grouped_projections.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

namespace tessera::deepseek_v3 {

namespace {

std::vector<int> default_sizes(int layers, int stages) {
    std::vector<int> sizes(static_cast<std::size_t>(stages));
    const int full = (layers + stages - 1) / stages, last = layers - full * (stages - 1);
    for (int s = 0; s < stages; ++s) {
        const int even = layers / stages + (s < layers % stages ? 1 : 0);
        const int filled = s + 1 < stages ? full : last;
        sizes[static_cast<std::size_t>(s)] = last > 0 ? filled : even;
    }
    return sizes;
}

void check_sizes(const std::vector<int>& sizes, int layers, int stages) {
    const auto text = [](int n) { return std::to_string(n); };
    if (static_cast<int>(sizes.size()) != stages) {
        throw ModelError("pipeline: layers are given for " + text(static_cast<int>(sizes.size())) + " stages, the " +
                         "pipeline has " + text(stages));
    }
    if (std::any_of(sizes.begin(), sizes.end(), [](int n) { return n < 1; })) {
        throw ModelError("pipeline: a stage without layers (" + text(layers) + " layers on " + text(stages) +
                         " stages)");
    }
    const int sum = std::accumulate(sizes.begin(), sizes.end(), 0);
    if (sum != layers) {
        throw ModelError("pipeline: the stages' layers add up to " + text(sum) + ", the model has " + text(layers) +
                         " with its prediction modules");
    }
}

double attention_parameters(const ModelConfig& m) {
    const double h = static_cast<double>(m.hidden), heads = m.heads;
    const double latents = static_cast<double>(m.q_rank + m.kv_rank + m.d_rope);
    const double norms = 2 * h + static_cast<double>(m.q_rank + m.kv_rank);
    const double output = heads * static_cast<double>(m.d_v) * h;
    if (m.attention == AttentionKind::gqa) {
        return h * static_cast<double>(grouped_width(m)) + output + 2 * h +
               (m.qk_norm ? 2.0 * static_cast<double>(m.d_qk()) : 0.0);
    }
    const double from_q = m.q_rank > 0 ? static_cast<double>(m.q_rank) : h;  // what the queries' heads are made of
    return h * latents + from_q * heads * static_cast<double>(m.d_qk()) +
           static_cast<double>(m.kv_rank) * heads * static_cast<double>(m.d_nope + m.d_v) + output + norms;
}

}  // namespace

std::vector<ChunkLayers> stage_layers(const ModelConfig& model, int stages, int prediction_modules,
                                      const std::vector<int>& given) {
    const int layers = model.layers + prediction_modules;
    if (stages < 1 || layers < stages) {
        throw ModelError("pipeline: " + std::to_string(layers) + " layers cannot fill " + std::to_string(stages) +
                         " stages");
    }
    if (model.dense_layers > model.layers) { throw ModelError("pipeline: more dense layers than layers"); }
    const std::vector<int> sizes = given.empty() ? default_sizes(layers, stages) : given;
    check_sizes(sizes, layers, stages);
    std::vector<ChunkLayers> out(sizes.size());
    int layer = 0;
    for (std::size_t s = 0; s < sizes.size(); ++s) {
        for (int i = 0; i < sizes[s]; ++i, ++layer) {
            out[s].layers.push_back(layer < model.dense_layers ? LayerKind::dense
                                    : layer < model.layers     ? LayerKind::moe
                                                               : LayerKind::prediction);
        }
    }
    out.front().embedding = true;
    out.back().head = true;
    return out;
}

StageParameters stage_parameters(const ModelConfig& m, const ParallelConfig& parallel, const ChunkLayers& stage) {
    const double h = static_cast<double>(m.hidden), expert = 3 * h * static_cast<double>(m.expert_ffn);
    const double local = static_cast<double>(m.routed_experts) / parallel.expert_ranks;
    StageParameters p;
    for (const LayerKind kind : stage.layers) {
        p.other += attention_parameters(m);
        if (kind == LayerKind::dense) {
            p.other += 3 * h * static_cast<double>(m.dense_ffn);
        } else {
            p.routed += local * expert;
            p.other += m.shared_experts * expert + h * m.routed_experts;
        }
        if (kind == LayerKind::prediction) { p.other += 2 * h * h + 2 * h; }
    }
    const double table = static_cast<double>(m.vocab) * h;
    p.other += (stage.embedding ? table : 0.0) + (stage.head ? table + h : 0.0);
    return p;
}

Bytes stored_activations(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                         const ChunkLayers& stage) {
    ChunkWork work;
    work.backward = stage;
    const TaskGraph g = build_train_chunk(workload, system, load, work);
    std::map<std::string, Bytes> kept;
    for (const Task& t : g.tasks) {
        for (const Operand* o : reads(t.kernel)) {
            if (o->tensor.find(".stored.") == std::string::npos) { continue; }
            Bytes& size = kept[o->tensor];
            size = std::max(size, storage(o->dtype, o->rows * o->cols));
        }
    }
    Bytes sum{};
    for (const auto& [name, size] : kept) { sum += size; }
    return sum;
}

}  // namespace tessera::deepseek_v3
