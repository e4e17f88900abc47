#include "sim/ir/warp_code.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::stream_kernels {
namespace {

constexpr double kLaneBytesPerPass = 4.0;  // 128 bytes of a pass over 32 lanes
constexpr double kFewestRegisters = 16, kMostRegisters = 255;

}  // namespace

WarpCode between(const WarpCode& a, const WarpCode& b, double values) {
    invariant(a.values < b.values && values > 0, "code of two kernels, the smaller one first");
    const double x = (values - a.values) / (b.values - a.values);
    const auto line = [x](double at_a, double at_b) { return std::max(0.0, at_a + (at_b - at_a) * x); };
    WarpCode c;
    c.values = values;
    c.registers = line(a.registers, b.registers);
    c.instructions = std::max(1.0, line(a.instructions, b.instructions));
    c.half_rate = line(a.half_rate, b.half_rate);
    c.special = line(a.special, b.special);
    c.data_passes = line(a.data_passes, b.data_passes);
    c.alone_cycles = std::max(c.instructions, line(a.alone_cycles, b.alone_cycles));
    c.block_cycles = line(a.block_cycles, b.block_cycles);
    return c;
}

StreamDesc with_code(StreamDesc d, const WarpCode& code) {
    invariant(code.values > 0, "a thread holds at least one value");
    d.registers = static_cast<int>(std::lround(std::clamp(code.registers, kFewestRegisters, kMostRegisters)));
    // A half-rate instruction blocks its pipe for two issue slots.
    d.alu_per_element = std::max(code.instructions - code.special, 2.0 * code.half_rate) / code.values;
    d.cvt_per_element = 0;
    d.sfu_per_element = code.special / code.values;
    d.smem_bytes_per_element = code.data_passes * kLaneBytesPerPass / code.values;
    d.smem_conflict = 1.0;
    d.warp_cycles = code.alone_cycles;
    d.block_cycles = code.block_cycles;
    d.code_instructions = 0;
    return d;
}

}  // namespace tessera::stream_kernels
