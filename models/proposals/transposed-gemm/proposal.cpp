#include <algorithm>

#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"

namespace tessera {
namespace {

// The GEMM operand that names `tensor`, with its layout and cast switches; operand is nullptr if there is none.
struct GemmSide {
    Operand* operand = nullptr;
    bool* k_major = nullptr;
    bool* fused_cast = nullptr;
};

GemmSide side_of(Task& task, const std::string& tensor) {
    GemmDesc* gemm = gemm_of(task);
    if (gemm != nullptr && gemm->a.tensor == tensor) { return {&gemm->a, &gemm->a_k_major, &gemm->fused_cast_a}; }
    if (gemm != nullptr && gemm->b.tensor == tensor) { return {&gemm->b, &gemm->b_k_major, &gemm->fused_cast_b}; }
    return {};
}

class ReadTransposed final : public GraphPass {
public:
    std::string_view name() const override { return "transposed-gemm"; }

    TaskGraph run(TaskGraph graph, const SystemConfig& system) const override {
        return run_keeping(std::move(graph), system, {});
    }

    // Apart: a cast along the other axis stays a kernel also if the load could cast.
    TaskGraph run_keeping(TaskGraph graph, const SystemConfig& system, const KeptApart& apart) const override {
        const TensorUse use(graph);
        std::vector<bool> removed(graph.tasks.size(), false);
        for (Task& task : graph.tasks) {
            StreamDesc* stream = stream_of(task);
            if (stream == nullptr || stream->reads.empty() || payload(stream->writes) == nullptr) { continue; }
            const std::string turned = payload(stream->writes)->tensor;
            if (!only_gemms_read(graph, use, turned)) { continue; }
            if (stream->kind == StreamKind::transpose) {
                redirect(graph, use, turned, stream->reads.front(), false);
                removed[static_cast<std::size_t>(task.id)] = true;
            } else if (stream->kind == StreamKind::per_channel_cast_transpose) {
                const bool fuse = system.tma.cast && apart.count(task.role) == 0;
                cast_along_other_axis(graph, use, task, turned, fuse, removed);
            }
        }
        return without_tasks(graph, removed);
    }

private:
    static bool only_gemms_read(TaskGraph& graph, const TensorUse& use, const std::string& tensor) {
        const std::vector<TaskId>& readers = use.consumers(tensor);
        return !readers.empty() && !use.lives_on(tensor) &&
               std::all_of(readers.begin(), readers.end(), [&](TaskId reader) {
                   return side_of(graph.tasks[static_cast<std::size_t>(reader)], tensor).operand != nullptr;
               });
    }

    static void redirect(TaskGraph& graph, const TensorUse& use, const std::string& turned, const Operand& source,
                         bool fused_cast) {
        for (TaskId reader : use.consumers(turned)) {
            const GemmSide side = side_of(graph.tasks[static_cast<std::size_t>(reader)], turned);
            side.operand->tensor = source.tensor;
            side.operand->dtype = source.dtype;
            *side.k_major = !*side.k_major;
            *side.fused_cast = fused_cast;
        }
    }

    static void cast_along_other_axis(TaskGraph& graph, const TensorUse& use, Task& task, const std::string& turned,
                                      bool casting_load, std::vector<bool>& removed) {
        StreamDesc& stream = *stream_of(task);
        const Operand source = stream.reads.front();
        if (casting_load && source.access != Access::gathered) {
            redirect(graph, use, turned, source, true);
            return retire_cast(graph, use, task.id, "", removed);
        }
        for (Operand& o : stream.writes) {
            if (o.access == Access::transposed) {
                o.access = Access::contiguous;
                o.run = Bytes::zero();
            }
        }
        stream.smem_bytes_per_element = 0;
        stream.smem_conflict = 1.0;
        for (TaskId reader : use.consumers(turned)) {
            const GemmSide side = side_of(graph.tasks[static_cast<std::size_t>(reader)], turned);
            *side.k_major = !*side.k_major;
        }
    }
};

class TransposedGemm final : public Proposal {
public:
    std::string_view slug() const override { return "transposed-gemm"; }
    std::string_view readme() const override { return readme_text::transposed_gemm; }

    std::vector<ProposalParameter> parameters() const override {
        return {{"read_rate", "", 1.0, 0.02, 1.0, "transposed operand fetch rate relative to a K-major fetch",
                 "BF16 wgmma reads MN-major operands at full rate on Hopper; FP8 turns bytes instead of half "
                 "words, so a designer should sweep this",
                 0.5, 1.0}};
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.sm.tensor.fp8_transposed = true;
        system.sm.smem.transposed_read_rate = values.at("read_rate");
    }

    void passes(PassList& list, const ParameterValues&) const override {
        list.push_back(std::make_unique<ReadTransposed>());
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        const bool casting_load = system.tma.cast;
        const auto share = [casting_load](const Span& s) {
            if (s.op_class == "weight_transpose") { return 1.0; }
            // Alone, a cast along the other axis still moves every byte: only what exceeds a plain cast can go.
            if (s.op_class == "quant_per_channel_cast_T") { return casting_load ? 1.0 : 0.5; }
            return 0.0;
        };
        return {removable_time(baseline, system, share),
                "weight transposes gone, casts along the other axis at best half (gone with a casting TMA)"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        // 16:1 multiplexers turn blocks of 16 x 16 bytes: 15 two-way ones of half an adder's bit for each bit.
        constexpr double block = 16;
        const double bits = system.sm.smem.bandwidth.raw() * 8 * values.at("read_rate");
        const double um2 = bits * (block - 1) * block_um2::adder_bit / 2, sms = system.sm.count;
        return {{Die::gpu, logic(um2) * sms, "a byte-wise transposer as wide as each SM's shared-memory port",
                 "multiplexers at half a bit of an adder (ISSCC 2014), scaled to the process; assumed"},
                {Die::gpu, sram(2 * block * system.sm.smem.bandwidth.raw()) * sms, "two blocks of buffer each",
                 "IEDM 2019 cells"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_transposed_gemm() { return std::make_unique<TransposedGemm>(); }

}  // namespace tessera
