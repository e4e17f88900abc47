#include "sim/app/kernel_limits.hpp"

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

namespace tessera {

namespace {
constexpr double kMostFlops = 1e16;
}

void check_kernel_size(const KernelDesc& kernel, const SystemConfig& system) {
    const Bytes compulsory = compulsory_bytes(kernel);
    if (compulsory > system.hbm.capacity) {
        throw ModelError("the kernel's tensors take " + human(compulsory) + ", " + system.name + " has " +
                         human_binary(system.hbm.capacity) + " of HBM");
    }
    const Flops work = flops(kernel);
    if (work.raw() > kMostFlops) {
        throw ModelError("the kernel does " + human(work) + ", more than the " + human(flops(kMostFlops)) +
                         " of one kernel");
    }
}

}  // namespace tessera
