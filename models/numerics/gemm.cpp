// What a GEMM may look like, and the scalar oracle.
#include "models/numerics/gemm.hpp"

#include "models/numerics/gemm_schedule.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tessera::numerics {
namespace {

class Problems {
public:
    void require(bool holds, const std::string& message, const std::string& hint = {}) {
        if (!holds) { list_.push_back({"gemm", "", message, hint}); }
    }
    void finish() {
        if (!list_.empty()) { throw ConfigError(std::move(list_)); }
    }
    bool empty() const { return list_.empty(); }

private:
    std::vector<Diagnostic> list_;
};

std::string n(int v) { return std::to_string(v); }

void check_operand(const GemmOperand& o, const std::string& name, int granule, const GemmNumerics& g, Problems& p) {
    const int step = g.mma.k;
    p.require(o.rows > 0 && o.k > 0, name + " is empty: " + n(o.rows) + " x " + n(o.k));
    if (o.rows <= 0 || o.k <= 0) { return; }
    p.require(o.rows % granule == 0,
              "rows of " + name + " are " + n(o.rows) + ", no multiple of the instruction's " + n(granule),
              "pad with zeros as TMA does");
    const auto wanted = static_cast<std::size_t>(o.rows) * static_cast<std::size_t>(o.k);
    p.require(o.codes.size() == wanted,
              name + " holds " + std::to_string(o.codes.size()) + " elements, expected " + std::to_string(wanted));
    const ScaleGrid& s = o.scales;
    if (s.empty()) { return; }
    p.require(s.rows > 0 && s.k > 0, "scale groups of " + name + " are empty");
    if (s.rows <= 0 || s.k <= 0) { return; }
    p.require(o.k % s.k == 0, "scale groups of " + n(s.k) + " elements do not divide k = " + n(o.k));
    const std::size_t factors =
        static_cast<std::size_t>((o.rows + s.rows - 1) / s.rows) * static_cast<std::size_t>(s.k_groups);
    p.require(
        s.k_groups == (o.k + s.k - 1) / s.k && s.factors.size() == factors,
        name + " holds " + std::to_string(s.factors.size()) + " scales for groups of " + n(s.rows) + " x " + n(s.k));
    if (g.scale_inside) {
        p.require(s.k % step == 0 || step % s.k == 0, "scale groups of " + n(s.k) +
                                                          " elements neither divide an instruction's " + n(step) +
                                                          " nor are they a multiple of it");
    } else {
        p.require(s.k % step == 0, "scale groups of " + n(s.k) + " elements change inside an instruction of " + n(step),
                  "scales applied inside the Tensor Core take such groups");
        const bool whole = s.k == o.k;
        p.require(whole || (g.promotion > 0 && s.k % g.promotion == 0),
                  "scales change every " + n(s.k) + " elements of k, but sums are promoted " +
                      (g.promotion > 0 ? "every " + n(g.promotion) : std::string("never")),
                  "promote at least where scales change, or apply them inside the Tensor Core");
    }
}

float exact_part(const GemmOperand& a, const GemmOperand& b, int row, int column, int first, int last) {
    ExactSum sum(a.format);
    const std::uint16_t* x = &a.codes[static_cast<std::size_t>(row) * static_cast<std::size_t>(a.k)];
    const std::uint16_t* y = &b.codes[static_cast<std::size_t>(column) * static_cast<std::size_t>(b.k)];
    for (int k = first; k < last; ++k) { sum.add(x[k], y[k]); }
    return sum.rounded();
}

// What the Tensor Core leaves after the elements [first, last) of k.
float tensor_core_part(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g, const GemmSchedule& s,
                       int row, int column, int first, int last) {
    if (g.mma.exact) { return exact_part(a, b, row, column, first, last); }
    const std::uint16_t* x = &a.codes[static_cast<std::size_t>(row) * static_cast<std::size_t>(a.k)];
    const std::uint16_t* y = &b.codes[static_cast<std::size_t>(column) * static_cast<std::size_t>(b.k)];
    float sum = 0;
    std::vector<float> scales;
    for (int k = first; k < last; k += s.step) {
        if (!g.scale_inside) {
            sum = mma_dot(g.mma, a.format, x + k, y + k, s.step, sum);
            continue;
        }
        scales.clear();
        for (int i = k; i < k + s.step; i += s.group) {
            scales.push_back(a.scales.at(row, i) * b.scales.at(column, i));
        }
        sum = mma_dot_scaled(g.mma, a.format, x + k, y + k, s.step, scales.data(), s.group, sum);
    }
    return sum;
}

}  // namespace

