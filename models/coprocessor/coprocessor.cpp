#include "models/coprocessor/coprocessor.hpp"

namespace tessera {

Coprocessor::Coprocessor(sc_core::sc_module_name name, const CoprocessorConfig& config)
    : sc_module(name), port("port"), params_(engine_params(config)) {
    port.bind(*this);
    engine_reset(params_, state_, Time::zero());
}

void Coprocessor::reset(Time now) {
    engine_reset(params_, state_, now);
    stats_ = EngineStats{};
}

Time Coprocessor::post(const EngineJob& job, Time when) { return engine_post(params_, state_, stats_, job, when); }

}  // namespace tessera
