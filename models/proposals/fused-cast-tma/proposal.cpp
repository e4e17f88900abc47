#include <cmath>
#include <string>

#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

// Column tiles of the output: how often operand A is read again.
double rereads(const GemmDesc& gemm) {
    const double bn = gemm.tiling ? gemm.tiling->bn : 128;
    return std::ceil(static_cast<double>(gemm.n) / bn);
}

class FuseCasts final : public GraphPass {
public:
    FuseCasts(double max_rereads, bool tuned) : max_rereads_(max_rereads), tuned_(tuned) {}
    std::string_view name() const override { return "fused-cast-tma"; }
    bool offers_choice() const override { return tuned_; }
    TaskGraph run(TaskGraph graph, const SystemConfig& system) const override {
        return run_keeping(std::move(graph), system, {});
    }

    TaskGraph run_keeping(TaskGraph graph, const SystemConfig&, const KeptApart& apart) const override {
        const TensorUse use(graph);
        std::vector<bool> removed(graph.tasks.size(), false);
        for (const Task& task : graph.tasks) {
            const StreamDesc* cast = stream_of(task, StreamKind::per_token_cast);
            if (cast == nullptr || cast->reads.empty() || apart.count(task.role) != 0) { continue; }
            const Operand* fp8 = payload(cast->writes);
            if (fp8 == nullptr || !only_gemms_read(graph, use, *fp8)) { continue; }
            const Operand source = cast->reads.front();
            for (TaskId reader : use.consumers(fp8->tensor)) { redirect(graph, reader, fp8->tensor, source); }
            retire_cast(graph, use, task.id, "", removed);
        }
        return without_tasks(graph, removed);
    }

private:
    bool only_gemms_read(const TaskGraph& graph, const TensorUse& use, const Operand& fp8) const {
        const std::vector<TaskId>& readers = use.consumers(fp8.tensor);
        for (TaskId reader : readers) {
            const GemmDesc* gemm = gemm_of(graph.tasks[static_cast<std::size_t>(reader)]);
            if (gemm == nullptr || gemm->a.tensor != fp8.tensor || rereads(*gemm) > max_rereads_) { return false; }
        }
        return !readers.empty() && !use.lives_on(fp8.tensor);
    }

    static void redirect(TaskGraph& graph, TaskId reader, const std::string& fp8, const Operand& source) {
        GemmDesc& gemm = *gemm_of(graph.tasks[static_cast<std::size_t>(reader)]);
        invariant(gemm.a.tensor == fp8, "the cast feeds operand A");
        gemm.a.tensor = source.tensor;
        gemm.a.dtype = source.dtype;
        gemm.fused_cast_a = true;
    }

    double max_rereads_;
    bool tuned_;
};

class FusedCastTma final : public Proposal {
public:
    std::string_view slug() const override { return "fused-cast-tma"; }
    std::string_view readme() const override { return readme_text::fused_cast_tma; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"throughput", "B/clk", 128, 1, 1024, "BF16 bytes that one SM's cast unit takes in per clock",
             "the shared-memory write port of Hopper (128 B/clk), which the unit cannot outrun with FP8 "
             "output at "
             "64 B/clk; assumed, no silicon exists",
             64, 128},
            {"latency", "clk", 40, 0, 2000, "last byte of a 256-byte group in to its first FP8 byte out",
             "assumed: 8 clocks to take 256 bytes in at 32 B/clk, a 7-level maximum tree, reciprocal and multiply", 20,
             120},
            {"max_rereads", "", 100000, 1, 100000,
             "column tiles per GEMM up to which the fused path is used; wider GEMMs keep the cast kernel",
             "always fused, so that the cost of re-reading shows"},
            {"tuned", "bool", 1, 0, 1, "a cast stays apart where fusing it makes kernels slower in sum",
             "GEMM libraries choose among forms of a kernel by their times (cuBLASLt's heuristics, autotuning); off: "
             "every cast that can be fused is"},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.tma.cast = true;
        system.tma.cast_throughput = bytes_per_cycle(values.at("throughput"));
        system.tma.cast_latency = cycles(values.at("latency"));
    }

    void passes(PassList& list, const ParameterValues& values) const override {
        list.push_back(std::make_unique<FuseCasts>(values.at("max_rereads"), values.at("tuned") != 0));
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        const auto share = [](const Span& s) {
            return s.op_class == "quant_per_token_cast" || s.op_class == "scale_transpose" ? 1.0 : 0.0;
        };
        return {removable_time(baseline, system, share),
                "every per-token cast and scale transpose gone, GEMMs no slower"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        constexpr double group_bytes = 256;
        const double lanes = values.at("throughput") / 2, sms = system.sm.count;
        const double buffer = values.at("throughput") * values.at("latency") + 2 * group_bytes;
        return {{Die::gpu, logic(lanes * cast_lane_um2) * sms, format_shortest(lanes) + " cast lanes beside each TMA",
                 "lanes of compare, multiply and round (ISSCC 2014), scaled to the process"},
                {Die::gpu, sram(buffer) * sms, "buffers for groups whose maximum is not known yet",
                 "throughput x latency and two groups in SRAM (IEDM 2019 cells)"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_fused_cast_tma() { return std::make_unique<FusedCastTma>(); }

}  // namespace tessera
