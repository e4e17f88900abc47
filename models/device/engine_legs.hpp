// Legs of an exchange that a communication co-processor drives: the same roles, done as jobs of chunks of rows.
#pragma once

#include "models/coprocessor/engine.hpp"
#include "models/device/exchange_roles.hpp"
#include "models/device/pipeline.hpp"

namespace tessera {

// One leg for all roles: the engines share them. `rows_per_job` rows make one job.
Leg engine_leg(const EngineParams& engines, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
               int rows_per_job);

// Energy of the engines' copies and reductions.
Energy engine_energy(const CoprocessorConfig& config, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles);

}  // namespace tessera
