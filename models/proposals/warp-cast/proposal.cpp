#include <algorithm>

#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

constexpr std::int64_t kGroup = 128;  // elements per scale of an activation

bool casts(StreamKind kind) {
    return kind == StreamKind::per_token_cast || kind == StreamKind::special_cast || kind == StreamKind::swiglu_cast ||
           kind == StreamKind::per_channel_cast_transpose || kind == StreamKind::swiglu_cast_transpose;
}

// Kernels that compute whole rows in registers before they write them.
bool row_producer(StreamKind kind) {
    return kind == StreamKind::norm || kind == StreamKind::norm_backward || kind == StreamKind::swiglu ||
           kind == StreamKind::swiglu_backward || kind == StreamKind::weighted_reduce ||
           kind == StreamKind::elementwise || kind == StreamKind::attention_postprocess;
}

class FuseIntoProducers final : public GraphPass {
public:
    std::string_view name() const override { return "warp-cast"; }

    TaskGraph run(TaskGraph graph, const SystemConfig&) const override {
        const TensorUse use(graph);
        std::vector<bool> removed(graph.tasks.size(), false);
        for (const Task& cast_task : graph.tasks) {
            const StreamDesc* cast = stream_of(cast_task, StreamKind::per_token_cast);
            if (cast == nullptr || cast->reads.empty() || payload(cast->writes) == nullptr) { continue; }
            const Task* producer = use.sole_producer(graph, cast->reads.front().tensor);
            if (producer == nullptr || producer->id == cast_task.id) { continue; }
            const std::string& source = cast->reads.front().tensor;
            const bool bf16_needed = use.consumers(source).size() > 1 || use.lives_on(source);
            Task& target = graph.tasks[static_cast<std::size_t>(producer->id)];
            if (!fuse(target, *cast, bf16_needed)) { continue; }
            // A GEMM has one output tensor: its scales leave beside their groups.
            retire_cast(graph, use, cast_task.id, gemm_of(target) != nullptr ? "" : scales_of(*cast), removed);
        }
        for (Task& task : graph.tasks) {
            StreamDesc* stream = stream_of(task);
            if (stream != nullptr && casts(stream->kind)) { stream->warp_cast = true; }
        }
        return without_tasks(graph, removed);
    }

private:
    static std::string scales_of(const StreamDesc& cast) {
        const auto it = std::find_if(cast.writes.begin(), cast.writes.end(),
                                     [](const Operand& o) { return o.dtype == DType::fp32; });
        return it == cast.writes.end() ? std::string() : it->tensor;
    }

    // Moves the cast's outputs into the producer if that is legal.
    static bool fuse(Task& producer, const StreamDesc& cast, bool bf16_needed) {
        const std::string& source = cast.reads.front().tensor;
        if (StreamDesc* stream = stream_of(producer)) {
            const auto out = std::find_if(stream->writes.begin(), stream->writes.end(),
                                          [&source](const Operand& o) { return o.tensor == source; });
            const std::int64_t width = stream->tile_cols == 0 ? stream->cols : stream->tile_cols;
            if (!row_producer(stream->kind) || out == stream->writes.end() || width % kGroup != 0 ||
                out->access != Access::contiguous || out->dtype != DType::bf16) {
                return false;
            }
            if (!bf16_needed) { stream->writes.erase(out); }
            stream->writes.insert(stream->writes.end(), cast.writes.begin(), cast.writes.end());
            stream->warp_cast = true;
            return true;
        }
        GemmDesc* gemm = gemm_of(producer);
        // An epilogue has one output tensor: it cannot also keep the BF16 copy.
        if (gemm == nullptr || bf16_needed || gemm->d.tensor != source || gemm->d.dtype != DType::bf16 ||
            (gemm->tiling && gemm->tiling->bn % kGroup != 0)) {
            return false;
        }
        gemm->d.tensor = payload(cast.writes)->tensor;
        gemm->d.dtype = payload(cast.writes)->dtype;
        gemm->epilogue_cast = true;
        return true;
    }
};

class WarpCast final : public Proposal {
public:
    std::string_view slug() const override { return "warp-cast"; }
    std::string_view readme() const override { return readme_text::warp_cast; }

    std::vector<ProposalParameter> parameters() const override {
        return {{"elements_per_clk", "", 128, 1, 1024, "values cast per clock and SM",
                 "one 128-value instruction per clock and SM, the rate of the FP32 lanes; assumed", 64, 128}};
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.sm.cuda.warp_cast = true;
        system.sm.cuda.warp_cast_elements_per_clk = values.at("elements_per_clk");
    }

    void passes(PassList& list, const ParameterValues&) const override {
        list.push_back(std::make_unique<FuseIntoProducers>());
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        const auto share = [](const Span& s) {
            const bool cast = s.op_class.rfind("quant_", 0) == 0 && s.op_class != "quant_cast_back";
            const bool producer =
                s.op_class.rfind("norm_", 0) == 0 || s.op_class.rfind("swiglu", 0) == 0 || s.op_class == "reduce";
            if (cast || s.op_class == "scale_transpose") { return 1.0; }
            return producer ? 0.5 : 0.0;
        };
        return {removable_time(baseline, system, share),
                "every cast and scale transpose gone, producers write half the bytes"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        const double lanes = values.at("elements_per_clk"), sms = system.sm.count;
        return {{Die::gpu, logic(lanes * (cast_lane_um2 + 16 * block_um2::adder_bit)) * sms,
                 format_shortest(lanes) + " cast lanes and a maximum tree in each SM",
                 "lanes of compare, multiply and round (ISSCC 2014), scaled to the process; operands come from the "
                 "register file as they do today"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_warp_cast() { return std::make_unique<WarpCast>(); }

}  // namespace tessera
