#include "sim/base/quantity_units.hpp"

#include <array>

namespace tessera {
namespace {

constexpr double kibi = 1024.0, mebi = kibi * kibi, gibi = mebi * kibi, tebi = gibi * kibi;

using D = Dimension;
constexpr std::array units = {
    Unit{D::time, "fs", 0, 1, true},
    Unit{D::time, "ps", 3, 1, true},
    Unit{D::time, "ns", 6, 1, true},
    Unit{D::time, "us", 9, 1, true},
    Unit{D::time, "ms", 12, 1, true},
    Unit{D::time, "s", 15, 1, true},
    Unit{D::bytes, "B", 0, 1, true},
    Unit{D::bytes, "kB", 3, 1, true},
    Unit{D::bytes, "KiB", 0, kibi, true},
    Unit{D::bytes, "MB", 6, 1, true},
    Unit{D::bytes, "MiB", 0, mebi, true},
    Unit{D::bytes, "GB", 9, 1, true},
    Unit{D::bytes, "GiB", 0, gibi, true},
    Unit{D::bytes, "TB", 12, 1, true},
    Unit{D::bytes, "TiB", 0, tebi, true},
    Unit{D::flops, "FLOP", 0, 1, true},
    Unit{D::flops, "MFLOP", 6, 1, true},
    Unit{D::flops, "GFLOP", 9, 1, true},
    Unit{D::flops, "TFLOP", 12, 1, true},
    Unit{D::flops, "PFLOP", 15, 1, true},
    Unit{D::energy, "fJ", -15, 1, true},
    Unit{D::energy, "pJ", -12, 1, true},
    Unit{D::energy, "nJ", -9, 1, true},
    Unit{D::energy, "uJ", -6, 1, true},
    Unit{D::energy, "mJ", -3, 1, true},
    Unit{D::energy, "J", 0, 1, true},
    Unit{D::energy, "kJ", 3, 1, true},
    Unit{D::power, "mW", -3, 1, true},
    Unit{D::power, "W", 0, 1, true},
    Unit{D::power, "kW", 3, 1, true},
    Unit{D::bandwidth, "B/s", 0, 1, true},
    Unit{D::bandwidth, "kB/s", 3, 1, true},
    Unit{D::bandwidth, "KiB/s", 0, kibi, false},
    Unit{D::bandwidth, "MB/s", 6, 1, true},
    Unit{D::bandwidth, "MiB/s", 0, mebi, false},
    Unit{D::bandwidth, "GB/s", 9, 1, true},
    Unit{D::bandwidth, "GiB/s", 0, gibi, false},
    Unit{D::bandwidth, "TB/s", 12, 1, true},
    Unit{D::bandwidth, "TiB/s", 0, tebi, false},
    Unit{D::bandwidth, "Gbit/s", 9, 0.125, false},
    Unit{D::bandwidth, "Tbit/s", 12, 0.125, false},
    Unit{D::flop_rate, "FLOP/s", 0, 1, true},
    Unit{D::flop_rate, "GFLOP/s", 9, 1, true},
    Unit{D::flop_rate, "TFLOP/s", 12, 1, true},
    Unit{D::flop_rate, "PFLOP/s", 15, 1, true},
    Unit{D::frequency, "Hz", 0, 1, true},
    Unit{D::frequency, "kHz", 3, 1, true},
    Unit{D::frequency, "MHz", 6, 1, true},
    Unit{D::frequency, "GHz", 9, 1, true},
    Unit{D::cycles, "clk", 0, 1, true},
    Unit{D::bytes_per_cycle, "B/clk", 0, 1, true},
    Unit{D::bytes_per_cycle, "KiB/clk", 0, kibi, false},
    Unit{D::area, "um2", -6, 1, true},
    Unit{D::area, "mm2", 0, 1, true},
    Unit{D::area, "cm2", 2, 1, false},
};

struct Name {
    const char* name;
    const char* article;
    const char* typical;
    double maximum;
};

// In the order of the enumeration. Times and sizes end where 64 bits do.
constexpr std::array names = {
    Name{"time", "a", "ns", 9e18},
    Name{"size", "a", "KiB", 9e18},
    Name{"amount of arithmetic", "an", "GFLOP", 1e30},
    Name{"energy", "an", "pJ", 1e12},
    Name{"power", "a", "W", 1e7},
    Name{"bandwidth", "a", "GB/s", 1e17},
    Name{"arithmetic rate", "an", "TFLOP/s", 1e21},
    Name{"frequency", "a", "MHz", 1e11},
    Name{"number of cycles", "a", "clk", 1e15},
    Name{"number of bytes per cycle", "a", "B/clk", 1e9},
    Name{"area", "an", "mm2", 1e6},
};

}  // namespace

DimensionInfo dimension_info(Dimension d) {
    const Name& name = names[static_cast<std::size_t>(d)];
    const Unit* begin = units.data();
    const Unit* const last = units.data() + units.size();
    while (begin->dimension != d) { ++begin; }
    const Unit* end = begin;
    while (end != last && end->dimension == d) { ++end; }
    return {name.name, name.article, name.typical, name.maximum, begin, end};
}

}  // namespace tessera
