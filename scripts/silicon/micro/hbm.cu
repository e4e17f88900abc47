// B: HBM bandwidth of all SMs, of some, and against bytes in flight.
#include "streams.cuh"

namespace micro {
namespace {

constexpr std::size_t kHalf = kScratch / 2;  // sources below, destinations above

// Regions rotate, so that no run finds in L2 what the one before left.
std::size_t next_region(std::size_t bytes) {
    static std::size_t at = 0;
    at = at + 2 * bytes > kHalf ? 0 : at + (bytes + kMiB - 1) / kMiB * kMiB;
    return at;
}

template <Mode mode>
void stream_vectors(const char* id, std::size_t bytes, int sms, int times) {
    constexpr int kUnroll = mode == Mode::kCopy ? 4 : 8, kThreads = 1024;
    static Buffer<unsigned> sink(1);
    const std::size_t chunk = std::size_t{kThreads} * kUnroll * 16,
                      per_sm = bytes / chunk / static_cast<std::size_t>(sms);
    const std::size_t chunks = per_sm * static_cast<std::size_t>(sms);
    more_shared_memory(reinterpret_cast<const void*>(vectors<mode, kUnroll>), 120 * kKiB);
    const Repeats r = repeat(times, sms, [&](Span* s) {
        char* at = scratch() + next_region(bytes);
        vectors<mode, kUnroll><<<sms, kThreads, 120 * kKiB>>>(
            reinterpret_cast<const uint4*>(at), reinterpret_cast<uint4*>(at + kHalf), chunks, s, sink.get());
    });
    Item(id)
        .with("method", "vec16")
        .with("mode", name(mode))
        .with("bytes", chunks * chunk)
        .with("sms", sms)
        .with("threads", kThreads)
        .with("unroll", kUnroll)
        .with("ns", stat(r.ns).med)
        .with("sm_ghz", stat(r.ghz))
        .with("GBps", r.rate());
}

template <Mode mode>
void stream_bulk(const char* id, std::size_t bytes, int sms, unsigned stage_bytes, unsigned stages, int times) {
    const auto n = static_cast<std::size_t>(sms);
    const auto chunks = static_cast<unsigned>(bytes / stage_bytes / n * n);
    more_shared_memory(reinterpret_cast<const void*>(ring<mode>), 200 * kKiB);
    const Repeats r = repeat(times, sms, [&](Span* s) {
        char* at = scratch() + next_region(bytes);
        const Ring work{at, at + kHalf, stage_bytes, stages, chunks, chunks};
        ring<mode><<<sms, ring_threads<mode>(work), ring_memory(work)>>>(CUtensorMap{}, work, s);
    });
    Item(id)
        .with("method", "tma1d")
        .with("mode", name(mode))
        .with("bytes", std::size_t{chunks} * stage_bytes)
        .with("sms", sms)
        .with("stage_bytes", static_cast<int>(stage_bytes))
        .with("stages", static_cast<int>(stages))
        .with("bytes_in_flight_per_sm", static_cast<int>(stage_bytes * stages))
        .with("ns", stat(r.ns).med)
        .with("sm_ghz", stat(r.ghz))
        .with("GBps", r.rate());
}

void all_modes(const char* id, std::size_t bytes, int sms, int times) {
    stream_vectors<Mode::kRead>(id, bytes, sms, times);
    stream_vectors<Mode::kWrite>(id, bytes, sms, times);
    stream_vectors<Mode::kCopy>(id, bytes, sms, times);
    stream_bulk<Mode::kRead>(id, bytes, sms, 16384, 12, times);
    stream_bulk<Mode::kWrite>(id, bytes, sms, 16384, 12, times);
    stream_bulk<Mode::kCopy>(id, bytes, sms, 16384, 12, times);
}

void driver_copy(std::size_t bytes) {
    cudaEvent_t begin, end;
    CHECK(cudaEventCreate(&begin));
    CHECK(cudaEventCreate(&end));
    std::vector<double> ns, rate;
    for (int i = 0; i < 6; ++i) {
        CHECK(cudaEventRecord(begin));
        CHECK(cudaMemcpyAsync(scratch() + kHalf, scratch(), bytes, cudaMemcpyDeviceToDevice));
        CHECK(cudaEventRecord(end));
        CHECK(cudaEventSynchronize(end));
        float ms = 0;
        CHECK(cudaEventElapsedTime(&ms, begin, end));
        if (i == 0) { continue; }
        ns.push_back(ms * 1e6);
        rate.push_back(2.0 * static_cast<double>(bytes) / ns.back());
    }
    Item("B.driver_copy")
        .with("what", "cudaMemcpyAsync D2D")
        .with("bytes", bytes)
        .with("ns_event", stat(ns))
        .with("GBps", stat(rate));
    CHECK(cudaEventDestroy(begin));
    CHECK(cudaEventDestroy(end));
}

}  // namespace

void hbm() {
    for (const std::size_t bytes : {256 * kMiB, kGiB, 2 * kGiB, 4 * kGiB}) {
        all_modes("B.full", bytes, sm_count(), 7);
    }
    for (const std::size_t bytes : {kGiB, 4 * kGiB}) { driver_copy(bytes); }
    for (const int sms : {1, 2, 4, 8, 16, 20, 32, 48, 64, 96, 112, 132}) {
        if (sms <= sm_count()) { all_modes("B.sms", static_cast<std::size_t>(sms) * 16 * kMiB, sms, 5); }
    }
    for (const int sms : {1, 16, sm_count()}) {
        for (const unsigned stage_bytes : {4096u, 16384u}) {
            for (const unsigned stages : {1u, 2u, 3u, 4u, 6u, 8u, 12u}) {
                stream_bulk<Mode::kRead>("B.little_tma", static_cast<std::size_t>(sms) * 8 * kMiB, sms, stage_bytes,
                                         stages, 4);
            }
        }
    }
}

}  // namespace micro
