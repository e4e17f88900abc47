#include "sim/app/inference_memory.hpp"

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "workloads/deepseek_v3/stages.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace tessera {
namespace {

using deepseek_v3::ChunkLayers;

Bytes bytes_of(double count, double each) { return bytes(std::llround(count * each)); }

// Embedding, head, routers and the up-projections that absorbed attention keeps in BF16.
double table_parameters(const ModelConfig& m, const ChunkLayers& layers) {
    const double h = static_cast<double>(m.hidden);
    double sum = 2.0 * static_cast<double>(m.vocab) * h;
    for (const deepseek_v3::LayerKind kind : layers.layers) {
        sum += static_cast<double>(m.kv_rank * m.heads * (m.d_nope + m.d_v));
        if (kind != deepseek_v3::LayerKind::dense) { sum += h * m.routed_experts; }
    }
    return sum;
}

}  // namespace

InferenceMemory inference_memory(const WorkloadConfig& w, const InferenceLoad& load) {
    const InferenceConfig& c = w.inference;
    ChunkLayers whole = load.layers;
    whole.embedding = whole.head = true;
    const deepseek_v3::StageParameters p = deepseek_v3::stage_parameters(w.model, w.parallel, whole);
    const double copies = 1.0 + static_cast<double>(w.parallel.redundant_experts) / std::max(1, w.model.routed_experts);
    const double tables = table_parameters(w.model, whole);
    InferenceMemory m;
    m.experts = bytes_of(p.routed * copies, c.weight_bytes);
    m.other_weights = bytes_of(p.other - tables, c.weight_bytes) + bytes_of(tables, c.table_bytes);
    const std::int64_t rows = load.requests * ((load.cached + c.page - 1) / c.page * c.page);
    const double row = static_cast<double>(w.model.cached_per_token()) * c.kv_bytes;
    m.kv_cache = bytes_of(static_cast<double>(rows) * static_cast<double>(whole.layers.size()), row);
    m.activations = load.activations;
    m.reserved = c.reserved;
    return m;
}

void check_capacity(const InferenceMemory& m, Bytes capacity) {
    if (m.all() <= capacity) { return; }
    std::vector<std::pair<Bytes, const char*>> parts = {{m.kv_cache, "KV cache"},
                                                        {m.experts, "routed experts"},
                                                        {m.other_weights, "other weights"},
                                                        {m.activations, "activations"},
                                                        {m.reserved, "reserved"}};
    std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text = "out of memory: a rank needs " + human(m.all()) + " of " + human(capacity) + ":";
    for (const auto& [size, name] : parts) { text += std::string(" ") + name + " " + human(size) + ","; }
    text.back() = ';';
    throw ModelError(text + " use fewer requests or tokens, shorter sequences, or more expert-parallel ranks");
}

void add_figures(const InferenceMemory& m, std::map<std::string, double>& figures) {
    figures["memory_peak_bytes"] = to_double(m.all());
    figures["memory_experts_bytes"] = to_double(m.experts);
    figures["memory_other_weights_bytes"] = to_double(m.other_weights);
    figures["memory_kv_cache_bytes"] = to_double(m.kv_cache);
    figures["memory_activations_bytes"] = to_double(m.activations);
}

}  // namespace tessera
