// J: what the driver states about the chip, and the largest cluster of thread blocks that runs.
#include "measure.hpp"

namespace micro {
namespace {

int attribute(cudaDeviceAttr which) {
    int value = 0;
    CHECK(cudaDeviceGetAttribute(&value, which, 0));
    return value;
}

__global__ void clustered(int* out) {
    if (out != nullptr) { *out = static_cast<int>(blockIdx.x); }
}

int active_clusters(unsigned size) {
    cudaLaunchAttribute dimension{};
    dimension.id = cudaLaunchAttributeClusterDimension;
    dimension.val.clusterDim.x = size, dimension.val.clusterDim.y = 1, dimension.val.clusterDim.z = 1;
    cudaLaunchConfig_t config{};
    config.gridDim = size, config.blockDim = 128;
    config.dynamicSmemBytes = 120 * kKiB;  // one block an SM
    config.attrs = &dimension, config.numAttrs = 1;
    int clusters = 0;
    CHECK(cudaOccupancyMaxActiveClusters(&clusters, clustered, &config));
    return clusters;
}

}  // namespace

void device_facts() {
    cudaDeviceProp p{};
    CHECK(cudaGetDeviceProperties(&p, 0));
    int driver = 0, runtime = 0;
    CHECK(cudaDriverGetVersion(&driver));
    CHECK(cudaRuntimeGetVersion(&runtime));
    Item("J.device")
        .with("name", p.name)
        .with("major", p.major)
        .with("minor", p.minor)
        .with("sms", p.multiProcessorCount)
        .with("global_mem", p.totalGlobalMem)
        .with("l2_bytes", p.l2CacheSize)
        .with("shared_per_sm", p.sharedMemPerMultiprocessor)
        .with("reserved_shared_per_block", p.reservedSharedMemPerBlock)
        .with("regs_per_sm", p.regsPerMultiprocessor)
        .with("max_threads_per_sm", p.maxThreadsPerMultiProcessor)
        .with("max_blocks_per_sm", p.maxBlocksPerMultiProcessor)
        .with("memory_bus_bits", p.memoryBusWidth)
        .with("memory_clock_khz", attribute(cudaDevAttrMemoryClockRate))
        .with("sm_clock_khz_max", attribute(cudaDevAttrClockRate))
        .with("driver_version", driver)
        .with("runtime_version", runtime)
        .with("sm_ghz_now", clock_ghz());
    const auto kernel = reinterpret_cast<const void*>(clustered);
    CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    more_shared_memory(kernel, 120 * kKiB);
    for (const unsigned size : {2u, 4u, 8u, 16u}) {
        const int active = active_clusters(size);
        if (active == 0) { break; }
        Item("J.clusters").with("cluster_size", static_cast<int>(size)).with("max_active_clusters", active);
    }
}

}  // namespace micro
