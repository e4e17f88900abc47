// One GEMM under one switch of the hardware and the recipe: its error and, if asked, its time, bytes and energy.
#pragma once

#include "models/numerics/error.hpp"
#include "models/numerics/inputs.hpp"
#include "models/numerics/quantize.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/kernel_result.hpp"
#include "sim/ir/kernel_timer.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

struct NumericsProblem {
    int m = 256, n = 256, k = 4096;
    numerics::Distribution data = numerics::Distribution::normal;
    std::uint64_t seed = 1;  // of A; B takes the next one
};

// What changes both error and time.
struct NumericsSwitch {
    std::string architecture = "hopper";
    numerics::Format format = numerics::Format::e4m3;
    int accumulator_bits = 0;  // fraction bits; 0: the architecture's own
    int promotion = 128;       // elements of k; 0: never
    int split_k = 1;
    std::string a_group = "1x128", b_group = "128x128";  // or "none": one scale for the operand
    numerics::ScaleFormat scale = numerics::ScaleFormat::fp32;
    bool scale_inside = false;                                       // group-scaled MMA
    numerics::Rounding rounding = numerics::Rounding::nearest_even;  // of the casts
    numerics::Format output = numerics::Format::fp32;
};

struct NumericsOutcome {
    NumericsProblem problem;
    NumericsSwitch choice;
    numerics::MmaSpec mma;           // the arithmetic that was used
    numerics::GemmError arithmetic;  // against float64 of the operands as quantized: what the Tensor Core adds
    numerics::GemmError whole;       // against float64 of the operands before the cast: quantization included
    std::optional<KernelResult> timing;
};

// Runs experiments, keeping what neighbouring points share: inputs, their float64 product, quantized operands.
class NumericsBench {
public:
    NumericsBench();
    ~NumericsBench();
    NumericsBench(const NumericsBench&) = delete;
    NumericsBench& operator=(const NumericsBench&) = delete;

    // Throws ConfigError for what the format, the architecture or the shape does not allow.
    NumericsOutcome run(const NumericsProblem& problem, const NumericsSwitch& choice);

private:
    struct Kept;
    std::unique_ptr<Kept> kept_;
};

// The kernel that runs `problem` under `choice`, and the system that has the hardware it asks for: the proposals
// wide-accumulate and group-scaled-mma with their default costs switched on where the switch needs them. ModelError
// for what the timing model does not know: other operands than FP8 and BF16, other architectures than Hopper's.
struct TimedGemm {
    SystemConfig system;
    GemmDesc kernel;
};
TimedGemm timed_gemm(const NumericsProblem& problem, const NumericsSwitch& choice, const SystemConfig& base);

// Alone on the device at its sustained clock.
KernelResult time_gemm(const TimedGemm& gemm);

}  // namespace tessera
