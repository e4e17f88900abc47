// One point of a sweep: its configuration, its key, its simulation and what is kept of it.
#pragma once

#include "sim/app/timer_pool.hpp"
#include "sim/base/json.hpp"
#include "sim/config/run_config.hpp"
#include "sim/sweep/sweep_config.hpp"

#include <string>
#include <vector>

namespace tessera::sweep {

// The file named by diagnostics about settings of proposals.
inline constexpr char setting_origin[] = "setting";

// The base with the sweep's sets and a point's settings. ConfigError for settings that do not fit, alone or together;
// proposals that do not exist, conflict or have wrong parameters included.
RunConfig configure(const SweepConfig& sweep, const std::vector<Setting>& settings);

// The same for everything that the simulation of `config` depends on, and only then; 16 hexadecimal digits. Names,
// comments, where values come from and which variants a comparison would make do not count. Of an imported workload the
// content of its file counts, not its place; ConfigError if that cannot be read.
std::string key_of(const RunConfig& config);

// What an objective stands for in such a result: the number, or of an estimate the nominal one.
double figure(const JsonValue& result, const std::string& objective);

// Version of the program, and a hash of the very program: results of two keys are comparable if it is the same.
std::string code_fingerprint();

// Simulates the point. {"time_s", "energy_j", "energy": {by component}, "average_power_w", "sm_clock_hz", "hbm_bytes",
// ..., "area_mm2": {"low", "nominal", "high"}, "breakdown": {seconds by operator class}}: plain numbers in SI units.
JsonValue simulate(const RunConfig& config, TimerPool& timers);

// The lower bound of its time that the roofline gives: {"time_s"}.
JsonValue estimate(const RunConfig& config);

}  // namespace tessera::sweep
