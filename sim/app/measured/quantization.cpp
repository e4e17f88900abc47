#include "sim/app/measured/quantization.hpp"

#include "models/numerics/convert.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/base/error.hpp"
#include "sim/base/rng.hpp"
#include "sim/ir/stream_kernels.hpp"
#include "sim/ir/warp_code.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace tessera::measured {

namespace sk = stream_kernels;

namespace {

// CUDA C++ for sm_90a (CUDA 13.0): registers as ptxas reports them; instructions, stall counts and shared-memory
// accesses of one warp counted in the machine code; last, a block alone on its SM from its clock at each barrier
// (alone.json, phases), less its loads.
constexpr sk::WarpCode kTokenCode{32, 32, 290, 92, 8, 44, 1298};
constexpr sk::WarpCode kBlockCode{64, 64, 330, 132, 2, 60, 745, 1170};
constexpr sk::WarpCode kChannelCode{64, 63, 480, 147, 8, 156, 1122, 1966};
constexpr sk::WarpCode kRequantCode{64, 93, 730, 227, 8, 152, 1837, 3330};
constexpr sk::WarpCode kTurnCode{64, 39, 171, 71, 0, 96, 483};

// Store requests, one for eight lanes at most (stream21 of tests/validation/h200_micro_extra/streams.json: half the
// rate of the L2 with 8-byte stores, and a line's time for each 4-byte scale): 64 bytes where a lane stores 8.
constexpr std::int64_t kEightLanes = 64, kScale = 4, kTwoScales = 8;

StreamDesc stored_in(StreamDesc d, std::int64_t values, std::int64_t scales) {
    if (values > 0) { d.writes.front().run = bytes(values); }
    if (d.writes.size() > 1) { d.writes.back().run = bytes(scales); }
    return d;
}

// One thread block a tile of 128 x 128.
StreamDesc square(StreamDesc d, std::int64_t smem, Bytes in_flight, const sk::WarpCode& code) {
    return sk::with_code(sk::with_geometry(std::move(d), {128, 128, 0, 256, 0, bytes(smem), in_flight}), code);
}

}  // namespace

StreamDesc quantization_kernel(const std::string& name, std::int64_t rows, std::int64_t cols) {
    if (name == "per-token 1x128 BF16->E4M3") {
        StreamDesc d = sk::with_geometry(sk::per_token_cast(rows, cols, DType::bf16, sk::CastCode::multiply),
                                         {1, 0, 0, 256, 0, {}, bytes(64)});
        d.rows = std::max<std::int64_t>(1, rows * cols / 1024);  // 1,024 groups of 8 a block, whatever the row length
        d.cols = 1024;
        d.tile_rows = 8;
        return stored_in(sk::with_code(d, kTokenCode), kEightLanes, kTwoScales);
    }
    if (name == "128x128 block BF16->E4M3") {
        return stored_in(square(sk::block_cast(rows, cols), 32, bytes(128), kBlockCode), kEightLanes, kScale);
    }
    if (name == "per-channel 128x1 BF16->E4M3 + transpose") {
        return stored_in(square(sk::per_channel_cast_transpose(rows, cols), 34816, bytes(128), kChannelCode), 0,
                         kScale);
    }
    if (name == "E4M3 transpose") { return square(sk::transpose_fp8(rows, cols), 32768, bytes(64), kTurnCode); }
    if (name == "E4M3 1x128 -> dequantize, transpose, requantize 128x1") {
        return stored_in(
            square(sk::per_channel_cast_transpose(rows, cols, sk::CastSource::fp8), 37376, bytes(64), kRequantCode), 0,
            kScale);
    }
    throw ModelError("no quantization kernel is known as \"" + name + "\"");
}

namespace {

constexpr double kCalls = 10.0;  // between two events, on the same buffers
// Last block of a kernel to the first of the next of one stream, launched well ahead (G.kernel_gap, stream), and the
// host's time to launch a kernel where that is the longer one (the same item's period when its kernels last 2 us).
constexpr double kHostLaunchNs = 3840;
constexpr double kHeldBytes = 40e6;  // rewritten again and again without leaving the L2 (C.capacity_read)

}  // namespace

