#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"

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
             "unchanged; Hopper's own BF16 path keeps 25 bits at half the FP8 rate"},
            {"energy", "", 1.1, 1.0, 4.0, "Tensor Core energy per FP8 operation relative to today's",
             "assumed: alignment and addition are a small part of a multiply-accumulate's energy and grow with the "
             "width"},
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
};

}  // namespace

std::unique_ptr<Proposal> make_wide_accumulate() { return std::make_unique<WideAccumulate>(); }

}  // namespace tessera
