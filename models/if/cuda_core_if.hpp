// CUDA cores of each SM, as issue time on their pipes.
#pragma once

#include "sim/base/units.hpp"

#include <systemc>

namespace tessera {

// Thread instructions by pipe.
struct CudaWork {
    double alu = 0;      // FP32, or all that is not told apart
    double convert = 0;  // float <-> BF16/FP8
    double sfu = 0;      // exp2, rsqrt, rcp
    double cast = 0;     // elements through the warp-level cast instruction (proposal)
    double half = 0;     // integer, logic, minimum, maximum, packing
    double fused = 0;    // FP32 multiply-adds of three different registers
    double shuffle = 0;  // values exchanged within a warp
};

class CudaCoreIf : virtual public sc_core::sc_interface {
public:
    // Issues `work` on SM `sm` behind what was issued before; returns the end.
    virtual Time issue(int sm, const CudaWork& work, Time when) = 0;
};

}  // namespace tessera
