// Validation against kernels measured on silicon: files given by the user, and the sets measured on an H200.
#pragma once

#include "sim/app/measured/measured_case.hpp"
#include "sim/app/price_launches.hpp"
#include "sim/app/run_probes.hpp"
#include "sim/app/settle_cases.hpp"
#include "sim/app/validation_report.hpp"
#include "sim/config/system_config.hpp"

#include <array>
#include <string>
#include <vector>

namespace tessera {

struct ValidateOptions {
    bool exact = false;
    int jobs = 1;
    ProgressFn progress;
    bool power_model = false;  // each case at the clock it settles at, which is judged too; else at the measured one
};

// One case with its launches' prices: time at the measured clock, gaps included, or a rate.
ValidationCase judge_case(const measured::Case& c, const std::vector<LaunchPrice>& prices);

// One case with its probe's answer.
ValidationCase judge_probe(const measured::Case& c, const ProbeAnswer& answer);

// One case's clock: the one it settles at against the measured one. Family "clock" if the Tensor Cores
// are loaded and the measured clock lies below their ceiling, else "clock_uncapped".
ValidationCase judge_clock(const measured::Case& c, const SettledCase& settled, const PowerConfig& power);

// One case's board power at `clock`, at which the prices hold, and the energy of a repetition, against those measured;
// families "board_power", in W, and "energy_per_call", in J.
std::array<ValidationCase, 2> judge_power(const measured::Case& c, const std::vector<LaunchPrice>& prices,
                                          Frequency clock, const PowerConfig& power);

// Cases with a measured power are followed, after all others, by their power and energy. With the power model every
// case with launches and a measured clock is followed, after these, by its clock.
ValidationReport validate_cases(const std::string& set, const std::string& source, std::vector<measured::Case> cases,
                                const SystemConfig& system, const ValidateOptions& options);

// A measurement file. ConfigError if it cannot be read as JSON; whatever is wrong inside concerns one case.
ValidationReport validate_file(const std::string& file, const SystemConfig& system, const ValidateOptions& options);

// Names of the H200 sets: "h200-gemm", "h200-deepgemm", "h200-flashmla", "h200-streams", "h200-layer",
// "h200-quantization", "h200-bandwidth" and "h200-micro" (sections I, B and C, and the others of the microbenchmarks).
std::vector<std::string> h200_sets();

// The cases of a set. ConfigError if its data are not installed.
std::vector<measured::Case> h200_cases(const std::string& set, const SystemConfig& system);
ValidationReport validate_h200(const std::string& set, const SystemConfig& system, const ValidateOptions& options);

// Sets measured between GPUs: "nvlink", "nccl", "deepep-2gpu" (each on two and four GPUs of one host) and "deepep-h800"
// (published tables). ConfigError if their data are not installed.
std::vector<std::string> link_sets();
ValidationReport validate_links(const std::string& set, const SystemConfig& system, const ValidateOptions& options);

}  // namespace tessera
