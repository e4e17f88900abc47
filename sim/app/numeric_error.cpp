#include "sim/app/numeric_error.hpp"

#include "sim/app/numerics_experiment.hpp"
#include "sim/base/hash.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace tessera {
namespace {

constexpr int kSample = 64;       // rows and columns of the sample: one instruction's rows
constexpr int kMostK = 16384;     // longer sums are cut to this: the sample must stay cheap
constexpr int kGroup = 128;       // DeepSeek-V3's recipe
constexpr int kInstruction = 32;  // elements of k in an FP8 instruction

struct Sample {
    int k = 0, promotion = 0, bits = 0;
    int group = 0;          // elements of k per scale; 0: one scale per operand
    int group_columns = 1;  // rows of B (columns of the result) per scale
    bool inside = false;
    bool operator<(const Sample& o) const { return key() < o.key(); }
    std::uint64_t hash() const {
        Hasher h;
        h.add(std::string_view("numeric error")).add(k).add(promotion).add(bits);
        return h.add(group).add(group_columns).add(inside).value();
    }

private:
    std::tuple<int, int, int, int, int, bool> key() const { return {k, promotion, bits, group, group_columns, inside}; }
};

const GemmDesc* fp8_gemm(const Task& t) {
    const GemmDesc* g = std::get_if<GemmDesc>(&t.kernel);
    return g != nullptr && (is_fp8(g->a.dtype) || g->fused_cast_a) ? g : nullptr;
}

std::int64_t length(const GemmDesc& g) {
    return g.form == GemmForm::grouped_k ? g.k / std::max<std::int64_t>(g.groups(), 1) : g.k;
}

// Whole groups, at least one and at most kMostK elements.
int sampled_k(std::int64_t k) {
    return static_cast<int>(std::clamp<std::int64_t>(k / kGroup, 1, kMostK / kGroup)) * kGroup;
}

Sample sample_of(const GemmDesc& g, const TensorCoreConfig& tensor) {
    Sample s;
    s.k = sampled_k(length(g));
    const bool blocks = g.scale == ScaleMode::block_1x128_128x128 || g.scale == ScaleMode::block_1x128_1x128;
    s.inside = blocks && tensor.group_scaling;
    s.group = !blocks ? 0 : s.inside ? tensor.group_size : kGroup;
    // The sample's columns are half a block of 128.
    s.group_columns = g.scale == ScaleMode::block_1x128_128x128 ? kSample : 1;
    // Intervals of whole instructions; with scales outside never longer than a group.
    const int interval = g.promotion_interval / kInstruction * kInstruction;
    s.promotion = s.inside ? 0 : interval;
    if (blocks && !s.inside && (interval == 0 || kGroup % interval != 0)) { s.promotion = kGroup; }
    s.bits = tensor.accumulator_fraction_bits;
    return s;
}

double measured(const Sample& s) {
    NumericsProblem p;
    p.m = kSample;
    p.n = kSample;
    p.k = s.k;
    NumericsSwitch c;
    c.accumulator_bits = s.bits;
    c.promotion = s.promotion;
    c.scale_inside = s.inside;
    const std::string columns = "x" + std::to_string(s.group);
    c.a_group = s.group == 0 ? "none" : "1" + columns;
    c.b_group = s.group == 0 ? "none" : std::to_string(s.group_columns) + columns;
    NumericsBench bench;
    return bench.run(p, c).arithmetic.relative_frobenius;
}

}  // namespace

double numeric_error(const TaskGraph& graph, const SystemConfig& system, TimerPool* pool) {
    std::map<Sample, double> operations;
    for (const Task& t : graph.tasks) {
        if (const GemmDesc* g = fp8_gemm(t)) { operations[sample_of(*g, system.sm.tensor)] += g->flops().raw(); }
    }
    if (operations.empty()) { return -1; }
    const Sample& largest = std::max_element(operations.begin(), operations.end(), [](const auto& a, const auto& b) {
                                return a.second < b.second;
                            })->first;
    static std::mutex lock;
    static std::map<Sample, double> known;
    const std::lock_guard<std::mutex> guard(lock);
    const auto it = known.find(largest);
    if (it != known.end()) { return it->second; }
    const auto work_out = [&] { return measured(largest); };
    return known[largest] = pool != nullptr ? pool->figure(largest.hash(), work_out) : work_out();
}

}  // namespace tessera
