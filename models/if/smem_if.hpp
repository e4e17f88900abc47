// Shared memory of each SM: one data port whose bandwidth all users share.
#pragma once

#include "sim/base/units.hpp"

#include <systemc>

namespace tessera {

class SmemIf : virtual public sc_core::sc_interface {
public:
    // Moves `bytes` through SM `sm`'s port with bank-conflict degree `conflict` (1: none); returns the end of
    // the transfer, latency included.
    virtual Time access(int sm, Bytes bytes, double conflict, Time when) = 0;
    // Bytes that accompany another unit's work at no port time of their own (operand fetch of the Tensor Core is
    // part of the MMA rate): counted only.
    virtual void count(int sm, Bytes bytes) = 0;
};

}  // namespace tessera
