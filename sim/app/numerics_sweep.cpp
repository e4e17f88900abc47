#include "sim/app/numerics_sweep.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

using Switches = std::vector<std::pair<std::string, NumericsSwitch>>;

constexpr int kFirstBits = 10, kLastBits = 34;  // 34 hold the exact sum of 32 FP8 products (DeepSeek-V3, 3.5.2)

NumericsSwitch one_scale(NumericsSwitch s, int promotion) {
    s.a_group = s.b_group = "none";
    s.promotion = promotion;
    s.scale_inside = false;
    return s;
}

NumericsSwitch inside(NumericsSwitch s) {
    s.scale_inside = true;
    s.promotion = 0;
    return s;
}

void bits_axis(const NumericsSwitch& base, Switches& list) {
    for (int bits = kFirstBits; bits <= kLastBits; ++bits) {
        NumericsSwitch s = one_scale(base, 0);
        s.accumulator_bits = bits;
        list.emplace_back(std::to_string(bits), s);
    }
}

void promotion_axis(const NumericsProblem& p, const NumericsSwitch& base, Switches& list) {
    for (int interval = 32; interval <= 2048 && interval < p.k; interval *= 2) {
        list.emplace_back(std::to_string(interval), one_scale(base, interval));
    }
    list.emplace_back("never", one_scale(base, 0));
}

void group_axis(const NumericsProblem& p, const NumericsSwitch& base, Switches& list) {
    const int step = numerics::mma_spec(base.architecture, base.format).k;
    for (int k = 16; k <= 512 && k <= p.k; k *= 2) {
        NumericsSwitch s = base;
        s.a_group = "1x" + std::to_string(k);
        s.b_group = s.a_group;
        if (p.k % k != 0) { continue; }
        s.scale_inside = false;
        s.promotion = std::min(k, 128);
        if (k % step == 0 && k < p.k) { list.emplace_back(s.a_group, s); }
        if (k <= 128) { list.emplace_back(s.a_group + " inside", inside(s)); }
    }
}

void scale_axis(const NumericsSwitch& base, Switches& list) {
    for (const numerics::ScaleFormat f :
         {numerics::ScaleFormat::fp32, numerics::ScaleFormat::power_of_two, numerics::ScaleFormat::ue8m0}) {
        NumericsSwitch s = base;
        s.scale = f;
        list.emplace_back(to_string(f), s);
        list.emplace_back(std::string(to_string(f)) + " inside", inside(s));
    }
}

void inside_axis(const NumericsSwitch& base, Switches& list) {
    for (const int bits : {13, 14, 16, 19, 22, 25, 28, 31, kLastBits}) {
        NumericsSwitch s = inside(base);
        s.accumulator_bits = bits;
        list.emplace_back(std::to_string(bits), s);
    }
}

// Whether no other timed point of the same data beats `p` in both error and time.
template <class Error>
bool on_front(const NumericsPoint& p, const std::vector<NumericsPoint>& points, const Error& error) {
    const auto time = [](const NumericsPoint& q) { return q.outcome.timing->time; };
    return p.outcome.timing && std::none_of(points.begin(), points.end(), [&](const NumericsPoint& q) {
               return q.outcome.timing && q.outcome.problem.data == p.outcome.problem.data && time(q) <= time(p) &&
                      error(q) <= error(p) && (time(q) < time(p) || error(q) < error(p));
           });
}

void mark_pareto(std::vector<NumericsPoint>& points) {
    for (NumericsPoint& p : points) {
        p.pareto_arithmetic =
            on_front(p, points, [](const NumericsPoint& q) { return q.outcome.arithmetic.relative_frobenius; });
        p.pareto_whole = on_front(p, points, [](const NumericsPoint& q) { return q.outcome.whole.relative_frobenius; });
    }
}

}  // namespace

std::string_view to_string(NumericsAxis a) {
    switch (a) {
        case NumericsAxis::bits: return "bits";
        case NumericsAxis::promotion: return "promotion";
        case NumericsAxis::group: return "group";
        case NumericsAxis::scale: return "scale";
        case NumericsAxis::inside: return "inside";
    }
    return "";
}

const std::vector<NumericsAxis>& numerics_axes() {
    static const std::vector<NumericsAxis> all = {NumericsAxis::bits, NumericsAxis::promotion, NumericsAxis::group,
                                                  NumericsAxis::scale, NumericsAxis::inside};
    return all;
}

NumericsAxis numerics_axis_named(std::string_view name, const std::string& where) {
    std::string known;
    for (const NumericsAxis a : numerics_axes()) {
        if (to_string(a) == name) { return a; }
        known += (known.empty() ? "" : ", ") + std::string(to_string(a));
    }
    throw ConfigError(where, "", "unknown axis \"" + std::string(name) + "\"", "one of " + known);
}

Switches axis_switches(NumericsAxis axis, const NumericsProblem& problem, const NumericsSwitch& base) {
    Switches list;
    switch (axis) {
        case NumericsAxis::bits: bits_axis(base, list); break;
        case NumericsAxis::promotion: promotion_axis(problem, base, list); break;
        case NumericsAxis::group: group_axis(problem, base, list); break;
        case NumericsAxis::scale: scale_axis(base, list); break;
        case NumericsAxis::inside: inside_axis(base, list); break;
    }
    return list;
}

std::vector<NumericsPoint> run_numerics_sweep(const NumericsSweep& sweep, const SystemConfig* timed,
                                              const std::function<void(std::size_t)>& step) {
    std::vector<NumericsPoint> points;
    for (const numerics::Distribution data : sweep.data) {
        NumericsProblem problem = sweep.problem;
        problem.data = data;
        for (const NumericsAxis axis : sweep.axes) {
            for (const auto& [label, choice] : axis_switches(axis, problem, sweep.base)) {
                NumericsPoint p;
                p.axis = axis;
                p.label = label;
                p.outcome.problem = problem;
                p.outcome.choice = choice;
                points.push_back(p);
            }
        }
    }
    NumericsBench bench;
    for (NumericsPoint& p : points) {
        p.outcome = bench.run(NumericsProblem(p.outcome.problem), NumericsSwitch(p.outcome.choice));
        if (timed != nullptr) { p.outcome.timing = time_gemm(timed_gemm(p.outcome.problem, p.outcome.choice, *timed)); }
        if (step) { step(points.size()); }
    }
    mark_pareto(points);
    return points;
}

}  // namespace tessera