void check(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g) {
    Problems p;
    const int step = g.mma.k;
    p.require(a.format == b.format, "operands differ in format: " + std::string(spec(a.format).name) + " and " +
                                        std::string(spec(b.format).name));
    p.require(a.k == b.k, "operands differ in k: " + n(a.k) + " and " + n(b.k));
    p.require(a.k % step == 0, "k = " + n(a.k) + " is no multiple of the instruction's " + n(step),
              "pad with zeros as TMA does");
    check_operand(a, "A", g.mma.m, g, p);
    check_operand(b, "B", g.mma.n, g, p);
    p.require(g.promotion >= 0 && g.promotion % step == 0,
              "the promotion interval " + n(g.promotion) + " is no multiple of the instruction's " + n(step),
              "0 means never");
    p.require(g.split_k >= 1, "split_k is " + n(g.split_k) + ", expected at least 1");
    if (g.split_k > 1) {
        const int unit = g.promotion > 0 ? g.promotion : step;
        p.require(a.k % (g.split_k * unit) == 0,
                  "k = " + n(a.k) + " does not divide into " + n(g.split_k) + " parts of whole steps of " + n(unit));
    }
    p.require(!(g.scale_inside && g.mma.exact), "an exact accumulator takes no scales inside",
              "hopper with accumulator bits up to 64 does");
    p.require(g.output == Format::fp32 || g.output == Format::bf16,
              "results in " + std::string(spec(g.output).name) + ": a GEMM gives fp32 or bf16");
    p.finish();
}

float fused_multiply_add(float scale, float sum, float part) {
    const double product = static_cast<double>(scale) * sum;  // exact: 48 bits
    const double total = product + part;
    // What the addition lost (Knuth's two-sum); if anything, make the last bit odd, so that rounding to FP32 sees it
    // (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", IEEE Trans. Computers 57(4), 2008).
    const double virtual_part = total - product;
    const double lost = (product - (total - virtual_part)) + (part - virtual_part);
    std::int64_t bits = 0;
    std::memcpy(&bits, &total, sizeof bits);
    if (lost != 0.0 && (bits & 1) == 0 && std::isfinite(total)) { bits += (lost > 0) == (total > 0) ? 1 : -1; }
    double odd = 0;
    std::memcpy(&odd, &bits, sizeof odd);
    return static_cast<float>(odd);
}

float gemm_output(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g, int row, int column) {
    const GemmSchedule s(a, b, g);
    float total = 0;
    for (int first = 0; first < a.k; first += s.part_k) {
        float part = 0;
        for (int k = first; k < first + s.part_k; k += s.interval) {
            const float sum = tensor_core_part(a, b, g, s, row, column, k, std::min(k + s.interval, first + s.part_k));
            if (s.scaled_at_promotion()) {
                const float sa = s.a_at_promotion ? a.scales.at(row, k) : 1.0F;
                const float sb = s.b_at_promotion ? b.scales.at(column, k) : 1.0F;
                part = fused_multiply_add(sa * sb, sum, part);
            } else {
                part = s.promoted ? part + sum : sum;
            }
        }
        total = first == 0 ? part : total + part;
    }
    return finished(total, s, a, b, g.output, row, column);
}

std::vector<float> gemm_reference(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g) {
    check(a, b, g);
    std::vector<float> d;
    d.reserve(static_cast<std::size_t>(a.rows) * static_cast<std::size_t>(b.rows));
    for (int i = 0; i < a.rows; ++i) {
        for (int j = 0; j < b.rows; ++j) { d.push_back(gemm_output(a, b, g, i, j)); }
    }
    return d;
}

}  // namespace tessera::numerics
