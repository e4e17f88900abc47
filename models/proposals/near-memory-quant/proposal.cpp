#include <algorithm>
#include <cmath>

#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

constexpr double kGroup = 128;       // elements per scale
constexpr double kScaleBytes = 4;    // FP32 scale per group
constexpr double kGroupBytes = 256;  // BF16 bytes of one group

// Off-chip bytes per logical byte when `wide` lies in the DRAM and `narrow` plus scales cross the interface.
double bus_ratio(DType wide, DType narrow) {
    return (kGroup * bits(narrow) / 8.0 + kScaleBytes) / (kGroup * bits(wide) / 8.0);
}

class CastBesideMemory final : public GraphPass {
public:
    explicit CastBesideMemory(bool serve_gemm) : serve_gemm_(serve_gemm) {}
    std::string_view name() const override { return "near-memory-quant"; }

    TaskGraph run(TaskGraph graph, const SystemConfig& system) const override {
        if (to_double(system.hbm.interleave) < kGroupBytes) {
            throw ModelError(
                "near-memory-quant: a 128-element BF16 group (256 B) must lie in one pseudo-channel, but "
                "hbm.interleave is smaller; raise the proposal's parameter interleave");
        }
        const TensorUse use(graph);
        std::vector<bool> removed(graph.tasks.size(), false);
        for (Task& task : graph.tasks) {
            StreamDesc* stream = stream_of(task);
            if (stream == nullptr || stream->reads.empty()) { continue; }
            if (serve_gemm_ && stream->kind == StreamKind::per_token_cast && serve(graph, use, *stream)) {
                retire_cast(graph, use, task.id, "", removed);
            } else {
                narrow_interface(*stream);
            }
        }
        return without_tasks(graph, removed);
    }

private:
    // GEMMs read the BF16 tensor through the casting memory: FP8 in L2 and on the pins, never from a BF16 line.
    static bool serve(TaskGraph& graph, const TensorUse& use, const StreamDesc& cast) {
        const Operand* fp8 = payload(cast.writes);
        if (fp8 == nullptr || use.consumers(fp8->tensor).empty() || use.lives_on(fp8->tensor)) { return false; }
        const auto reads_as_a = [&](TaskId reader) {
            const GemmDesc* gemm = gemm_of(graph.tasks[static_cast<std::size_t>(reader)]);
            return gemm != nullptr && gemm->a.tensor == fp8->tensor;
        };
        const std::vector<TaskId>& readers = use.consumers(fp8->tensor);
        if (!std::all_of(readers.begin(), readers.end(), reads_as_a)) { return false; }
        for (TaskId reader : readers) {
            GemmDesc& gemm = *gemm_of(graph.tasks[static_cast<std::size_t>(reader)]);
            gemm.a.tensor = cast.reads.front().tensor;
            gemm.a.cast_by_memory = true;
            gemm.a.near_memory_ratio = bus_ratio(DType::fp8_e4m3, DType::fp8_e4m3);
        }
        return true;
    }

    // Kernels that stay: the BF16 side crosses the interface in the narrow format, and no SM casts.
    static void narrow_interface(StreamDesc& stream) {
        const auto narrow = [](std::vector<Operand>& side, DType format) {
            for (Operand& o : side) {
                if (o.dtype == DType::bf16) { o.near_memory_ratio = bus_ratio(DType::bf16, format); }
            }
        };
        if (stream.kind == StreamKind::per_token_cast) { narrow(stream.reads, DType::fp8_e4m3); }
        if (stream.kind == StreamKind::special_cast) { narrow(stream.reads, DType::e5m6); }
        if (stream.kind == StreamKind::cast_back) { narrow(stream.writes, DType::fp8_e4m3); }
        if (stream.kind == StreamKind::per_token_cast || stream.kind == StreamKind::special_cast ||
            stream.kind == StreamKind::cast_back) {
            stream.alu_per_element = std::max(stream.alu_per_element - stream.cast_alu_per_element, 0.0);
            stream.cast_alu_per_element = stream.cvt_per_element = 0;
        }
    }

