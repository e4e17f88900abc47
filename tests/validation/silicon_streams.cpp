#include "tests/validation/silicon_streams.hpp"

#include "sim/ir/stream_kernels.hpp"

#include <algorithm>

namespace tessera::testing {
namespace {

namespace sk = stream_kernels;

// One launch as the profiler saw it.
struct Launch {
    std::int64_t gx = 1, gy = 1;
    int threads = 128;
    Bytes smem{};
};

std::int64_t number(const JsonValue& v, std::string_view key) { return v.find(key)->as_integer(); }

// A plain number or a {med, min, max, n} summary.
double median(const JsonValue& v, std::string_view key) {
    const JsonValue& x = *v.find(key);
    return x.is_object() ? x.find("med")->as_double() : x.as_double();
}

Launch launch_of(const JsonValue& c) {
    const JsonValue& k = c.find("kernels")->items().front();
    const auto& grid = k.find("grid")->items();
    const auto& block = k.find("block")->items();
    Launch l;
    l.gx = grid[0].as_integer();
    l.gy = grid[1].as_integer();
    l.threads = static_cast<int>(block[0].as_integer() * block[1].as_integer() * block[2].as_integer());
    l.smem = bytes(number(k, "smem"));
    return l;
}

// A Triton block loads its whole tile at once and holds it in FP32 registers.
StreamDesc triton(StreamDesc d, std::int64_t tile_rows, std::int64_t tile_cols, const Launch& l) {
    const std::int64_t elements = tile_rows * tile_cols / l.threads;
    double tile_bytes = 0;
    for (const Operand& o : d.reads) {
        if (o.access == Access::broadcast) { continue; }
        tile_bytes +=
            to_double(o.size()) / static_cast<double>(d.rows * d.cols) * static_cast<double>(tile_rows * tile_cols);
    }
    sk::Geometry g;
    g.tile_rows = tile_rows;
    g.tile_cols = tile_cols;
    g.threads = l.threads;
    const double live = static_cast<double>(elements) * std::max<double>(1.0, static_cast<double>(d.reads.size()));
    g.registers = static_cast<int>(std::clamp(24.0 + live, 32.0, 255.0));
    g.load_bytes_in_flight = bytes(std::max<std::int64_t>(1, static_cast<std::int64_t>(tile_bytes / l.threads + 0.5)));
    d.smem = l.smem;
    return sk::with_geometry(d, g);
}

// A block that only moves bytes: they sit packed in registers.
StreamDesc triton_copy(StreamDesc d, std::int64_t tile_rows, std::int64_t tile_cols, const Launch& l) {
    d = triton(std::move(d), tile_rows, tile_cols, l);
    d.registers = static_cast<int>(std::clamp<std::int64_t>(16 + d.load_bytes_in_flight.raw() / 4, 32, 255));
    return d;
}

// Triton turns a byte tile with single-byte stores: eight lanes meet in each bank, so 32 bytes take eight cycles
// (32 times a full-width access); the rows are read back at full width.
StreamDesc byte_turn(StreamDesc d) {
    d.smem_bytes_per_element = 2;
    d.smem_conflict = (32.0 + 1.0) / 2.0;
    return d;
}

StreamDesc requant_transpose(std::int64_t rows, std::int64_t cols) {
    return sk::per_channel_cast_transpose(rows, cols, sk::CastSource::fp8);
}

std::optional<StreamDesc> describe(const std::string& family, DType dtype, const JsonValue& shape, const Launch& l) {
    const auto at = [&](const char* key) { return shape.find(key) == nullptr ? 0 : number(shape, key); };
    const std::int64_t t = at("T"), w = at("W");
    if (family == "cast_1x128") { return triton(sk::per_token_cast(t, w), t / l.gy, 128, l); }
    if (family == "cast_128x128") { return triton(sk::block_cast(t, w), 128, 128, l); }
    if (family == "cast_128x1_transpose") {
        return byte_turn(triton(sk::per_channel_cast_transpose(t, w), 128, w / l.gx, l));
    }
    if (family == "requant_transpose") { return triton(requant_transpose(t, w), 128, w / l.gx, l); }
    if (family == "fp8_transpose") { return byte_turn(triton(sk::transpose_fp8(t, w), t / l.gy, w / l.gx, l)); }
    if (family == "swiglu_fwd_cast") { return triton(sk::swiglu_cast(t, w), t / l.gy, 128, l); }
    if (family == "swiglu_bwd") { return triton(sk::swiglu_backward(t, w), t / l.gy, w / l.gx, l); }
    if (family == "rmsnorm") {
        StreamDesc d = sk::rms_norm(t, w, 0);
        d.max_ctas = 0;
        return triton(d, t / l.gx, w, l);
    }
    if (family == "residual_add") {
        StreamDesc d = sk::elementwise_add(t, w);
        return triton(d, 1, t * w / l.gx, l);
    }
    if (family == "rope") { return triton(sk::rope(t, w), 1, w * 64 / l.gx, l); }
    if (family == "gather_rows") { return triton_copy(sk::gather_rows(at("rows"), t, w, dtype), 1, w, l); }
    if (family == "combine_rows") { return triton(sk::weighted_reduce(at("rows"), t, w), 1, w / l.gx, l); }
    if (family == "mem_copy" || family == "mem_read" || family == "mem_write") {
        const std::int64_t n = at("bytes") / 4;
        StreamDesc d = sk::elementwise(1, n, family == "mem_write" ? 0 : 1, DType::int32, DType::int32);
        if (family == "mem_read") { d.writes = {d.reads.front()}, d.writes.front().cols = l.gx; }
        return triton_copy(d, 1, n / l.gx, l);
    }
    if (family == "copy_ctas") {
        const std::int64_t n = at("bytes_each_way") / 4;
        StreamDesc d = sk::elementwise(1, n, 1, DType::int32, DType::int32);
        d = triton(d, 1, 16384, l);
        d.max_ctas = static_cast<int>(l.gx);
        return d;
    }
    return std::nullopt;
}

// Cases that run out of L2 are not what a cold kernel does: measured over buffers that L2 keeps.
bool warm(const JsonValue& c) {
    if (const JsonValue* cold = c.find("cold_l2"); cold != nullptr && cold->kind() == JsonValue::Kind::boolean) {
        return !cold->as_boolean();
    }
    return c.find("bytes") != nullptr && number(c, "bytes") < (std::int64_t{128} << 20);
}

}  // namespace

std::vector<SiliconCase> stream_cases_of_kernels(const JsonValue& document) {
    std::vector<SiliconCase> out;
    for (const JsonValue& c : document.find("cases")->items()) {
        const JsonValue* kernels = c.find("kernels");
        if (kernels == nullptr || kernels->items().empty() || c.find("sm_mhz") == nullptr) { continue; }
        const std::string family = c.find("family")->as_string();
        const DType dtype = c.find("dtype")->as_string() == "bf16" ? DType::bf16 : DType::fp8_e4m3;
        std::optional<StreamDesc> d = describe(family, dtype, *c.find("shape"), launch_of(c));
        if (!d || warm(c)) { continue; }
        SiliconCase s;
        s.family = family;
        s.id = family + " " + write_json(*c.find("shape"), 0);
        s.kernel = *d;
        s.clock = megahertz(c.find("sm_mhz")->as_double());
        s.measured = microseconds(c.find("us")->as_double());
        s.gap = nanoseconds(768);  // micro G.kernel_gap, graph
        out.push_back(s);
    }
    return out;
}

std::vector<SiliconCase> stream_cases_of_micro(const JsonValue& document) {
    std::vector<SiliconCase> out;
    for (const JsonValue& c : document.find("sections")->find("I")->find("items")->items()) {
        const JsonValue* mode = c.find("mode");
        if (mode == nullptr || mode->as_string() != "after an L2 flush") { continue; }
        const std::int64_t r = number(c, "rows"), w = number(c, "cols");
        const std::string name = c.find("kernel")->as_string();
        StreamDesc d;
        Launch l;
        l.threads = 256;
        if (name == "per-token 1x128 BF16->E4M3") {
            d = sk::with_geometry(sk::per_token_cast(r, w),
                                  {8192 / w > 0 ? 8192 / w : 1, 0, 0, 256, 40, {}, bytes(64)});
            d.rows = r * w / 1024;  // 1,024 groups of 8 a block, whatever the row length
            d.cols = 1024;
            d.tile_rows = 8;
        } else if (name == "128x128 block BF16->E4M3") {
            d = sk::with_geometry(sk::block_cast(r, w), {128, 128, 0, 256, 56, bytes(32), bytes(128)});
        } else if (name == "per-channel 128x1 BF16->E4M3 + transpose") {
            d = sk::with_geometry(sk::per_channel_cast_transpose(r, w),
                                  {128, 128, 0, 256, 64, bytes(34816), bytes(128)});
        } else if (name == "E4M3 transpose") {
            d = sk::with_geometry(sk::transpose_fp8(r, w), {128, 128, 0, 256, 40, bytes(32768), bytes(64)});
        } else {
            // 64 values and 16 packed words a thread, scales and addresses: more than 128 registers.
            d = sk::with_geometry(requant_transpose(r, w), {128, 128, 0, 256, 136, bytes(37376), bytes(64)});
        }
        SiliconCase s;
        s.family = "I " + name;
        s.id = s.family + " " + std::to_string(r) + "x" + std::to_string(w);
        s.kernel = d;
        s.clock = hertz(median(c, "sm_ghz") * 1e9);
        s.measured = nanoseconds(median(c, "ns_event"));
        s.gap = nanoseconds(median(c, "empty_kernel_ns_event"));
        out.push_back(s);
    }
    return out;
}

}  // namespace tessera::testing
