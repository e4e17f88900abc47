#include <algorithm>
#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

class LengthenPromotion final : public GraphPass {
public:
    explicit LengthenPromotion(int interval) : interval_(interval) {}
    std::string_view name() const override { return "wide-accumulate"; }

    TaskGraph run(TaskGraph graph, const SystemConfig&) const override {
        for (Task& task : graph.tasks) {
            GemmDesc* gemm = gemm_of(task);
            if (gemm == nullptr) { continue; }
            if (gemm->scale == ScaleMode::tensor_promoted || gemm->scale == ScaleMode::row) {
                gemm->promotion_interval = interval_;
            }
        }
        return graph;
    }

private:
    int interval_;
};

class WideAccumulate final : public Proposal {
public:
    std::string_view slug() const override { return "wide-accumulate"; }
    std::string_view readme() const override { return readme_text::wide_accumulate; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"fraction_bits", "", 34, 13, 64, "fraction bits kept when products are aligned to the largest exponent",
             "the report's figure for an exact FP32-quality sum of 32 FP8 products"},
            {"rate", "", 1.0, 0.05, 1.0, "MMA rate with the wide accumulator relative to today's",
             "unchanged; Hopper's own BF16 path keeps 25 bits at half the FP8 rate", 0.9, 1.0},
            {"energy", "", 1.1, 1.0, 4.0, "Tensor Core energy per FP8 operation relative to today's",
             "assumed: alignment and addition are a small part of a multiply-accumulate's energy and grow with the "
             "width",
             1.05, 1.3},
            {"promotion_interval", "", 0, 0, 65536, "elements of k between promotions without block scales; 0: never",
             "never, since the sum no longer loses bits"},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.sm.tensor.accumulator_fraction_bits = static_cast<int>(values.at("fraction_bits"));
        system.sm.tensor.wide_accumulate_rate = values.at("rate");
        system.power.wide_accumulate_energy = values.at("energy");
    }

    void passes(PassList& list, const ParameterValues& values) const override {
        list.push_back(std::make_unique<LengthenPromotion>(static_cast<int>(values.at("promotion_interval"))));
    }

    GainBound bound(const RunResult&, const SystemConfig&) const override {
        return {Time::zero(), "block scales still need promotion every 128 elements: the value is accuracy, not time"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        constexpr double today_bits = 13, shifter_and_adder = 2.5;
        const double more = std::max(values.at("fraction_bits") - today_bits, 0.0);
        const double um2 = system.sm.tensor.fp8_mac_per_clk * more * shifter_and_adder * block_um2::adder_bit;
        return {{Die::gpu, logic(um2) * (system.sm.count * values.at("rate")),
                 format_shortest(more) + " more bits of alignment and addition for each of " +
                     format_shortest(system.sm.tensor.fp8_mac_per_clk) + " products per clock and SM",
                 "a bit of an adder (ISSCC 2014) and 1.5 of it for the shifter, scaled to the process"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_wide_accumulate() { return std::make_unique<WideAccumulate>(); }

}  // namespace tessera
