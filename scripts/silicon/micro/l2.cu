// C: L2 bandwidth against SMs, and against the size of the working set.
#include "streams.cuh"

namespace micro {
namespace {

template <bool kWrite, bool kFixed = false>
void set_in_l2(const char* id, std::size_t set, int sms, std::size_t moved) {
    static Buffer<unsigned> sink(1);
    static Buffer<Span> unused(static_cast<std::size_t>(sm_count()));
    const auto pieces = static_cast<unsigned>(set / 512);
    const std::uint64_t passes = std::max<std::size_t>(1, moved / set);
    const auto data = reinterpret_cast<uint4*>(scratch());
    const auto kernel = rotating<kWrite, kFixed>;
    more_shared_memory(reinterpret_cast<const void*>(rotating<false>), 120 * kKiB);
    more_shared_memory(reinterpret_cast<const void*>(kernel), 120 * kKiB);
    rotating<false><<<sm_count(), 1024, 120 * kKiB>>>(data, pieces, 2ull * pieces, unused.get(), sink.get());
    CHECK(cudaDeviceSynchronize());
    const Repeats r = repeat(
        3, sms, [&](Span* s) { kernel<<<sms, 1024, 120 * kKiB>>>(data, pieces, passes * pieces, s, sink.get()); });
    Item(id)
        .with("method", kWrite ? "vec16 write" : "vec16 ld.cg")
        .with("pattern", kFixed ? "fixed slice" : "rotating")
        .with("working_set", set)
        .with("sms", sms)
        .with("bytes_in_flight_per_sm", kWrite ? 0 : 65536)
        .with("ns", stat(r.ns).med)
        .with("sm_ghz", stat(r.ghz))
        .with("GBps", r.rate())
        .with("bytes_per_clk_per_sm", r.per_clock(sms));
}

}  // namespace

void l2() {
    const auto some = [](int sms) {
        return std::max<std::size_t>(64 * kMiB, static_cast<std::size_t>(sms) * 30 * kMiB);
    };
    for (const int sms : {1, 2, 4, 8, 16, 32, 64, 96, 132}) {
        if (sms > sm_count()) { continue; }
        for (const std::size_t set : {8, 16, 24}) { set_in_l2<false>("C.l2_read", set * kMiB, sms, some(sms)); }
        set_in_l2<true>("C.l2_write", 16 * kMiB, sms, some(sms));
    }
    if (sm_count() != 132) {
        set_in_l2<false>("C.l2_read", 16 * kMiB, sm_count(), some(sm_count()));
        set_in_l2<true>("C.l2_write", 16 * kMiB, sm_count(), some(sm_count()));
    }
    for (std::size_t set = 8; set <= 256; set += set < 64 ? 4 : set < 128 ? 16 : 64) {
        set_in_l2<false>("C.capacity_read", set * kMiB, sm_count(), 3 * kGiB);
        set_in_l2<false, true>("C.capacity_read", set * kMiB, sm_count(), 3 * kGiB);
    }
}

}  // namespace micro
