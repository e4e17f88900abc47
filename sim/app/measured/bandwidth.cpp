#include "sim/app/measured/bandwidth.hpp"

#include "sim/app/measured/case_checks.hpp"
#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

constexpr std::int64_t kSurelyHeld = 40'000'000;  // of the 60 MiB of an H200's L2

// A block of `threads` that keeps `in_flight` bytes of loads (or stores) outstanding and takes as much per step.
StreamDesc stream(std::int64_t bytes_read, std::int64_t bytes_written, std::int64_t in_flight, int threads, int sms) {
    const std::int64_t elements = std::max(bytes_read, bytes_written) / 4;
    StreamDesc d = stream_kernels::elementwise(1, elements, 1, DType::int32, DType::int32);
    if (bytes_read == 0) { d.reads.clear(); }
    if (bytes_written == 0) { d.writes = {d.reads.front()}, d.writes.front().cols = sms; }
    stream_kernels::Geometry g;
    g.tile_rows = 1;
    g.tile_cols = std::max<std::int64_t>(1, in_flight / 4);
    g.threads = threads;
    g.max_ctas = sms;
    g.load_bytes_in_flight = bytes(std::max<std::int64_t>(4, in_flight / threads));
    return stream_kernels::with_geometry(d, g);
}

}  // namespace

void read_bandwidth(const JsonCursor& item, Case& out) {
    const std::string id = item.text("id");
    const bool hbm = id.rfind("B.", 0) == 0;
    const std::string mode = hbm ? item.text_or("mode", "copy") : (id == "C.l2_read" ? "read" : "write");
    out.family = id.rfind("C.capacity", 0) == 0 ? "l2_capacity" : (hbm ? "hbm_" : "l2_") + mode;
    out.variant = item.text_or("method", "driver");
    out.unit = "GB/s";
    out.measured = item.at("GBps").positive("med");
    if (id == "B.driver_copy") { throw ModelError("a copy by the driver: its kernel is not known"); }
    if (!hbm && id != "C.l2_read" && id != "C.l2_write") {
        throw ModelError("residency in L2 is the lowering's rule, no kernel's: kernels are told what L2 holds");
    }
    if (out.variant.rfind("tma", 0) == 0) {
        throw ModelError("loads and stores by TMA: the model's stream kernels use vector instructions");
    }
    if (mode != "read" && mode != "write" && mode != "copy") { item.at("mode").fail("expected read, write or copy"); }
    const int sms = sms_of(item.at("sms"));
    const int threads = static_cast<int>(std::clamp<std::int64_t>(item.count_or("threads", 1024), 1, 1024));
    const bool counted = item.has("bytes_in_flight_per_sm") && item.at("bytes_in_flight_per_sm").integer() > 0;
    const std::int64_t in_flight =
        counted ? item.count("bytes_in_flight_per_sm") : threads * 16 * item.count_or("unroll", 4);
    const bool read = mode != "write", write = mode != "read";
    if (out.measured * item.at("ns").positive("med") > 1e12) { item.at("ns").fail("more bytes than a GPU moves"); }
    const auto moved =
        static_cast<std::int64_t>(out.measured * item.at("ns").positive("med") / (read && write ? 2 : 1));
    StreamDesc d = stream(read ? moved : 0, write ? moved : 0, in_flight, threads, sms);
    if (!hbm) {
        if (item.count("working_set") > kSurelyHeld) {
            throw ModelError("a working set at the capacity edge of L2: kernels are told what L2 holds");
        }
        for (Operand& o : d.reads) { o.l2_resident = 1.0; }
    }
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.shape = {{"sms", sms}, {"bytes_in_flight_per_sm", in_flight}};
    out.payload = bytes(read && write ? 2 * moved : moved);
    out.net_of_launch = true;
    out.launches = {{d, sms}};
}

}  // namespace tessera::measured
