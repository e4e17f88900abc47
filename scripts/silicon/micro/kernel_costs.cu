// G: what kernels cost beside their work: launches, thread blocks that come and go, barriers, fences.
#include "device.cuh"

#include <map>

namespace micro {
namespace {

class Stream {
public:
    Stream() { CHECK(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
    ~Stream() { cudaStreamDestroy(stream_); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    operator cudaStream_t() const { return stream_; }

private:
    cudaStream_t stream_ = nullptr;
};

// Enqueues directly, or captures once and replays.
class Queue {
public:
    Queue(bool graph, std::function<void(cudaStream_t)> enqueue) : enqueue_(std::move(enqueue)) {
        if (!graph) { return; }
        cudaGraph_t captured;
        CHECK(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal));
        enqueue_(stream_);
        CHECK(cudaStreamEndCapture(stream_, &captured));
        CHECK(cudaGraphInstantiate(&graph_, captured, 0));
        CHECK(cudaGraphDestroy(captured));
    }
    ~Queue() {
        if (graph_ != nullptr) { cudaGraphExecDestroy(graph_); }
    }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;
    void run() {
        if (graph_ != nullptr) {
            CHECK(cudaGraphLaunch(graph_, stream_));
        } else {
            enqueue_(stream_);
        }
        CHECK(cudaStreamSynchronize(stream_));
    }

private:
    Stream stream_;
    std::function<void(cudaStream_t)> enqueue_;
    cudaGraphExec_t graph_ = nullptr;
};

// Spins on thread 0 of each block; a dependent kernel first waits for the one before.
template <bool kDependent>
__global__ void spin_timed(unsigned cycles, Span* spans) {
    if (kDependent) { asm volatile("griddepcontrol.launch_dependents;\ngriddepcontrol.wait;" ::: "memory"); }
    if (threadIdx.x != 0) { return; }
    const Stopwatch watch;
    while (clock64() - watch.clock < cycles) {}
    watch.stop(spans + blockIdx.x, 0);
}

template <bool kDependent>
void gaps(bool graph, std::size_t shared, unsigned cycles) {
    constexpr int kKernels = 40, kSettled = 8, kThreads = 384;
    const int grid = sm_count();
    Buffer<Span> spans(static_cast<std::size_t>(kKernels * grid));
    more_shared_memory(reinterpret_cast<const void*>(spin_timed<kDependent>), 200 * kKiB);
    Queue queue(graph, [&](cudaStream_t stream) {
        cudaLaunchAttribute early{};
        early.id = cudaLaunchAttributeProgrammaticStreamSerialization;
        early.val.programmaticStreamSerializationAllowed = 1;
        cudaLaunchConfig_t config{};
        config.gridDim = static_cast<unsigned>(grid), config.blockDim = kThreads;
        config.dynamicSmemBytes = shared, config.stream = stream;
        config.attrs = &early, config.numAttrs = kDependent ? 1 : 0;
        for (int k = 0; k < kKernels; ++k) {
            CHECK(cudaLaunchKernelEx(&config, spin_timed<kDependent>, cycles, spans.get() + k * grid));
        }
    });
    std::vector<double> gap, period;
    for (int round = 0; round < 4; ++round) {
        queue.run();
        const std::vector<Span> all = spans.read();
        const auto of = [&](int k) { return all.begin() + k * grid; };
        const auto first = [&](int k) {
            return std::min_element(of(k), of(k + 1), [](const Span& a, const Span& b) { return a.begin < b.begin; })
                ->begin;
        };
        const auto last = [&](int k) {
            return std::max_element(of(k), of(k + 1), [](const Span& a, const Span& b) { return a.end < b.end; })->end;
        };
        for (int k = kSettled; round > 0 && k + 1 < kKernels; ++k) {
            gap.push_back(static_cast<double>(first(k + 1)) - static_cast<double>(last(k)));
            period.push_back(static_cast<double>(first(k + 1) - first(k)));
        }
    }
    Item("G.kernel_gap")
        .with("how", graph ? "graph" : "stream")
        .with("pdl", kDependent ? 1 : 0)
        .with("grid", grid)
        .with("block", kThreads)
        .with("smem", shared)
        .with("spin_cycles", static_cast<int>(cycles))
        .with("ns", stat(gap))
        .with("period_ns", stat(period))
        .with("sm_ghz", clock_ghz());
}

struct Block {
    unsigned long long begin, end;  // clock of its SM
    unsigned sm;
};
__global__ void spin_clocked(unsigned cycles, Block* blocks) {
    if (threadIdx.x != 0) { return; }
    const unsigned long long begin = clock64();
    unsigned long long end = begin;
    while (end - begin < cycles) { end = clock64(); }
    blocks[blockIdx.x] = {begin, end, sm_id()};
}

// From the last instruction of a block to the first of the next on its SM, one block an SM.
void turnover(int threads) {
    const int grid = sm_count() * 10;
    Buffer<Block> blocks(static_cast<std::size_t>(grid));
    more_shared_memory(reinterpret_cast<const void*>(spin_clocked), 200 * kKiB);
    std::vector<double> cycles;
    for (int round = 0; round < 3; ++round) {
        spin_clocked<<<grid, threads, 200 * kKiB>>>(3000, blocks.get());
        CHECK(cudaDeviceSynchronize());
        std::map<unsigned, std::vector<Block>> by_sm;
        for (const Block& b : blocks.read()) { by_sm[b.sm].push_back(b); }
        for (auto& [sm, turns] : by_sm) {
            std::sort(turns.begin(), turns.end(), [](const Block& a, const Block& b) { return a.begin < b.begin; });
            for (std::size_t i = 1; round > 0 && i < turns.size(); ++i) {
                cycles.push_back(static_cast<double>(turns[i].begin - turns[i - 1].end));
            }
        }
    }
    const Stat s = stat(cycles);
    const double ghz = clock_ghz();
    Item("G.cta_turnover")
        .with("block", threads)
        .with("smem", 200 * kKiB)
        .with("cycles", s)
        .with("ns", s.med / ghz)
        .with("sm_ghz", ghz);
}

__global__ void empty() {}

void block_rate(int grid, int threads, std::size_t shared) {
    cudaEvent_t begin, end;
    CHECK(cudaEventCreate(&begin));
    CHECK(cudaEventCreate(&end));
    more_shared_memory(reinterpret_cast<const void*>(empty), 200 * kKiB);
    std::vector<double> ns;
    for (int round = 0; round < 5; ++round) {
        CHECK(cudaEventRecord(begin));
        empty<<<grid, threads, shared>>>();
        CHECK(cudaEventRecord(end));
        CHECK(cudaEventSynchronize(end));
        float ms = 0;
        CHECK(cudaEventElapsedTime(&ms, begin, end));
        if (round > 0) { ns.push_back(ms * 1e6); }
    }
    CHECK(cudaEventDestroy(begin));
    CHECK(cudaEventDestroy(end));
    const double ghz = clock_ghz();
    Item("G.cta_rate")
        .with("grid", grid)
        .with("block", threads)
        .with("smem", shared)
        .with("ns_event", stat(ns))
        .with("cycles_per_cta_per_sm", stat(ns).med * ghz / (static_cast<double>(grid) / sm_count()))
        .with("sm_ghz", ghz);
}

enum class Fence { kBlock, kGpu, kSystem, kAcquireRelease, kAcquireReleaseSystem };
constexpr const char* kFenceNames[] = {"__threadfence_block", "__threadfence", "__threadfence_system",
                                       "fence.acq_rel.gpu", "fence.acq_rel.sys"};
constexpr int kFences = 64, kSettledFences = 4;
constexpr std::size_t kApart = 97 * 32;  // words from one round's lines to the next one's: other slices

// Blocks on other SMs than `only` (any if negative) leave. Cycles of each fence after some stores of every thread.
template <Fence kind>
__global__ void __launch_bounds__(1024, 1) fences(int only, int stores, unsigned* buffer, unsigned* cycles) {
    __shared__ unsigned kept[kFences];
    if (only >= 0 && static_cast<int>(sm_id()) != only) { return; }
    unsigned* p = buffer + static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
    const std::size_t step = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    for (unsigned i = 0; i < kFences; ++i, p += kApart) {
        for (int s = 0; s < stores; ++s) {
            asm volatile("st.global.u32 [%0], %1;" ::"l"(p + static_cast<std::size_t>(s) * step), "r"(i) : "memory");
        }
        const unsigned begin = clock32();
        if (kind == Fence::kBlock) {
            __threadfence_block();
        } else if (kind == Fence::kGpu) {
            __threadfence();
        } else if (kind == Fence::kSystem) {
            __threadfence_system();
        } else if (kind == Fence::kAcquireReleaseSystem) {
            asm volatile("fence.acq_rel.sys;" ::: "memory");
        } else {
            asm volatile("fence.acq_rel.gpu;" ::: "memory");
        }
        const unsigned spent = clock32() - begin;
        if (threadIdx.x == 0) { kept[i] = spent; }
    }
    if (threadIdx.x == 0) {
        for (int i = 0; i < kFences; ++i) { cycles[(only < 0 ? blockIdx.x : 0) * kFences + i] = kept[i]; }
    }
}

// One SM at a time, over all of them, or all at once.
template <Fence kind>
void fence(bool together, int threads, int stores) {
    const int sms = sm_count();
    Buffer<unsigned> buffer(static_cast<std::size_t>(sms) * 1024 * 8 + kFences * kApart);
    Buffer<unsigned> cycles(static_cast<std::size_t>(together ? sms : 1) * kFences);
    more_shared_memory(reinterpret_cast<const void*>(fences<kind>), 200 * kKiB);
    std::vector<double> settled;
    for (int only = together ? -3 : 0; only < (together ? 0 : sms); ++only) {
        fences<kind><<<sms, threads, 200 * kKiB>>>(only, stores, buffer.get(), cycles.get());
        CHECK(cudaDeviceSynchronize());
        const std::vector<unsigned> all = cycles.read();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i % kFences >= kSettledFences) { settled.push_back(all[i]); }
        }
    }
    const double ghz = clock_ghz();
    Item("G.fence")
        .with("what", kFenceNames[static_cast<int>(kind)])
        .with("ctas", together ? sms : 1)
        .with("threads", threads)
        .with("stores_before_each", stores)
        .with("cycles", stat(settled))
        .with("ns", stat(settled).med / ghz)
        .with("sm_ghz", ghz);
}

}  // namespace

void kernel_costs() {
    for (const bool graph : {false, true}) {
        for (const std::size_t shared : {64 * kKiB, 200 * kKiB}) {
            for (const unsigned cycles : {4000u, 20000u}) {
                gaps<false>(graph, shared, cycles), gaps<true>(graph, shared, cycles);
            }
        }
    }
    for (const int threads : {128, 384, 1024}) { turnover(threads); }
    for (const int threads : {32, 64, 128}) { block_rate(1 << 20, threads, 0); }
    block_rate(1 << 19, 256, 0);
    block_rate(1 << 18, 512, 0);
    block_rate(1 << 16, 128, 200 * kKiB), block_rate(1 << 16, 384, 200 * kKiB);
    for (const int stores : {0, 1, 8}) {
        fence<Fence::kBlock>(false, 1, stores), fence<Fence::kGpu>(false, 1, stores);
        fence<Fence::kSystem>(false, 1, stores), fence<Fence::kAcquireRelease>(false, 1, stores);
    }
    for (const bool together : {false, true}) {
        fence<Fence::kGpu>(together, 1024, 4), fence<Fence::kAcquireRelease>(together, 1024, 4);
        fence<Fence::kAcquireReleaseSystem>(together, 256, 1);
    }
    synchronization();
}

}  // namespace micro
