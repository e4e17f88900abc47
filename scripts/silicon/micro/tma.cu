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
constexpr Box kBoxes[] = {{"fp8 64x64", 64, 64},
                          {"fp8 128x64 (128 rows, 64 B)", 64, 128},
                          {"fp8 128x128", 128, 128},
                          {"bf16 128x128 unswizzled, 1 box", 256, 128}};

CUtensorMapSwizzle swizzle(const Box& b) {
    return b.columns == 64    ? CU_TENSOR_MAP_SWIZZLE_64B
           : b.columns == 128 ? CU_TENSOR_MAP_SWIZZLE_128B
                              : CU_TENSOR_MAP_SWIZZLE_NONE;
}

CUtensorMap map_of(const Box& b, std::size_t set) {
    return tensor_map(scratch(), kColumns, set / kColumns, static_cast<unsigned>(b.columns),
                      static_cast<unsigned>(b.rows), swizzle(b));
}

Stat settled(const Buffer<unsigned>& rounds) {
    const std::vector<unsigned> all = rounds.read();
    return stat(std::vector<double>(all.begin() + 8, all.end()));
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

// One thread loads one piece after another and waits for each: as plain bytes, or as a box if box_rows is given.
__global__ void loads(const __grid_constant__ CUtensorMap map, const char* from, unsigned bytes, int box_rows,
                      unsigned* done) {
    extern __shared__ char stages[];
    __shared__ unsigned long long full;
    const unsigned to = aligned(shared_address(stages)), barrier = shared_address(&full);
    const unsigned apart = (bytes + 8191) / 8192 * 8192 + 33 * 128;  // other rows and slices each time
    barrier_init(barrier, 1);
    fence_barrier_init();
    for (unsigned round = 0; round < kRounds; ++round) {
        const unsigned begin = clock32();
        expect(barrier, bytes);
        if (box_rows > 0) {
            tensor_load(to, &map, 0, static_cast<int>(round) * box_rows, barrier);
        } else {
            bulk_load(to, from + std::size_t{round} * apart, bytes, barrier);
        }
        wait(barrier, round % 2);
        done[round] = clock32() - begin;
    }
}

// Out of HBM after a flush; out of L2 when the same pieces were loaded just before.
void load_latency(const Box* box, unsigned bytes) {
    more_shared_memory(reinterpret_cast<const void*>(loads), 100 * kKiB);
    Buffer<unsigned> done(kRounds);
    const CUtensorMap map = box != nullptr ? map_of(*box, 128 * kMiB) : CUtensorMap{};
    flush_l2();
    for (const char* from : {"HBM (flushed)", "L2"}) {
        loads<<<1, 1, 100 * kKiB>>>(map, scratch(), bytes, box != nullptr ? box->rows : 0, done.get());
        CHECK(cudaGetLastError());
        CHECK(cudaDeviceSynchronize());
        Item item(box != nullptr ? "D.tensor_load_latency" : "D.bulk1d_load_latency");
        if (box != nullptr) { item.with("box", box->name).with("instructions", 1); }
        item.with("bytes", static_cast<int>(bytes))
            .with("from", from)
            .with("cycles", settled(done))
            .with("sm_ghz", clock_ghz());
    }
}

// One thread stores, or adds, tiles one after another: until shared memory is free, and until all is written.
template <bool kAdd>
__global__ void stores(char* to, unsigned bytes, unsigned* free, unsigned* done) {
    extern __shared__ char tile[];
    const unsigned from = aligned(shared_address(tile));
    for (unsigned i = threadIdx.x; i < bytes / 4; i += blockDim.x) {
        store_shared(from + 4 * i, __float_as_uint(0.25f));
    }
    fence_async();
    __syncthreads();
    if (threadIdx.x != 0) { return; }
    for (unsigned round = 0; round < kRounds; ++round) {
        char* place = to + std::size_t{round} * bytes;
        const unsigned begin = clock32();
        if (kAdd) {
            bulk_add(reinterpret_cast<float*>(place), from, bytes);
        } else {
            bulk_store(place, from, bytes);
        }
        stores_have_read<0>();
        const unsigned read = clock32();
        stores_done();
        done[round] = clock32() - begin, free[round] = read - begin;
    }
}

template <bool kAdd>
void store_latency(unsigned bytes) {
    more_shared_memory(reinterpret_cast<const void*>(stores<kAdd>), 100 * kKiB);
    Buffer<unsigned> free(kRounds), done(kRounds);
    stores<kAdd><<<1, 128, 100 * kKiB>>>(scratch() + kGiB, bytes, free.get(), done.get());
    CHECK(cudaGetLastError());
    CHECK(cudaDeviceSynchronize());
    Item("D.store_latency")
        .with("what", kAdd ? "bulk reduce-add f32 1d" : "bulk store 1d")
        .with("bytes", static_cast<int>(bytes))
        .with("cycles_source_free", settled(free))
        .with("cycles", settled(done))
        .with("sm_ghz", clock_ghz());
}

}  // namespace

void tma() {
    for (const unsigned bytes : {16u, 128u, 1024u, 2048u, 4096u, 16384u, 65536u}) { load_latency(nullptr, bytes); }
    for (const Box& box : kBoxes) { load_latency(&box, static_cast<unsigned>(box.bytes())); }
    for (const unsigned bytes : {1024u, 8192u, 16384u, 32768u}) {
        store_latency<false>(bytes), store_latency<true>(bytes);
    }
    for (const Box& box : kBoxes) {
        if (box.bytes() * 8 <= 190 * 1024) { bursts<1>(box), bursts<2>(box), bursts<4>(box), bursts<8>(box); }
        throughput(box, 1);
        throughput(box, sm_count());
    }
    multicast();
}

}  // namespace micro
