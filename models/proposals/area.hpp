// Silicon that a proposal takes: an estimate with a range, from counts of building blocks. It ranks proposals by what
// they cost; a floor plan it is not. Low and high are the ends of what the sources and the unknown layout allow.
#pragma once

#include <string>
#include <vector>

#include "sim/base/estimate.hpp"

namespace tessera {

enum class Die { gpu, memory_base, dram, nvswitch };
std::string to_string(Die die);  // "GPU die", "HBM base dies", "DRAM dies", "NVSwitch"

struct AreaPart {
    Die die = Die::gpu;
    Estimate mm2;        // of all such dies of one GPU
    std::string what;    // "64 cast lanes in each of 132 SMs"
    std::string source;  // of the estimate
};
using AreaParts = std::vector<AreaPart>;
Estimate total_area(const AreaParts& parts);

// What such an area costs to make, in US dollars: wafer price over the usable area of a wafer at typical yields.
// Logic: 300 mm wafer of a 5 nm class process at 16,988 dollars (CSET, "AI Chips: What They Are and Why They Matter",
// 2020, appendix), 68,000 mm2 of dies, 60 to 90 % good: 0.25 to 0.42, nominal 0.33 dollars per mm2; up to 0.60 at later
// list prices. Base dies: 12 nm class at 3,984 dollars (same source). DRAM: assumed, 0.05 to 0.15 dollars per mm2.
Estimate cost_usd(const AreaParts& parts);

// Areas of arithmetic in 45 nm, square micrometres (Horowitz, "Computing's Energy Problem", ISSCC 2014, figure 1.1.9).
namespace block_um2 {
inline constexpr double fp16_multiply = 1640, fp16_add = 1360, fp32_multiply = 7700, fp32_add = 4184;
inline constexpr double integer32_add = 137, integer8_add = 36;
// A bit of an adder; a bit of a logarithmic shifter takes as much (a row of multiplexers per stage against a full
// adder).
inline constexpr double adder_bit = integer32_add / 32;
}  // namespace block_um2

// mm2 of logic given in um2 of 45 nm. GPU die: 30 times denser, the ratio of GH100's 98 million transistors per mm2 (80
// billion on 814 mm2, NVIDIA H100 whitepaper) to the 3.3 of Intel's 45 nm; 15 to 50 for what wires, pipeline registers
// and control add or a hand-made layout saves. Base dies (12 nm class): 8, 4 to 10.
Estimate logic(double um2_at_45nm, Die die = Die::gpu);

// mm2 of SRAM: cells of 0.021 um2 (TSMC N5, IEDM 2019) filling 50 % of a small array (35 to 65).
Estimate sram(double bytes);

// A lane that casts BF16 to FP8 once per clock: compare for the group's maximum, multiply by the reciprocal scale,
// round.
inline constexpr double cast_lane_um2 = 16 * block_um2::adder_bit + block_um2::fp16_multiply + block_um2::fp16_add / 2;

}  // namespace tessera
