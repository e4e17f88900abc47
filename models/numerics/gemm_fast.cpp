// The fast path: panels of columns, rows in blocks that stay in the first-level cache, threads over panels.
#include "models/numerics/gemm_lanes.hpp"
#include "models/numerics/gemm_schedule.hpp"
#include "models/numerics/parallel.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <array>

namespace tessera::numerics {
namespace {

constexpr int kRowBlock = 32;  // rows that take an instruction's slice of a panel in turn: 4 KiB of sums

struct Element {
    float value = 0;
    std::int16_t exponent = kNoExponent;
    bool special = false;  // NaN or infinite: the scalar routine's business
};

// By code.
std::vector<Element> elements(Format f) {
    const FormatSpec& s = spec(f);
    std::vector<Element> table;
    for (std::uint32_t code = 0; code < (1U << unsigned(s.bits())); ++code) {
        const Unpacked u = unpack(code, s);
        Element e;
        e.special = u.kind != Unpacked::Kind::finite;
        if (!e.special) { e.value = static_cast<float>(decode(code, s)); }
        if (!e.special && u.significand != 0) { e.exponent = static_cast<std::int16_t>(u.exponent); }
        table.push_back(e);
    }
    return table;
}

struct Prepared {
    LaneOperand lanes;
    std::vector<std::uint8_t> special;  // per row of the operand
};

void put(Prepared& p, std::size_t at, const Element& e, int row) {
    p.lanes.values[at] = e.value;
    p.lanes.exponents[at] = e.exponent;
    if (e.special) { p.special[static_cast<std::size_t>(row)] = 1; }
}

Prepared sized(std::size_t elements, int rows) {
    Prepared p;
    p.lanes.values.assign(elements, 0.0F);
    p.lanes.exponents.assign(elements, kNoExponent);
    p.special.assign(static_cast<std::size_t>(rows), 0);
    return p;
}

Prepared rows_of(const GemmOperand& a) {
    const std::vector<Element> table = elements(a.format);
    Prepared p = sized(a.codes.size(), a.rows);
    for (std::size_t i = 0; i < a.codes.size(); ++i) {
        put(p, i, table[a.codes[i]], static_cast<int>(i / static_cast<std::size_t>(a.k)));
    }
    return p;
}

Prepared panels_of(const GemmOperand& b) {
    const std::vector<Element> table = elements(b.format);
    const int panels = (b.rows + kLanes - 1) / kLanes;
    const auto panel_size = static_cast<std::size_t>(b.k) * kLanes;
    Prepared p = sized(static_cast<std::size_t>(panels) * panel_size, b.rows);
    for (int n = 0; n < b.rows; ++n) {
        const std::uint16_t* codes = &b.codes[static_cast<std::size_t>(n) * static_cast<std::size_t>(b.k)];
        const std::size_t base =
            static_cast<std::size_t>(n / kLanes) * panel_size + static_cast<std::size_t>(n % kLanes);
        for (int k = 0; k < b.k; ++k) { put(p, base + static_cast<std::size_t>(k) * kLanes, table[codes[k]], n); }
    }
    return p;
}

// One block of rows against one panel.
class Block {
public:
    Block(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g, const Prepared& rows,
          const Prepared& panels, LaneFn lanes)
        : a_(a), b_(b), g_(g), s_(a, b, g), rows_(rows), panels_(panels), lanes_(lanes) {}

    void run(int first_row, int panel, std::vector<float>& d) {
        first_row_ = first_row;
        panel_ = panel;
        count_ = std::min(kRowBlock, a_.rows - first_row);
        total_.fill(0.0F);
        overflow_.fill(0);
        for (int first = 0; first < a_.k; first += s_.part_k) {
            part_.fill(0.0F);
            for (int k = first; k < first + s_.part_k; k += s_.interval) {
                sum_.fill(0.0F);
                instructions(k, std::min(k + s_.interval, first + s_.part_k));
                promote(k);
            }
            for (std::size_t i = 0; i < total_.size(); ++i) {
                total_[i] = first == 0 ? part_[i] : total_[i] + part_[i];
            }
        }
        write(d);
    }

private:
    using Values = std::array<float, static_cast<std::size_t>(kRowBlock) * kLanes>;

