#include "sim/app/numerics_experiment.hpp"

#include <tuple>

namespace tessera {

using numerics::Float64Gemm;
using numerics::GemmOperand;

namespace {

auto key(const NumericsProblem& p) { return std::make_tuple(p.m, p.n, p.k, p.data, p.seed); }
auto key(const NumericsSwitch& s) { return std::make_tuple(s.format, s.a_group, s.b_group, s.scale, s.rounding); }

std::vector<double> widened(const std::vector<float>& v) { return {v.begin(), v.end()}; }

}  // namespace

struct NumericsBench::Kept {
    std::optional<NumericsProblem> problem;
    std::vector<float> a, b;
    Float64Gemm of_inputs;
    std::optional<NumericsSwitch> choice;
    GemmOperand qa, qb;
    Float64Gemm of_quantized;

    void take(const NumericsProblem& p) {
        if (problem && key(*problem) == key(p)) { return; }
        choice.reset();
        problem.reset();
        a = numerics::draw(p.data, p.m, p.k, p.seed);
        b = numerics::draw(p.data, p.n, p.k, p.seed + 1);
        of_inputs = numerics::float64_gemm(widened(a), widened(b), p.m, p.n, p.k, 0);
        problem = p;
    }
    void take(const NumericsSwitch& s) {
        if (choice && key(*choice) == key(s)) { return; }
        choice.reset();
        const NumericsProblem& p = *problem;
        numerics::Quantization q{s.format, numerics::group_named(s.a_group, p.m, p.k, "--a-group"), s.scale, s.rounding,
                                 p.seed};
        qa = numerics::quantize(a, p.m, p.k, q);
        q.group = numerics::group_named(s.b_group, p.n, p.k, "--b-group");
        q.seed = p.seed + 1;
        qb = numerics::quantize(b, p.n, p.k, q);
        of_quantized = numerics::float64_gemm(numerics::dequantized(qa), numerics::dequantized(qb), p.m, p.n, p.k, 0);
        choice = s;
    }
};

NumericsBench::NumericsBench() : kept_(std::make_unique<Kept>()) {}
NumericsBench::~NumericsBench() = default;

NumericsOutcome NumericsBench::run(const NumericsProblem& problem, const NumericsSwitch& choice) {
    NumericsOutcome outcome;
    outcome.problem = problem;
    outcome.choice = choice;
    outcome.mma = numerics::mma_spec(choice.architecture, choice.format, "--arch");
    if (choice.accumulator_bits > 0) {
        outcome.mma = numerics::with_accumulator_bits(outcome.mma, choice.accumulator_bits);
    }
    numerics::GemmNumerics g;
    g.mma = outcome.mma;
    g.promotion = choice.promotion;
    g.split_k = choice.split_k;
    g.scale_inside = choice.scale_inside;
    g.output = choice.output;
    kept_->take(problem);
    kept_->take(choice);
    const std::vector<float> d = numerics::gemm(kept_->qa, kept_->qb, g);
    outcome.arithmetic = numerics::gemm_error(d, kept_->of_quantized);
    outcome.whole = numerics::gemm_error(d, kept_->of_inputs);
    return outcome;
}

}  // namespace tessera
