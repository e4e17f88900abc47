#include <algorithm>
#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

class DropPromotion final : public GraphPass {
public:
    std::string_view name() const override { return "group-scaled-mma"; }

    TaskGraph run(TaskGraph graph, const SystemConfig&) const override {
        for (Task& task : graph.tasks) {
            GemmDesc* gemm = gemm_of(task);
            if (gemm == nullptr) { continue; }
            if (gemm->scale == ScaleMode::block_1x128_128x128 || gemm->scale == ScaleMode::block_1x128_1x128) {
                gemm->promotion_interval = 0;
            }
        }
        return graph;
    }
};

class GroupScaledMma final : public Proposal {
public:
    std::string_view slug() const override { return "group-scaled-mma"; }
    std::string_view readme() const override { return readme_text::group_scaled_mma; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"rate", "", 1.0, 0.05, 1.0, "MMA rate with group scales relative to without",
             "Blackwell's block-scaled FP8 rate equals its plain FP8 rate (vendor datasheets)", 0.9, 1.0},
            {"group_size", "", 128, 16, 128, "elements of k that share a scale",
             "DeepSeek-V3's recipe; 32 and 16 are the microscaling formats"},
            {"scale_bits", "", 32, 8, 32, "bits of one scale operand: FP32 32, UE8M0 or E4M3 8",
             "FP32, as DeepSeek-V3 trains"},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.sm.tensor.group_scaling = true;
        system.sm.tensor.group_scaling_rate = values.at("rate");
        system.sm.tensor.group_size = static_cast<int>(values.at("group_size"));
        system.sm.tensor.scale_bits = static_cast<int>(values.at("scale_bits"));
    }

    void passes(PassList& list, const ParameterValues&) const override {
        list.push_back(std::make_unique<DropPromotion>());
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        // A GEMM cannot beat the Tensor Core's peak: what may vanish is its time beyond flops / peak rate.
        const double peak = 2.0 * system.sm.tensor.fp8_mac_per_clk * system.sm.count * system.power.max_clock.raw();
        double gemm_flops = 0;
        Time gemm_time{};
        for (const ClassTotal& c : baseline.classes) {
            if (c.op_class.rfind("gemm_fp8", 0) != 0) { continue; }
            gemm_flops += c.flops.raw();
            gemm_time += c.time;
        }
        const double floor = gemm_time > Time::zero() ? gemm_flops / peak / to_seconds(gemm_time) : 1.0;
        const auto share = [floor](const Span& s) { return s.op_class.rfind("gemm_fp8", 0) == 0 ? 1.0 - floor : 0.0; };
        return {removable_time(baseline, system, share),
                "every FP8 GEMM at the Tensor Core's peak rate and maximum clock"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        // Each sum over an instruction's 32 elements of k, or over a group if that is shorter, is scaled as it leaves
        // the adder tree: a multiplier, or with power-of-two scales an addition of exponents.
        constexpr double instruction_k = 32;
        const double per_clk = system.sm.tensor.fp8_mac_per_clk / std::min(instruction_k, values.at("group_size"));
        const bool wide = values.at("scale_bits") > 8;
        const double scaler = wide ? block_um2::fp32_multiply : block_um2::integer8_add;
        const double sms = system.sm.count;
        return {
            {Die::gpu, logic(per_clk * scaler) * (sms * values.at("rate")),
             format_shortest(per_clk) + (wide ? " FP32 multipliers" : " exponent adders") +
                 " behind the adder trees of each SM's Tensor Cores",
             "FP32 multiplier and 8-bit adder of ISSCC 2014, scaled to the process"},
            {Die::gpu, sram(4096) * sms, "scale operands, two stages of 2 KiB in each SM", "IEDM 2019 cells; assumed"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_group_scaled_mma() { return std::make_unique<GroupScaledMma>(); }

}  // namespace tessera
