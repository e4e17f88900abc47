#include "workloads/deepseek_v3/decode.hpp"

#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/decode_regions.hpp"

#include <string>

namespace tessera::deepseek_v3 {

namespace {

constexpr int kLanes = 2;
constexpr StreamId kExchangeStreams[kLanes] = {communication_stream, second_compute_stream};

// One layer after the other, and within them the order of the header.
class Order {
public:
    Order(ChunkBuilder& b, const ChunkLayers& layers) : b_(b), layers_(layers) {}

    void run() {
        if (layers_.embedding) {
            for (int lane = 0; lane < kLanes; ++lane) { at(lane, 0, decode_embedding); }
        }
        if (layers_.head && (layers_.layers.empty() || kind(0) == LayerKind::prediction)) { heads(0); }
        for (std::size_t first = 0; first < layers_.layers.size();) {
            std::size_t end = first + 1;
            if (layers_.layers[first] == LayerKind::moe) {
                while (end < layers_.layers.size() && layers_.layers[end] == LayerKind::moe) { ++end; }
            }
            layers_.layers[first] == LayerKind::dense ? dense(first) : routed(first, end);
            const bool model_ends = end == layers_.layers.size() || layers_.layers[end] == LayerKind::prediction;
            if (layers_.head && model_ends) { heads(end); }
            first = end;
        }
    }

private:
    template <class Fn>
    void at(int lane, std::size_t layer, Fn&& region) {
        b_.begin_lane(lane);
        // A region after the last layer has a layer's name, but no load of its own.
        b_.begin_iteration(static_cast<int>(layer));
        region(b_);
    }
    LayerKind kind(std::size_t layer) const { return layers_.layers[layer]; }

    void heads(std::size_t layer) {
        for (int lane = 0; lane < kLanes; ++lane) { at(lane, layer, decode_head); }
    }

    void dense(std::size_t layer) {
        for (int lane = 0; lane < kLanes; ++lane) {
            at(lane, layer, [&](ChunkBuilder& b) {
                decode_projections(b, kind(layer));
                decode_attention(b, kind(layer));
                decode_dense(b);
            });
        }
    }

    void start(int lane, std::size_t layer) {
        at(lane, layer, [&](ChunkBuilder& b) {
            if (kind(layer) == LayerKind::prediction) { decode_prediction(b); }
            decode_projections(b, kind(layer));
        });
    }
    void attend(int lane, std::size_t layer) {
        at(lane, layer, [&](ChunkBuilder& b) {
            decode_attention(b, kind(layer));
            decode_dispatch(b);
            decode_shared(b);
        });
    }
    void compute_experts(int lane, std::size_t layer) {
        at(lane, layer, [](ChunkBuilder& b) {
            decode_experts(b);
            decode_combine(b);
        });
    }

    // Layers first..end-1, all with routed experts.
    void routed(std::size_t first, std::size_t end) {
        start(0, first);
        for (std::size_t l = first; l < end; ++l) {
            attend(0, l);
            if (l > first) { at(1, l - 1, decode_collect); }
            start(1, l);
            compute_experts(0, l);
            attend(1, l);
            at(0, l, decode_collect);
            if (l + 1 < end) { start(0, l + 1); }
            compute_experts(1, l);
        }
        at(1, end - 1, decode_collect);
    }

    ChunkBuilder& b_;
    const ChunkLayers& layers_;
};

void check_decode(const WorkloadConfig& w, const RankLoad& load, std::size_t layers) {
    const auto require = [](bool holds, const std::string& what) {
        if (!holds) { throw ModelError("decode: " + what); }
    };
    require(w.model.attention == AttentionKind::mla, "only attention over cached latents (MLA) can be built");
    require(w.sequence > 0 && w.tokens > 0 && w.tokens % w.sequence == 0,
            "tokens must be a whole number of requests of `sequence` tokens");
    require(w.parallel.communication_sms == 0, "its exchanges hold no SMs: communication_sms must be 0");
    require(load.forward_rows.size() >= layers && load.backward_rows.size() >= layers,
            "the rank's load must have one entry per layer");
}

}  // namespace

StreamId decode_stream(const ChunkBuilder& b) { return kExchangeStreams[b.lane()]; }

TaskGraph build_decode(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                       const ChunkLayers& layers) {
    ChunkWork work;
    work.forward = layers;
    check_decode(workload, load, layers.layers.size());
    ChunkBuilder b(workload, system, load, work);
    Order(b, layers).run();
    TaskGraph graph = b.finish();
    graph.streams[static_cast<std::size_t>(second_compute_stream)] = {"communication-2", StreamRole::communication, 0};
    check(graph);
    for (const Task& t : graph.tasks) { validate(t.kernel); }
    return graph;
}

}  // namespace tessera::deepseek_v3
