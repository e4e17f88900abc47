// tessera with one more proposal: an L2 of several times the size, which answers later and draws more power.
#include "models/proposals/bounds.hpp"
#include "sim/cli/program.hpp"

#include <iostream>

using namespace tessera;

namespace {

// The four answers of "explain". They come first: what it adds is easily forgotten.
constexpr const char* kReadme = R"(# A larger L2

More SRAM beside the SMs: tensors that one kernel writes and the next one reads stay on the chip.

Source: tessera's second tutorial.

## What it removes
HBM traffic of tensors that are read again before they would have been evicted.

## What it adds
Wires: every access takes `extra_latency` longer.

## What limits it
Tensors that are larger than any cache: activations of a whole chunk are stored for the backward pass.

## What could make it worthless
Kernels that wait for the Tensor Cores, not for memory.
)";

class LargerL2 final : public Proposal {
public:
    std::string_view slug() const override { return "larger-l2"; }
    std::string_view readme() const override { return kReadme; }

    // Name, unit, default, least, most, meaning, and where default and range come from.
    std::vector<ProposalParameter> parameters() const override {
        return {{"times", "", 4, 1, 64, "capacity relative to today's", "a guess: a second die of SRAM on top"},
                {"extra_latency", "clk", 40, 0, 1000, "added to each access", "assumed"}};
    }

    // What is different about the chip. The model does the rest.
    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.l2.capacity = bytes(static_cast<std::int64_t>(values.at("times") * to_double(system.l2.capacity)));
        system.l2.latency_near += cycles(values.at("extra_latency"));
        system.l2.latency_far += cycles(values.at("extra_latency"));
    }

    // The most that it could ever save: every kernel that HBM limits would have to vanish.
    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        const auto share = [](const Span& s) { return s.limiter == Limiter::hbm ? 1.0 : 0.0; };
        return {removable_time(baseline, system, share), "the kernels that HBM limits, gone"};
    }
};

}  // namespace

int main(int argc, char** argv) {
    add_proposal(std::make_unique<LargerL2>());
    return cli::run_program({argv + 1, argv + argc}, std::cout, std::cerr);
}
