// State shared by the region builders of the training chunk: where the next task goes and how tensors are named.
// Internal to workloads/deepseek_v3.
#pragma once

#include "sim/config/system_config.hpp"
#include "sim/config/workload_config.hpp"
#include "sim/ir/task_graph.hpp"
#include "workloads/deepseek_v3/rank_load.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::deepseek_v3 {

// What a task is called and counted as.
struct Op {
    std::string role;
    std::string op_class;
    TaskPass pass = TaskPass::forward;
};

// A tensor quantized to FP8 with its scales, by name.
struct Fp8Tensor {
    std::string values;
    std::string scales;
};

// A region is a run of tasks of one direction on one stream, issued together.
struct Region {
    std::string name;       // "attn(F)"
    std::string slug;       // in task names: "attn"
    bool backward = false;  // works on the iteration's backward layer
    StreamId stream = 0;
};

class ChunkBuilder {
public:
    ChunkBuilder(const WorkloadConfig& workload, const SystemConfig& system, const RankLoad& load,
                 const ChunkWork& work);

    const WorkloadConfig& workload() const { return workload_; }
    const ModelConfig& model() const { return workload_.model; }
    const RecipeConfig& recipe() const { return workload_.recipe; }
    const ParallelConfig& parallel() const { return workload_.parallel; }
    const SystemConfig& system() const { return system_; }

    std::int64_t tokens() const { return workload_.tokens; }
    std::int64_t sequences() const { return workload_.tokens / workload_.sequence; }
    std::int64_t sequence() const { return workload_.sequence; }
    std::int64_t local_experts() const {
        return (model().routed_experts + parallel().redundant_experts) / parallel().expert_ranks;
    }
    std::int64_t shared_ffn() const { return model().shared_experts * model().expert_ffn; }
    // SMs that kernels sized to the compute partition launch on: all but those that drive communication, if any do.
    int compute_sms() const {
        return system_.sm.count - (model().routed_experts > 0 ? workload_.parallel.communication_sms : 0);
    }

    // Of the region's layer: rows after expansion, distinct tokens received, rows per local expert.
    std::int64_t rows() const;
    std::int64_t unique_tokens() const;
    double busiest_relay() const { return busiest_relay_; }
    std::vector<std::int64_t> expert_rows() const;
    // Ranks and nodes that one of this rank's tokens goes to.
    RoutingExpectation sent() const;

    void begin_iteration(int iteration);
    // The micro-batch that the regions from now on belong to: 0, or 1 for the second of two that overlap, whose forward
    // layers have names and waits of their own ("G0", "attn(G)") and the load's backward rows.
    void begin_lane(int lane) { lane_ = lane; }
    int lane() const { return lane_; }
    // Starts a region; its first task waits for the last task so far of each region named in `after`.
    void begin_region(const Region& region, std::initializer_list<std::string_view> after);

    // Adds a task on the region's stream. Dependencies: the last writer of each tensor read, the previous writer
    // of each tensor written, the region's waits, and `also`. Repeated roles get ".2", ".3", ... in their names.
    TaskId add(const Op& op, KernelDesc kernel, int sms = 0, std::initializer_list<TaskId> also = {});
    TaskId add_on(StreamId stream, const Op& op, KernelDesc kernel, int sms, std::initializer_list<TaskId> also = {});

    TaskId last_task() const { return graph_.tasks.back().id; }
    // The next task waits for this one too.
    void wait_for(TaskId task) { waits_.push_back(task); }

    // Names of tensors. act: activation or gradient of the region's layer; of: of another forward/backward layer.
    std::string act(std::string_view name) const { return tag_ + "." + std::string(name); }
    std::string of(bool backward, int layer, std::string_view name) const;
    // Weights, stored activations and FP32 gradient accumulators exist before the chunk starts.
    std::string weight(std::string_view name) { return input(".w.", name); }
    std::string stored(std::string_view name) { return input(".stored.", name); }
    std::string gradient(std::string_view name);
    // A tensor of this name exists before the first task; returns the name.
    std::string declare_input(std::string name);
    void declare_output(std::string name);
    int layer() const { return layer_; }
    int iteration() const { return iteration_; }
    // The region's layer is the first that its direction reaches: what it starts from comes from another stage, unless
    // the chunk has the end of the model itself.
    bool starts_chunk() const {
        return iteration_ == 0 && !(region_.backward ? work_.backward.head : work_.forward.embedding);
    }
    const ChunkWork& work() const { return work_; }
    // A layer of the given direction counted from the model's side, for tasks before and after all layers.
    void set_layer(int layer) {
        layer_ = layer;
        tag_ = of(region_.backward, layer, "");
        tag_.pop_back();
    }

    TaskGraph finish();

private:
    std::string input(std::string_view kind, std::string_view name) {
        return declare_input(tag_ + std::string(kind) + std::string(name));
    }
    void declare_unmade(const KernelDesc& kernel);
    bool second_load() const { return region_.backward || lane_ > 0; }
    std::string in_lane(std::string_view region) const;
    std::vector<TaskId> dependencies(const KernelDesc& kernel) const;
    std::string unique_name(const std::string& role);

    const WorkloadConfig& workload_;
    const SystemConfig& system_;
    const RankLoad& load_;
    const ChunkWork& work_;
    const double busiest_relay_;
    TaskGraph graph_;
    Region region_;
    std::string tag_;  // "F0", "B3"
    int iteration_ = 0, layer_ = 0, lane_ = 0;
    std::vector<TaskId> waits_;
    std::map<std::string, TaskId, std::less<>> region_end_;
    std::map<std::string, TaskId, std::less<>> last_writer_;
    std::map<std::string, int> name_count_;
    std::set<std::string> inputs_, outputs_;
};

}  // namespace tessera::deepseek_v3
