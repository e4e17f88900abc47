// D: issue, latency and throughput of bulk tensor copies out of L2.
#include "streams.cuh"

namespace micro {
namespace {

constexpr int kColumns = 8192, kRounds = 64;

struct Box {
    const char* name;
    int columns, rows;  // bytes, rows
    int bytes() const { return columns * rows; }
};
constexpr Box kBoxes[] = {
    {"fp8 64x64", 64, 64}, {"fp8 128x128", 128, 128}, {"bf16 128x128 unswizzled, 1 box", 256, 128}};

CUtensorMapSwizzle swizzle(const Box& b) {
    return b.columns == 64    ? CU_TENSOR_MAP_SWIZZLE_64B
           : b.columns == 128 ? CU_TENSOR_MAP_SWIZZLE_128B
                              : CU_TENSOR_MAP_SWIZZLE_NONE;
}

CUtensorMap map_of(const Box& b, std::size_t set) {
    return tensor_map(scratch(), kColumns, set / kColumns, static_cast<unsigned>(b.columns),
                      static_cast<unsigned>(b.rows), swizzle(b));
}

// One thread issues boxes and waits for all: cycles to the last issue, and to the last byte.
template <int kCount>
__global__ void burst(const __grid_constant__ CUtensorMap map, int columns, unsigned bytes, unsigned* issue,
                      unsigned* all) {
    extern __shared__ char stages[];
    __shared__ unsigned long long full;
    const unsigned base = aligned(shared_address(stages)), barrier = shared_address(&full);
    barrier_init(barrier, 1);
    fence_barrier_init();
    for (unsigned round = 0; round < kRounds; ++round) {
        expect(barrier, bytes * kCount);
        const unsigned begin = clock32();
#pragma unroll
        for (int i = 0; i < kCount; ++i) { tensor_load(base + i * bytes, &map, i * columns, 0, barrier); }
        const unsigned issued = clock32();
        wait(barrier, round % 2);
        all[round] = clock32() - begin, issue[round] = issued - begin;
    }
}

template <int kCount>
void bursts(const Box& box) {
    more_shared_memory(reinterpret_cast<const void*>(burst<kCount>), 200 * kKiB);
    Buffer<unsigned> issue(kRounds), all(kRounds);
    burst<kCount><<<1, 1, 200 * kKiB>>>(map_of(box, 16 * kMiB), box.columns, static_cast<unsigned>(box.bytes()),
                                        issue.get(), all.get());
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
    const auto settled = [](const Buffer<unsigned>& b) {
        const std::vector<unsigned> v = b.read();
        return stat(std::vector<double>(v.begin() + 8, v.end()));
    };
    Item("D.burst")
        .with("box", box.name)
        .with("bytes_each", box.bytes())
        .with("n", kCount)
        .with("from", "L2")
        .with("cycles_to_issue_all", settled(issue))
        .with("cycles", settled(all))
        .with("sm_ghz", clock_ghz());
}

void throughput(const Box& box, int sms) {
    constexpr std::size_t kSet = 16 * kMiB;
    const auto bytes = static_cast<unsigned>(box.bytes());
    const int row_bits = box.columns == 64 ? 7 : box.columns == 128 ? 6 : 5;  // of kColumns
    for (const unsigned stages : {1u, 2u, 3u, 4u, 6u, 8u}) {
        if (stages * bytes > 200 * kKiB) { break; }
        const auto chunks = static_cast<unsigned>(kSet / bytes);
        const Ring work{scratch(), nullptr,     bytes,
                        stages,    chunks,      chunks * static_cast<unsigned>(sms > 1 ? sms / 4 : 2),
                        row_bits,  box.columns, box.rows};
        const Repeats r = run_ring<Mode::kRead>(work, map_of(box, kSet), sms, 3);
        Item("D.tensor_load_throughput")
            .with("box", box.name)
            .with("stage_bytes", static_cast<int>(bytes))
            .with("in_flight", static_cast<int>(stages))
            .with("sms", sms)
            .with("from", "L2, 16 MiB set")
            .with("sm_ghz", stat(r.ghz))
            .with("GBps", r.rate())
            .with("bytes_per_clk_per_sm", r.per_clock(sms));
    }
}

}  // namespace

void tma() {
    for (const Box& box : kBoxes) {
        if (box.bytes() * 8 <= 190 * 1024) { bursts<1>(box), bursts<2>(box), bursts<4>(box), bursts<8>(box); }
        throughput(box, 1);
        throughput(box, sm_count());
    }
}

}  // namespace micro
