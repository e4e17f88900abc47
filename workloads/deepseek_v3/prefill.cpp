#include "workloads/deepseek_v3/prefill.hpp"

#include "sim/base/error.hpp"
#include "workloads/deepseek_v3/chunk_builder.hpp"
#include "workloads/deepseek_v3/regions.hpp"

namespace tessera::deepseek_v3 {

namespace {

constexpr int kLanes = 2;

template <class Fn>
void in_both_lanes(ChunkBuilder& b, Fn&& fn) {
    for (int lane = 0; lane < kLanes; ++lane) {
        b.begin_lane(lane);
        fn();
    }
}

void layer(ChunkBuilder& b, LayerKind kind) {
    const bool routed = kind != LayerKind::dense;
    in_both_lanes(b, [&] {
        attention_forward(b, kind);
        if (routed) { dispatch_forward(b); }
    });
    in_both_lanes(b, [&] {
        routed ? mlp_forward(b) : dense_forward(b);
        if (routed) { combine_forward(b); }
    });
}

}  // namespace

TaskGraph build_prefill(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                        const ChunkLayers& layers) {
    ChunkWork work;
    work.forward = layers;
    check_chunk(workload, system, load, layers.layers.size());
    ChunkBuilder b(workload, system, load, work);
    if (layers.embedding) {
        in_both_lanes(b, [&] { embedding_forward(b); });
    }
    for (std::size_t i = 0; i < layers.layers.size(); ++i) {
        b.begin_iteration(static_cast<int>(i));
        layer(b, layers.layers[i]);
    }
    if (layers.head) {
        in_both_lanes(b, [&] { head_inference(b); });
    }
    TaskGraph graph = b.finish();
    check(graph);
    for (const Task& t : graph.tasks) { validate(t.kernel); }
    return graph;
}

}  // namespace tessera::deepseek_v3
