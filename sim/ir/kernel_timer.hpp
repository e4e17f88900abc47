// The two seams between the workload side (lower, replay: no SystemC) and the hardware models.
#pragma once

#include "sim/base/units.hpp"
#include "sim/ir/kernel_desc.hpp"
#include "sim/ir/kernel_result.hpp"

namespace tessera {

struct KernelContext {
    int sms = 0;           // SMs of the partition the kernel may use; 0: all
    Frequency sm_clock{};  // 0: the system's sustained clock
    bool exact = false;    // switch every fast path off
};

// Times kernels on one device. Throws ModelError for a kernel it cannot represent; never returns a zero time
// for work that is not empty. Same input, same answer, bit for bit.
class KernelTimer {
public:
    virtual ~KernelTimer() = default;
    virtual KernelResult time(const KernelDesc& kernel, const KernelContext& context) = 0;
};

// Carries exchanges and barriers between ranks: link bytes, who drives them, latency. Waiting for other ranks
// is replay()'s part.
class Fabric {
public:
    virtual ~Fabric() = default;
    virtual KernelResult exchange(const ExchangeDesc& exchange, const KernelContext& context) = 0;
    virtual KernelResult barrier(const BarrierDesc& barrier, const KernelContext& context) = 0;
};

}  // namespace tessera
