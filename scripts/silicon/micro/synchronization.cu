// G, second part: barriers of blocks, clusters and grids, flags and sums in L2.
#include "device.cuh"

namespace micro {
namespace {

void report(const std::string& what, int threads, const Repeats& r, int count) {
    Item("G.barrier")
        .with("what", what)
        .with("threads", threads)
        .with("cycles", r.per(r.cycles, count))
        .with("sm_ghz", stat(r.ghz));
}

enum class Barrier { kBlock, kCluster, kProxyFence };
template <Barrier kind>
__global__ void barriers(int count, Span* spans) {
    __syncthreads();
    const Stopwatch watch;
#pragma unroll 1
    for (int i = 0; i < count; ++i) {
        if (kind == Barrier::kBlock) {
            __syncthreads();
        } else if (kind == Barrier::kCluster) {
            cluster_barrier();
        } else {
            fence_async();
        }
    }
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, 0); }
}

// Two warps of a block, or the first threads of two blocks of a cluster, wake each other in turns.
template <bool kCluster>
__global__ void turns(int count, Span* span) {
    __shared__ unsigned long long barrier[2];
    const unsigned side = kCluster ? rank_in_cluster() : threadIdx.x / 32;
    const unsigned own = shared_address(barrier + (kCluster ? 0 : side));
    const unsigned other = kCluster ? in_block(own, side ^ 1) : shared_address(barrier + (side ^ 1));
    if (threadIdx.x == 0) {
        barrier_init(shared_address(barrier), 1), barrier_init(shared_address(barrier + 1), 1);
        fence_barrier_init();
    }
    __syncthreads();
    if (kCluster) { cluster_barrier(); }
    const auto wake = [&] {
        if (kCluster) {
            arrive_remote(other);
        } else {
            arrive(other);
        }
    };
    if (threadIdx.x % 32 == 0 && (!kCluster || threadIdx.x == 0)) {
        const Stopwatch watch;
        for (int i = 0; i < count; ++i) {
            if (side == 0) { wake(); }
            wait(own, static_cast<unsigned>(i % 2));
            if (side == 1) { wake(); }
        }
        if (side == 0) { watch.stop(span, 0); }
    }
    if (kCluster) {  // nobody leaves while the other still writes to its barrier
        __syncthreads();
        cluster_barrier();
    }
}

__device__ unsigned load_acquire(const unsigned* p) {
    unsigned v;
    asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(v) : "l"(p) : "memory");
    return v;
}
__device__ void wait_for(const unsigned* p, unsigned value) {
    for (unsigned tries = 0; static_cast<int>(load_acquire(p) - value) < 0; ++tries) {
        if (tries > 10000000) { __trap(); }
    }
}

// Every block adds one to a counter in L2 and waits for all.
__global__ void __launch_bounds__(256, 1) grid_barriers(int count, unsigned* counter, Span* spans) {
    const Stopwatch watch;
    for (unsigned i = 1; i <= static_cast<unsigned>(count); ++i) {
        __syncthreads();
        if (threadIdx.x == 0) {
            asm volatile("red.release.gpu.global.add.u32 [%0], 1;" ::"l"(counter) : "memory");
            wait_for(counter, i * gridDim.x);
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, 0); }
}

// The first threads on two SMs answer each other through two flags.
__global__ void flags_of(unsigned from, unsigned peer, int count, unsigned* flags, Span* span) {
    if (threadIdx.x != 0 || (sm_id() != from && sm_id() != peer)) { return; }
    const bool first = sm_id() == from;
    const auto raise = [&](unsigned* flag, unsigned value) {
        asm volatile("st.release.gpu.global.u32 [%0], %1;" ::"l"(flag), "r"(value) : "memory");
    };
    const Stopwatch watch;
    for (unsigned i = 1; i <= static_cast<unsigned>(count); ++i) {
        if (first) { raise(flags, i); }
        wait_for(flags + (first ? 64 : 0), i);
        if (!first) { raise(flags + 64, i); }
    }
    if (first) { watch.stop(span, 0); }
}

