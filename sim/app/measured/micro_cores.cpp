// Section F: CUDA cores and shared memory.
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/micro.hpp"

#include "models/device/probes.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <array>

namespace tessera::measured {
namespace {

constexpr int kOpsPerIteration = 64;  // of a thread of F.alu, around which counter, comparison and branch go
constexpr int kWarps = 32;
constexpr int kWarpThreads = 32;

// Machine instructions of one operation, by pipe.
struct Operation {
    const char* name;
    double fp32, half, fused, convert, sfu, shuffle;
};
// Packed conversions to 8 bits take two instructions an operation of four values, the second merges into the first's
// register. redux moves two values where a shuffle moves one.
constexpr std::array<Operation, 23> kOperations = {{
    {"ffma", 0, 0, 1, 0, 0, 0},
    {"fadd", 1, 0, 0, 0, 0, 0},
    {"fmul", 1, 0, 0, 0, 0, 0},
    {"fmax_abs", 0, 1, 0, 0, 0, 0},
    {"iadd3", 0, 1, 0, 0, 0, 0},
    {"imad", 0, 1, 0, 0, 0, 0},
    {"lop3", 0, 1, 0, 0, 0, 0},
    {"prmt", 0, 1, 0, 0, 0, 0},
    {"rcp_approx", 0, 0, 0, 0, 1, 0},
    {"ex2_approx", 0, 0, 0, 0, 1, 0},
    {"cvt_f32_to_e4m3", 0, 2, 0, 0, 0, 0},
    {"cvt_f32_to_e5m2", 0, 2, 0, 0, 0, 0},
    {"cvt_f16_to_e4m3", 0, 2, 0, 0, 0, 0},
    {"cvt_e4m3_to_f16", 0, 1, 0, 0, 0, 0},
    {"cvt_f32_to_bf16", 0, 1, 0, 0, 0, 0},
    {"cvt_f32_to_f16", 0, 1, 0, 0, 0, 0},
    {"cvt_f16_to_f32", 0, 0, 0, 1, 0, 0},
    {"bf16x2_fma", 0, 0, 1, 0, 0, 0},
    {"bf16x2_mul", 1, 0, 0, 0, 0, 0},
    {"bf16x2_max", 1, 0, 0, 0, 0, 0},
    {"bf16x2_absmax", 1, 0, 0, 0, 0, 0},
    {"shfl_bfly", 0, 0, 0, 0, 0, 1},
    {"redux_max_u32", 0, 0, 0, 0, 0, 2},
}};

CudaLoop operation(const JsonCursor& at) {
    std::string name = at.text();
    CudaLoop loop;
    const double n = kOpsPerIteration;
    if (name == "shfl_then_fmax") {
        loop.half += n;
        name = "shfl_bfly";
    }
    const auto* found =
        std::find_if(kOperations.begin(), kOperations.end(), [&](const Operation& o) { return name == o.name; });
    if (found == kOperations.end()) { throw ModelError("an operation whose machine instructions are not known"); }
    loop.fp32 = found->fp32 * n + 1.4;  // with the loop's branch and moves
    loop.half += found->half * n + 2;   // counter and comparison
    loop.fused = found->fused * n;
    loop.convert = found->convert * n;
    loop.sfu = found->sfu * n;
    loop.shuffle = found->shuffle * n;
    loop.warps = kWarps;
    return loop;
}

void alu(const JsonCursor& item, Case& out) {
    const CudaLoop loop = operation(item.at("op"));
    out.variant = item.text("op");
    out.unit = "ops/clk";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("ops_per_clk_per_sm").positive("med");
    constexpr double kIssued = 128;  // thread instructions a clock: four schedulers of 32
    if (out.measured > kIssued) {
        out.standing = Standing::no_quantity;
        throw ModelError("more operations than an SM issues: the compiler removed the loop that was to be measured");
    }
    out.probe = [loop](const SystemConfig& s, Frequency f) {
        const double ops = static_cast<double>(kOpsPerIteration) * kWarpThreads * loop.warps * loop.iterations;
        return Prediction{ops / probe_cycles(s, f, loop), "cuda"};
    };
}

// Software quantization of groups of 128, data on the SM. Instructions of a thread by reading its program (sec_f.cu).
CudaLoop quantization(bool in_registers) {
    CudaLoop loop;
    if (in_registers) {            // 64 accumulators of a thread: two rows, each shared by four lanes
        loop.half = 64 + 32 + 14;  // maxima, conversions of pairs, swizzled addresses
        loop.fp32 = 64 + 6;        // scaling
        loop.sfu = 2;
        loop.shuffle = 4 + 32;  // and stores of 2 bytes, a warp's line each, which take the same queue
        loop.chain = 2 * 16 + 12;
        loop.shuffle_chain = 4;
        loop.segments = 8;
        return loop;
    }
    loop.half = 4 + 3 + 5 + 8 + 4 + 6;  // maxima, unpacking, conversions, addresses; eight elements of 16 bytes
    loop.fp32 = 8 + 5;
    loop.sfu = 1;
    loop.shuffle = 4;
    loop.chain = 20;
    loop.shuffle_chain = 4;
    loop.smem_reads = 1;
    loop.segments = 8;
    return loop;
}

void quantize(const JsonCursor& item, Case& out) {
    const std::string form = item.text("form");
    const bool in_registers = form.rfind("fp32 accumulators", 0) == 0;
    CudaLoop loop = quantization(in_registers);
    const std::int64_t threads = std::min<std::int64_t>(item.count("threads"), 1024);
    loop.warps = static_cast<int>((threads + kWarpThreads - 1) / kWarpThreads);
    out.variant = in_registers ? "from registers" : "in shared memory";
    out.shape = {{"threads", threads}};
    out.unit = "cycles";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("cycles_per_element_per_sm").positive("med");
    const double elements = in_registers ? 64 : 8;
    out.probe = [loop, elements, threads](const SystemConfig& s, Frequency f) {
        const double done = elements * static_cast<double>(threads) * loop.iterations;
        return Prediction{probe_cycles(s, f, loop) / done, "cuda"};
    };
}

// "ld.shared.v2.b32": a read of 8 bytes a thread; matrix instructions move 16.
void shared_bandwidth(const JsonCursor& item, Case& out) {
    const std::string name = item.text("instruction");
    SmemLoop loop;
    const bool matrix = name.find("matrix") != std::string::npos;
    const bool read = name.rfind("ld", 0) == 0;
    if (!read && name.rfind("st", 0) != 0) { item.at("instruction").fail("expected a load or a store"); }
    const int words = matrix || name.find(".v4") != std::string::npos ? 4
                      : name.find(".v2") != std::string::npos         ? 2
                                                                      : 1;
    const std::int64_t threads = std::min<std::int64_t>(item.count("threads"), 1024);
    loop.warps = static_cast<int>((threads + kWarpThreads - 1) / kWarpThreads);
    loop.warp_bytes = std::int64_t{4} * words * kWarpThreads;
    loop.waits = read;
    out.variant = name;
    out.shape = {{"threads", threads}};
    out.unit = "B/clk";
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    out.measured = item.at("bytes_per_clk_per_sm").positive("med");
    out.probe = [loop](const SystemConfig& s, Frequency f) {
        const double moved = static_cast<double>(loop.warp_bytes) * loop.accesses * loop.warps * loop.iterations;
        return Prediction{moved / probe_cycles(s, f, loop), "smem"};
    };
}

}  // namespace

std::vector<MicroQuantity> core_quantities(const std::string& id) {
    if (id == "F.alu") { return {{"", alu}}; }
    if (id == "F.quant_1x128") { return {{"", quantize}}; }
    if (id == "F.shared_bandwidth") { return {{"", shared_bandwidth}}; }
    return {};
}

}  // namespace tessera::measured
