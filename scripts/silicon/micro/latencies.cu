// A: latency of shared memory, of L2 by SM and line, and of HBM.
#include "device.cuh"

#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace micro {
namespace {

// A random cycle over count places: next[i] is where i leads.
std::vector<unsigned> cycle(unsigned count, unsigned seed) {
    std::vector<unsigned> order(count), next(count);
    std::iota(order.begin(), order.end(), 0u);
    std::shuffle(order.begin(), order.end(), std::mt19937(seed));
    for (unsigned i = 0; i < count; ++i) { next[order[i]] = order[(i + 1) % count]; }
    return next;
}

__global__ void chase_shared(const unsigned* next, int count, int hops, Span* span, unsigned* sink) {
    extern __shared__ unsigned words[];
    const unsigned base = shared_address(words);
    for (int i = static_cast<int>(threadIdx.x); i < count; i += static_cast<int>(blockDim.x)) {
        words[i] = base + 4 * next[i];
    }
    __syncthreads();
    if (threadIdx.x != 0) { return; }
    unsigned at = base;
    const Stopwatch watch;
#pragma unroll 16
    for (int h = 0; h < hops; ++h) { asm volatile("ld.shared.u32 %0, [%0];" : "+r"(at)::"memory"); }
    watch.stop(span, 0);
    *sink = at;
}

void shared_memory() {
    constexpr unsigned kWords = 4096;
    constexpr int kHops = 32768;
    Buffer<unsigned> next(kWords), sink(1);
    next.write(cycle(kWords, 7));
    const Repeats r =
        repeat(5, 1, [&](Span* s) { chase_shared<<<1, 128, kWords * 4>>>(next.get(), kWords, kHops, s, sink.get()); });
    Item("A.smem")
        .with("footprint", std::size_t{kWords} * 4)
        .with("cycles", r.per(r.cycles, kHops))
        .with("ns", r.per(r.ns, kHops))
        .with("sm_ghz", stat(r.ghz));
}

__global__ void link(char* base, const unsigned* next, int count) {
    for (int i = static_cast<int>(threadIdx.x); i < count; i += static_cast<int>(blockDim.x)) {
        *reinterpret_cast<char**>(base + i * 128) = base + next[i] * 128;
    }
}

__global__ void chase_global(const char* at, int hops, Span* span, const char** sink) {
    const Stopwatch watch;
#pragma unroll 16
    for (int h = 0; h < hops; ++h) { asm volatile("ld.global.cg.u64 %0, [%0];" : "+l"(at)::"memory"); }
    watch.stop(span, 0);
    *sink = at;
}

// Lines of one 2 MiB page, none in L2, each visited once.
void hbm_cold() {
    constexpr std::size_t kPage = 2 * kMiB;
    constexpr int kLines = kPage / 128, kHops = 4096;
    Buffer<unsigned> next(kLines);
    Buffer<const char*> sink(1);
    next.write(cycle(kLines, 11));
    char* page = scratch();
    link<<<1, 1024>>>(page, next.get(), kLines);
    const Repeats r = repeat(5, 1, [&](Span* s) {
        flush_l2();
        chase_global<<<1, 1>>>(page, kHops, s, sink.get());
    });
    Item("A.hbm_chase_cold")
        .with("footprint", kPage)
        .with("cycles", r.per(r.cycles, kHops))
        .with("ns", r.per(r.ns, kHops))
        .with("sm_ghz", stat(r.ghz));
}

// From the SM `target`: shortest of some loads of each line. The use of a load is a store to shared memory.
__global__ void probe_lines(unsigned target, const char* base, std::size_t stride, int lines, unsigned* best) {
    __shared__ unsigned used;
    if (sm_id() != target || threadIdx.x != 0) { return; }
    const unsigned use = shared_address(&used);
    for (int turn = 0; turn < 7; ++turn) {
        for (int i = 0; i < lines; ++i) {
            unsigned value;
            const char* line = base + static_cast<std::size_t>(i) * stride;
            asm volatile("" : "+l"(line)::"memory");  // the address is known before the clock starts
            const unsigned begin = clock32();
            asm volatile("ld.global.cg.u32 %0, [%1];" : "=r"(value) : "l"(line) : "memory");
            store_shared(use, value);
            const unsigned cycles = clock32() - begin;
            if (turn == 1 || (turn > 1 && cycles < best[i])) { best[i] = cycles; }
        }
    }
}

struct Halves {
    double near, far;
};
// Means of the two groups that values fall into (two-means).
Halves split(const std::vector<double>& values) {
    Halves mean{stat(values).min, stat(values).max};
    for (int round = 0; round < 40; ++round) {
        double sum[2] = {0, 0}, count[2] = {0, 0};
        for (const double v : values) {
            const int group = std::abs(v - mean.near) <= std::abs(v - mean.far) ? 0 : 1;
            sum[group] += v, count[group] += 1;
        }
        mean = {sum[0] / std::max(1.0, count[0]), sum[1] / std::max(1.0, count[1])};
    }
    return mean;
}

void l2_lines() {
    constexpr int kLines = 512, kBin = 8;
    constexpr std::size_t kStride = 97 * 128;
    more_shared_memory(reinterpret_cast<const void*>(probe_lines), 200 * kKiB);
    Buffer<unsigned> best(kLines);
    std::vector<double> all;
    std::map<int, std::int64_t> histogram;
    for (int sm = 0; sm < sm_count(); ++sm) {
        CHECK(cudaMemset(scratch(), sm, kStride * kLines));
        probe_lines<<<sm_count(), 32, 200 * kKiB>>>(static_cast<unsigned>(sm), scratch(), kStride, kLines, best.get());
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        for (const unsigned cycles : best.read()) {
            all.push_back(cycles);
            ++histogram[static_cast<int>(cycles) / kBin * kBin];
        }
    }
    std::vector<std::int64_t> starts, counts;
    for (const auto& [start, count] : histogram) { starts.push_back(start), counts.push_back(count); }
    const Halves mean = split(all);
    Item("A.l2_line_latency")
        .with("sms", sm_count())
        .with("lines", kLines)
        .with("line_stride", kStride)
        .with("cycles", stat(all))
        .with("near_mean_cycles", mean.near)
        .with("far_mean_cycles", mean.far)
        .with("sm_ghz", clock_ghz())
        .with("hist_bin_start", starts)
        .with("hist_count", counts);
}

}  // namespace

void latencies() {
    shared_memory();
    l2_lines();
    hbm_cold();
}

}  // namespace micro