void quantization_case(const JsonCursor& item, Case& out) {
    const std::int64_t rows = item.count("rows"), cols = item.count("cols");
    out.family = "quantization";
    out.variant = item.text("kernel");
    out.id = out.variant + " " + std::to_string(rows) + "x" + std::to_string(cols) + ", " + item.text("mode");
    out.shape = {{"rows", rows}, {"cols", cols}};
    check_extents(item, out.shape);
    out.measured = item.at("ns_event").positive("med") / 1e3;
    StreamDesc d = quantization_kernel(out.variant, rows, cols);
    const Time events = time_in_ns(item.at("empty_kernel_ns_event"));
    out.overhead = events;
    if (item.text("mode") != "after an L2 flush") {
        out.overhead = events / kCalls;
        out.stream_gaps = 1;
        out.at_least = events / kCalls + nanoseconds(kHostLaunchNs);
        if (item.at("bytes").number() < kHeldBytes) {
            for (Operand& o : d.reads) { o.l2_resident = 1.0; }
            for (Operand& o : d.writes) { o.l2_resident = 1.0; }
        }
    }
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.gaps_hold_drain = true;
    out.launches = {{d, 0}};
}

namespace {

using numerics::Format;

constexpr std::int64_t kCheckLimit = 1 << 22;  // outputs of a check
constexpr double kE4m3Largest = 448.0;
constexpr float kSmallestAmax = 1e-4F;  // groups of zeros
constexpr std::uint32_t kFiniteCodes = 0x7f;

// Nearest E4M3 value by trying all of them, the even code of two equally near: an own definition to hold convert()
// against.
std::uint32_t nearest_by_search(float x) {
    const double magnitude = std::min(std::abs(static_cast<double>(x)), kE4m3Largest);
    std::uint32_t best = 0;
    for (std::uint32_t code = 1; code < kFiniteCodes; ++code) {
        const double near = std::abs(numerics::decode(best, Format::e4m3) - magnitude);
        const double far = std::abs(numerics::decode(code, Format::e4m3) - magnitude);
        if (far < near || (far == near && code % 2 == 0)) { best = code; }
    }
    return best | (std::signbit(x) ? 0x80U : 0U);
}

std::vector<float> check_inputs(std::int64_t count, bool narrow) {
    Rng rng(11);
    const numerics::Conversion to{narrow ? Format::e4m3 : Format::bf16};
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& v : values) {
        v = static_cast<float>(numerics::decode(numerics::convert(static_cast<float>(rng.normal()), to), to.to));
    }
    return values;
}

// Outputs of one group of a kernel's arithmetic (the values times 448 over their largest magnitude) that the model's
// conversion gives as the search does.
std::int64_t reproduced(const std::vector<float>& group) {
    float largest = kSmallestAmax;
    for (const float v : group) { largest = std::max(largest, std::abs(v)); }
    const float inverse = static_cast<float>(kE4m3Largest) / largest;
    return std::count_if(group.begin(), group.end(), [&](float v) {
        const float y = v * inverse;
        return numerics::convert(y, {Format::e4m3}) == nearest_by_search(y);
    });
}

}  // namespace

void quantization_check(const JsonCursor& item, Case& out) {
    const std::int64_t rows = item.count("rows"), cols = item.count("cols"), count = rows * cols;
    out.family = "quantization check";
    out.variant = item.text("kernel");
    out.id = "I.check " + out.variant;
    out.shape = {{"rows", rows}, {"cols", cols}};
    check_extents(item, out.shape);
    if (count > kCheckLimit) { item.at("rows").fail("a check of more than four million outputs"); }
    quantization_kernel(out.variant, rows, cols);  // a name that is known
    const std::int64_t wrong = item.at("mismatched_values").integer();
    if (wrong < 0 || wrong > count) { item.at("mismatched_values").fail("more than there are outputs"); }
    out.unit = "outputs";
    out.judged = Judged::bit_for_bit;
    out.measured = static_cast<double>(count - wrong);
    const bool narrow = out.variant.rfind("E4M3", 0) == 0, blocks = out.variant.rfind("128x128", 0) == 0;
    out.clock = megahertz(1000);
    out.probe = [count, narrow, blocks](const SystemConfig&, Frequency) {
        const std::vector<float> values = check_inputs(count, narrow);
        const std::size_t group = blocks ? 128 * 128 : 128;
        std::int64_t equal = 0;
        for (std::size_t at = 0; at < values.size(); at += group) {
            const std::size_t end = std::min(values.size(), at + group);
            equal += reproduced(
                {values.begin() + static_cast<std::ptrdiff_t>(at), values.begin() + static_cast<std::ptrdiff_t>(end)});
        }
        return Prediction{static_cast<double>(equal), ""};
    };
}

}  // namespace tessera::measured