    bool serve_gemm_;
};

class NearMemoryQuant final : public Proposal {
public:
    std::string_view slug() const override { return "near-memory-quant"; }
    std::string_view readme() const override { return readme_text::near_memory_quant; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"throughput", "GB/s", 64, 0.1, 1024, "BF16 bytes per second that one pseudo-channel's cast logic takes in",
             "about three times a pseudo-channel's pin rate (3.35 TB/s over 160), so that the DRAM core and "
             "not "
             "the logic limits; assumed",
             32, 96},
            {"core_rate", "", 2, 0.5, 16, "bandwidth of arrays and through-silicon vias relative to the pins",
             "what halved pins need to become halved time, two pseudo-channel halves read at once; assumed. "
             "At 1 "
             "the arrays, which still read BF16, take as long as today's pins",
             1.5, 2},
            {"latency", "ns", 20, 0, 10000, "added to a read's latency: group maximum, then the first FP8 byte",
             "assumed: 256 bytes at the pin rate of one pseudo-channel, plus the maximum tree at memory-logic clocks",
             10, 60},
            {"interleave", "B", 512, 64, 65536, "consecutive bytes per pseudo-channel; a group needs 256",
             "a choice: two groups"},
            {"serve_gemm", "bool", 1, 0, 1, "GEMMs read through the casting memory and their cast kernels vanish",
             "off: only the interface bytes of the cast kernels shrink"},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.hbm.near_memory_cast = true;
        system.hbm.cast_throughput = gb_per_second(values.at("throughput"));
        system.hbm.core_rate = values.at("core_rate");
        system.hbm.cast_latency = nanoseconds(values.at("latency"));
        system.hbm.interleave = bytes(static_cast<std::int64_t>(values.at("interleave")));
    }

    void passes(PassList& list, const ParameterValues& values) const override {
        list.push_back(std::make_unique<CastBesideMemory>(values.at("serve_gemm") > 0.5));
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        const auto share = [](const Span& s) {
            if (s.op_class == "quant_per_token_cast" || s.op_class == "scale_transpose") { return 1.0; }
            return s.op_class.rfind("quant_", 0) == 0 && s.op_class != "quant_per_channel_cast_T" ? 0.5 : 0.0;
        };
        return {removable_time(baseline, system, share),
                "GEMM-feeding casts gone, storage casts and cast-backs at half their off-chip bytes"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        constexpr double logic_hz = 1e9, group_bytes = 256, dram_die_mm2 = 110, dies_per_stack = 8;
        const double channels = static_cast<double>(system.hbm.stacks) * system.hbm.channels_per_stack;
        const double lanes = std::ceil(values.at("throughput") * 1e9 / 2 / logic_hz);
        AreaParts parts = {{Die::memory_base, logic(lanes * cast_lane_um2, Die::memory_base) * channels,
                            format_shortest(lanes) + " cast lanes at each pseudo-channel",
                            "lanes of compare, multiply and round (ISSCC 2014) at 1 GHz, scaled to a 12 nm class"},
                           {Die::memory_base, sram(2 * group_bytes) * (5.0 * channels), "two groups of buffer each",
                            "SRAM of a 12 nm class takes about five times the area of a 5 nm one; assumed"}};
        const double doublings = std::max(std::log2(values.at("core_rate")), 0.0);
        if (doublings > 0) {
            const double dram = dram_die_mm2 * dies_per_stack * system.hbm.stacks;
            parts.push_back({Die::dram, Estimate{0.01, 0.03, 0.08} * (dram * doublings),
                             "twice the data paths and through-silicon vias, or more, in every DRAM die",
                             "assumed: 1 to 8 % of eight dies of 110 mm2 a stack for each doubling"});
        }
        return parts;
    }
};

}  // namespace

std::unique_ptr<Proposal> make_near_memory_quant() { return std::make_unique<NearMemoryQuant>(); }

}  // namespace tessera
