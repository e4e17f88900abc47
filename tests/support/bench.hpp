// The units of a GPU bound together, for tests that drive them with a program of their own.
#pragma once

#include "models/hbm/hbm.hpp"
#include "models/if/program.hpp"
#include "models/l2/l2.hpp"
#include "models/sm/cuda_cores.hpp"
#include "models/smem/smem.hpp"
#include "models/tensor_core/tensor_core.hpp"
#include "models/tma/tma.hpp"
#include "sim/engine/event_wheel.hpp"
#include "sim/engine/sim_session.hpp"

#include <functional>

namespace tessera::testing {

class Bench {
public:
    explicit Bench(const SystemConfig& c) : session_([] {}), units_(c) {
        session_.elaborate();
        scope.sms = c.sm.count;
        scope.clock = Clock(c.power.sustained_clock);
        scope.begin = session_.now();
        units_.l2.reset(scope.begin, scope.clock);
        units_.hbm.reset(scope.begin);
        units_.tma.reset(scope.begin, scope.clock);
        units_.smem.reset(scope.begin, scope.clock);
        units_.tensor.reset(scope.begin, scope.clock);
        units_.cuda.reset(scope.begin, scope.clock);
    }
    void run(Program& program) {
        units_.wheel.wheel().watchdog().watch([&program] { return program.waiting(); });
        program.start();
        units_.wheel.kick();
        session_.run();
        units_.wheel.rethrow();
    }
    Units& units() { return units_.units; }
    Hbm& hbm() { return units_.hbm; }
    L2& l2() { return units_.l2; }
    Tma& tma() { return units_.tma; }
    Smem& smem() { return units_.smem; }
    TensorCore& tensor() { return units_.tensor; }
    CudaCores& cuda() { return units_.cuda; }

    RunScope scope;

private:
    struct Modules : sc_core::sc_module {
        explicit Modules(const SystemConfig& c)
            : sc_module(sc_core::sc_module_name("bench")),
              config(c),
              wheel("wheel", microseconds(20)),
              hbm("hbm", c.hbm),
              l2("l2", c.l2, c.sm, c.hbm.peak * c.hbm.read_efficiency, c.power.max_clock),
              tma("tma", c.tma, c.sm.count),
              smem("smem", c.sm.smem, c.sm.count),
              tensor("tensor", c.sm),
              cuda("cuda", c.sm),
              units{wheel.wheel(), l2, tma, smem, tensor, cuda, config} {
            l2.hbm.bind(hbm.socket);
            tma.memory.bind(l2.port);
        }
        SystemConfig config;
        EventWheel wheel;
        Hbm hbm;
        L2 l2;
        Tma tma;
        Smem smem;
        TensorCore tensor;
        CudaCores cuda;
        Units units;
    };
    SimSession session_;
    Modules units_;
};

}  // namespace tessera::testing
