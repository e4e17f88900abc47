// The communication co-processor as a module: engines with a queue of jobs.
#pragma once

#include "models/coprocessor/engine.hpp"

#include <systemc>

namespace tessera {

class EngineIf : virtual public sc_core::sc_interface {
public:
    virtual Time post(const EngineJob& job, Time when) = 0;  // returns the job's end
};

class Coprocessor : public sc_core::sc_module, public EngineIf {
public:
    sc_core::sc_export<EngineIf> port;

    Coprocessor(sc_core::sc_module_name name, const CoprocessorConfig& config);  // ModelError as engine_params

    void reset(Time now);
    const EngineStats& stats() const { return stats_; }

    Time post(const EngineJob& job, Time when) override;

private:
    EngineParams params_;
    EngineState state_;
    EngineStats stats_;
};

}  // namespace tessera
