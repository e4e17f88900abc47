// What the measuring programs share on the host: error checks, medians, JSON items, device buffers, repeats.
#pragma once
#include <cuda.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace micro {

constexpr std::size_t kKiB = 1 << 10, kMiB = 1 << 20, kGiB = 1 << 30;

inline void check(cudaError_t error, const char* call) {
    if (error != cudaSuccess) { throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(error)); }
}
#define CHECK(call) ::micro::check((call), #call)

struct Stat {
    double med = 0, min = 0, max = 0;
};
Stat stat(std::vector<double> values);
Stat operator*(const Stat& s, double by);

// One line of a section: {"id": ..., parameters, results}. Printed when it goes out of scope.
class Item {
public:
    explicit Item(const std::string& id);
    ~Item();
    Item(const Item&) = delete;
    Item& operator=(const Item&) = delete;
    Item& with(const char* key, const char* value);
    Item& with(const char* key, const std::string& value) { return with(key, value.c_str()); }
    Item& with(const char* key, std::int64_t value);
    Item& with(const char* key, int value) { return with(key, std::int64_t{value}); }
    Item& with(const char* key, std::size_t value) { return with(key, static_cast<std::int64_t>(value)); }
    Item& with(const char* key, double value);
    Item& with(const char* key, const Stat& value);
    Item& with(const char* key, const std::vector<std::int64_t>& values);

private:
    std::string text_;
};

template <class T>
class Buffer {
public:
    explicit Buffer(std::size_t count) : count_(count) {
        CHECK(cudaMalloc(&data_, count * sizeof(T)));
        CHECK(cudaMemset(data_, 0, count * sizeof(T)));
    }
    ~Buffer() { cudaFree(data_); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    T* get() const { return data_; }
    std::size_t size() const { return count_; }
    std::vector<T> read() const {
        std::vector<T> host(count_);
        CHECK(cudaMemcpy(host.data(), data_, count_ * sizeof(T), cudaMemcpyDeviceToHost));
        return host;
    }
    void write(const std::vector<T>& host) {
        CHECK(cudaMemcpy(data_, host.data(), host.size() * sizeof(T), cudaMemcpyHostToDevice));
    }

private:
    T* data_ = nullptr;
    std::size_t count_;
};

// What each thread block of a measured kernel records of itself.
struct Span {
    std::uint64_t cycles;      // of its SM
    std::uint64_t begin, end;  // ns
    std::uint64_t bytes;       // or other units of work
};

// Repeats of one kernel: cycles are the median over blocks, ns from the first block's begin to the last one's end.
struct Repeats {
    std::vector<double> cycles, ns, ghz, bytes;
    Stat per(const std::vector<double>& values, double count) const;  // values / count
    Stat rate() const;                                                // bytes / ns = GB/s
    Stat per_clock(int sms) const;                                    // bytes / cycles / SMs
};
// launch(spans) starts the kernel on the default stream; the first run is not counted.
Repeats repeat(int times, int blocks, const std::function<void(Span*)>& launch);

int sm_count();
char* scratch();  // 8 GiB of device memory, random E4M3 values, kept to the end
constexpr std::size_t kScratch = 8 * kGiB;
void flush_l2();     // reads 512 MiB of the scratch
double clock_ghz();  // SM clock of a short spin
void more_shared_memory(const void* kernel, std::size_t bytes);
CUtensorMap tensor_map(void* data, std::uint64_t columns, std::uint64_t rows, unsigned box_columns, unsigned box_rows,
                       CUtensorMapSwizzle swizzle,  // of bytes, row-major
                       CUtensorMapL2promotion promotion = CU_TENSOR_MAP_L2_PROMOTION_NONE);

// On the default stream, in clusters of `cluster` thread blocks.
template <class... P, class... A>
void launch_clusters(void (*kernel)(P...), int cluster, int grid, int block, std::size_t shared,
                     const A&... arguments) {
    cudaLaunchAttribute dimension{};
    dimension.id = cudaLaunchAttributeClusterDimension;
    dimension.val.clusterDim.x = static_cast<unsigned>(cluster), dimension.val.clusterDim.y = 1,
    dimension.val.clusterDim.z = 1;
    cudaLaunchConfig_t config{};
    config.gridDim = static_cast<unsigned>(grid), config.blockDim = static_cast<unsigned>(block),
    config.dynamicSmemBytes = shared;
    config.attrs = &dimension, config.numAttrs = 1;
    CHECK(cudaLaunchKernelEx(&config, kernel, static_cast<P>(arguments)...));
}

// The sections; each prints its items.
void device_facts();
void latencies();
void hbm();
void l2();
void tma();
void tensor_cores();
void cuda_cores();
void kernel_costs();
void synchronization();
void multicast();
void weights();
void phases_of_kernels();

}  // namespace micro
