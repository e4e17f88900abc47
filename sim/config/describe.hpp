// The one declaration of every configured value: name, meaning, range, whether a file must give it. Reading,
// writing, JSON Schema, hashing and --set all follow from it. To add a value: a member in the struct, a line
// here, and a value with its source in configs/.
#pragma once

#include "sim/base/field_visitor.hpp"
#include "sim/config/run_config.hpp"

namespace tessera {

void describe(FieldVisitor& v, TensorCoreConfig& c);
void describe(FieldVisitor& v, CudaCoreConfig& c);
void describe(FieldVisitor& v, SharedMemoryConfig& c);
void describe(FieldVisitor& v, SmConfig& c);
void describe(FieldVisitor& v, TmaConfig& c);
void describe(FieldVisitor& v, L2Config& c);
void describe(FieldVisitor& v, HbmConfig& c);
void describe(FieldVisitor& v, NvlinkWireConfig& c);
void describe(FieldVisitor& v, FenceConfig& c);
void describe(FieldVisitor& v, NvlinkOrderConfig& c);
void describe(FieldVisitor& v, CopyEngineConfig& c);
void describe(FieldVisitor& v, NvlinkConfig& c);
void describe(FieldVisitor& v, NicConfig& c);
void describe(FieldVisitor& v, CoprocessorConfig& c);
void describe(FieldVisitor& v, PowerConfig& c);
void describe(FieldVisitor& v, LaunchConfig& c);
void describe(FieldVisitor& v, SystemConfig& c);

void describe(FieldVisitor& v, ModelConfig& c);
void describe(FieldVisitor& v, ParallelConfig& c);
void describe(FieldVisitor& v, RouterConfig& c);
void describe(FieldVisitor& v, RecipeConfig& c);
void describe(FieldVisitor& v, PipelineConfig& c);
void describe(FieldVisitor& v, TrainingMemoryConfig& c);
void describe(FieldVisitor& v, InferenceConfig& c);
void describe(FieldVisitor& v, LengthConfig& c);
void describe(FieldVisitor& v, ServingConfig& c);
void describe(FieldVisitor& v, WorkloadConfig& c);

void describe(FieldVisitor& v, CompareConfig& c);
void describe(FieldVisitor& v, SimulationConfig& c);
void describe(FieldVisitor& v, RunConfig& c);

}  // namespace tessera