    void instructions(int first, int last) {
        const LaneRule rule{g_.mma.align_bits, g_.mma.result_bits, g_.mma.nearest, g_.scale_inside};
        const std::size_t panel = static_cast<std::size_t>(panel_) * static_cast<std::size_t>(b_.k) * kLanes;
        std::array<float, kLanes> scales;
        for (int k = first; k < last; k += s_.step) {
            const std::size_t at_b = panel + static_cast<std::size_t>(k) * kLanes;
            for (int i = 0; i < count_; ++i) {
                const std::size_t at_a = static_cast<std::size_t>(first_row_ + i) * static_cast<std::size_t>(a_.k) +
                                         static_cast<std::size_t>(k);
                const LaneStep step{&rows_.lanes.values[at_a], &rows_.lanes.exponents[at_a],
                                    &panels_.lanes.values[at_b], &panels_.lanes.exponents[at_b], s_.step};
                if (rule.scaled) { scales_of(i, k, scales.data()); }
                const std::size_t at = static_cast<std::size_t>(i) * kLanes;
                lanes_(step, rule, scales.data(), &sum_[at], &overflow_[at]);
            }
        }
    }

    void scales_of(int i, int k, float* scales) const {
        const float sa = a_.scales.at(first_row_ + i, k);
        for (int l = 0; l < kLanes; ++l) {
            const int column = std::min(panel_ * kLanes + l, b_.rows - 1);
            scales[l] = sa * b_.scales.at(column, k);
        }
    }

    void promote(int k) {
        if (!s_.promoted) {
            part_ = sum_;
            return;
        }
        for (int i = 0; i < count_; ++i) {
            const float sa = s_.a_at_promotion ? a_.scales.at(first_row_ + i, k) : 1.0F;
            for (int l = 0; l < kLanes; ++l) {
                const std::size_t at = static_cast<std::size_t>(i) * kLanes + static_cast<std::size_t>(l);
                if (!s_.scaled_at_promotion()) {
                    part_[at] += sum_[at];
                    continue;
                }
                const int column = std::min(panel_ * kLanes + l, b_.rows - 1);
                const float sb = s_.b_at_promotion ? b_.scales.at(column, k) : 1.0F;
                part_[at] = fused_multiply_add(sa * sb, sum_[at], part_[at]);
            }
        }
    }

    void write(std::vector<float>& d) const {
        for (int i = 0; i < count_; ++i) {
            for (int l = 0; l < kLanes && panel_ * kLanes + l < b_.rows; ++l) {
                const int row = first_row_ + i, column = panel_ * kLanes + l;
                const std::size_t at = static_cast<std::size_t>(i) * kLanes + static_cast<std::size_t>(l);
                const bool scalar = overflow_[at] != 0 || rows_.special[static_cast<std::size_t>(row)] != 0 ||
                                    panels_.special[static_cast<std::size_t>(column)] != 0;
                d[static_cast<std::size_t>(row) * static_cast<std::size_t>(b_.rows) +
                  static_cast<std::size_t>(column)] = scalar ? gemm_output(a_, b_, g_, row, column)
                                                             : finished(total_[at], s_, a_, b_, g_.output, row, column);
            }
        }
    }

    const GemmOperand &a_, &b_;
    const GemmNumerics& g_;
    GemmSchedule s_;
    const Prepared &rows_, &panels_;
    LaneFn lanes_;
    int first_row_ = 0, panel_ = 0, count_ = 0;
    Values sum_{}, part_{}, total_{};
    std::array<std::uint8_t, static_cast<std::size_t>(kRowBlock) * kLanes> overflow_{};
};

bool lanes_can(const GemmSchedule& s, const GemmNumerics& g) {
    const int most = g.scale_inside ? kMostScaledLaneBits : kMostLaneBits;
    return !g.mma.exact && g.mma.align_bits <= most && s.group == s.step;
}

}  // namespace

std::vector<float> gemm(const GemmOperand& a, const GemmOperand& b, const GemmNumerics& g) {
    check(a, b, g);
    const GemmSchedule schedule(a, b, g);
    std::vector<float> d(static_cast<std::size_t>(a.rows) * static_cast<std::size_t>(b.rows));
    if (!lanes_can(schedule, g)) {
        run_parallel(a.rows, g.threads, [&](int row) {
            for (int column = 0; column < b.rows; ++column) {
                d[static_cast<std::size_t>(row) * static_cast<std::size_t>(b.rows) + static_cast<std::size_t>(column)] =
                    gemm_output(a, b, g, row, column);
            }
        });
        return d;
    }
    const Prepared rows = rows_of(a), panels = panels_of(b);
    const LaneFn lanes = lane_function(lane_arithmetic(g.mma, a.format));
    const int blocks = (a.rows + kRowBlock - 1) / kRowBlock, columns = (b.rows + kLanes - 1) / kLanes;
    run_parallel(blocks * columns, g.threads,
                 [&](int i) { Block(a, b, g, rows, panels, lanes).run(i % blocks * kRowBlock, i / blocks, d); });
    return d;
}

}  // namespace tessera::numerics