__global__ void __launch_bounds__(512, 1) sums(int count, unsigned* word, Span* spans) {
    __syncthreads();
    const Stopwatch watch;
#pragma unroll 4
    for (int i = 0; i < count; ++i) { asm volatile("red.global.add.u32 [%0], 1;" ::"l"(word) : "memory"); }
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) { watch.stop(spans + blockIdx.x, static_cast<std::uint64_t>(count) * blockDim.x); }
}

void within_a_chip() {
    constexpr int kTurns = 200, kSums = 800, kAlone = 120;  // KiB that leave one block an SM
    Buffer<unsigned> words(128);
    for (const int blocks : {1, 2, 4, 8, 16, 32, 64, 96, sm_count()}) {
        more_shared_memory(reinterpret_cast<const void*>(grid_barriers), kAlone * kKiB);
        const Repeats r = repeat(3, blocks, [&](Span* s) {
            CHECK(cudaMemset(words.get(), 0, 4));
            grid_barriers<<<blocks, 32, kAlone * kKiB>>>(kTurns, words.get(), s);
        });
        Item("G.grid_barrier")
            .with("kind", "one L2 counter, red.release + ld.acquire spin")
            .with("ctas", blocks)
            .with("threads", 32)
            .with("cycles", r.per(r.cycles, kTurns))
            .with("sm_ghz", stat(r.ghz));
    }
    std::vector<double> cycles;
    std::vector<std::int64_t> peers, by_peer;
    for (int peer = 1; peer < sm_count(); peer += 10) {
        more_shared_memory(reinterpret_cast<const void*>(flags_of), 200 * kKiB);
        const Repeats r = repeat(2, 1, [&](Span* s) {
            CHECK(cudaMemset(words.get(), 0, 512));
            flags_of<<<sm_count(), 32, 200 * kKiB>>>(0, static_cast<unsigned>(peer), kTurns, words.get(), s);
        });
        cycles.push_back(r.per(r.cycles, kTurns).med);
        peers.push_back(peer), by_peer.push_back(static_cast<std::int64_t>(cycles.back()));
    }
    Item("G.flag_round_trip_L2")
        .with("from_smid", 0)
        .with("peer_smid", peers)
        .with("cycles_by_peer", by_peer)
        .with("cycles", stat(cycles))
        .with("sm_ghz", clock_ghz());
    for (const int sms : {1, 16, sm_count()}) {
        more_shared_memory(reinterpret_cast<const void*>(sums), kAlone * kKiB);
        const Repeats r = repeat(3, sms, [&](Span* s) { sums<<<sms, 512, kAlone * kKiB>>>(kSums, words.get(), s); });
        Item("G.atomics")
            .with("what", "red.u32, one address for all")
            .with("sms", sms)
            .with("threads_per_sm", 512)
            .with("sums_of_a_thread", kSums)
            .with("cycles", stat(r.cycles))
            .with("lane_ops_per_clk", r.per_clock(1))
            .with("sm_ghz", stat(r.ghz));
    }
}

}  // namespace

void synchronization() {
    constexpr int kCount = 2000;
    for (const int threads : {32, 64, 128, 256, 384, 512, 1024}) {
        report("__syncthreads", threads,
               repeat(4, 1, [&](Span* s) { barriers<Barrier::kBlock><<<1, threads>>>(kCount, s); }), kCount);
    }
    for (const int blocks : {2, 4, 8}) {
        const Repeats r = repeat(4, blocks, [&](Span* s) {
            launch_clusters(barriers<Barrier::kCluster>, blocks, blocks, 128, 0, kCount, s);
        });
        report("cluster barrier, " + std::to_string(blocks) + " CTAs", 128, r, kCount);
    }
    report("fence.proxy.async.shared::cta", 128,
           repeat(4, 1, [&](Span* s) { barriers<Barrier::kProxyFence><<<1, 128>>>(kCount, s); }), kCount);
    report("mbarrier round trip, two warps of a CTA", 64,
           repeat(4, 1, [&](Span* s) { turns<false><<<1, 64>>>(kCount, s); }), kCount);
    report("mbarrier round trip, two CTAs of a cluster", 2,
           repeat(4, 1, [&](Span* s) { launch_clusters(turns<true>, 2, 2, 32, 0, kCount, s); }), kCount);
    within_a_chip();
}

}  // namespace micro
