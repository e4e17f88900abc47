#include "models/numerics/recorded_curve.hpp"

#include "models/numerics/convert.hpp"
#include "models/numerics/error.hpp"
#include "models/numerics/gemm.hpp"
#include "models/numerics/quantize.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <cmath>
#include <cstdio>
#include <random>

namespace tessera::numerics {
namespace {

constexpr int kRows = 64, kColumns = 8;
constexpr float kMagnitude = 64;  // standard deviation of the recorded inputs

struct Trial {
    GemmOperand a, b;
    Float64Gemm exact;
};

GemmOperand drawn(std::mt19937& random, int rows, int k, bool same_sign) {
    std::normal_distribution<float> normal;  // a fresh one per operand, as the recording program has it
    GemmOperand o{Format::e4m3, rows, k, {}, {}};
    for (int i = 0; i < rows * k; ++i) {
        const float x = normal(random);
        o.codes.push_back(
            static_cast<std::uint16_t>(convert((same_sign ? std::fabs(x) : x) * kMagnitude, {Format::e4m3})));
    }
    return o;
}

std::vector<Trial> drawn_trials(int count, int k, bool same_sign, std::uint32_t seed, int threads) {
    std::mt19937 random(seed);
    std::vector<Trial> trials;
    for (int t = 0; t < count; ++t) {
        Trial trial;
        trial.a = drawn(random, kRows, k, same_sign);
        trial.b = drawn(random, kColumns, k, same_sign);
        trial.exact = float64_gemm(dequantized(trial.a), dequantized(trial.b), kRows, kColumns, k, threads);
        trials.push_back(std::move(trial));
    }
    return trials;
}

GemmError error_of(const std::vector<Trial>& trials, int promotion, int threads) {
    std::vector<float> computed;
    Float64Gemm exact;
    GemmNumerics g;
    g.mma = mma_spec("hopper", Format::e4m3);
    g.promotion = promotion;
    g.threads = threads;
    for (const Trial& t : trials) {
        const std::vector<float> d = gemm(t.a, t.b, g);
        computed.insert(computed.end(), d.begin(), d.end());
        exact.sums.insert(exact.sums.end(), t.exact.sums.begin(), t.exact.sums.end());
        exact.magnitudes.insert(exact.magnitudes.end(), t.exact.magnitudes.begin(), t.exact.magnitudes.end());
    }
    return gemm_error(computed, exact);
}

struct Recorded {
    std::string name;
    int k = 0, promotion = 0, trials = 0;
    bool same_sign = false;
    const JsonValue* figures = nullptr;
};

double number(const Recorded& r, const std::string& path, const char* key) {
    const JsonValue* v = r.figures->find(key);
    if (v == nullptr || !v->is_number()) { throw ConfigError(path, "/" + r.name + "/" + key, "expected a number"); }
    return v->as_double();
}

std::vector<Recorded> entries(const JsonValue& root, const std::string& path) {
    std::vector<Recorded> list;
    if (!root.is_object()) { throw ConfigError(path, "", "expected an object of recorded figures"); }
    for (const auto& [name, figures] : root.members()) {
        Recorded r;
        char sign[8] = "";
        if (std::sscanf(name.c_str(), "gemm_K%d_promo%d_%4s", &r.k, &r.promotion, sign) != 3) { continue; }
        r.name = name;
        r.same_sign = std::string(sign) == "pos";
        r.figures = &figures;
        if (!figures.is_object()) { throw ConfigError(path, "/" + name, "expected an object"); }
        r.trials = static_cast<int>(number(r, path, "trials"));
        if (r.k <= 0 || r.trials <= 0 || r.trials > 1024 || r.k > (1 << 20)) {
            throw ConfigError(path, "/" + name, "expected positive k and trials of a sensible size");
        }
        list.push_back(r);
    }
    if (list.empty()) { throw ConfigError(path, "", "no entry \"gemm_K<k>_promo<n>_<norm|pos>\""); }
    return list;
}

}  // namespace

std::vector<CurveFigure> recorded_curve(const std::string& path, int most_k, std::uint32_t seed, int threads) {
    const JsonValue root = read_json_file(path);
    std::vector<CurveFigure> figures;
    std::vector<Trial> trials[2];  // of the current k, by sign: entries of one k stand together
    int k[2] = {0, 0};
    for (const Recorded& r : entries(root, path)) {
        if (r.k > most_k) { continue; }
        const int which = r.same_sign ? 1 : 0;
        if (k[which] != r.k || static_cast<int>(trials[which].size()) != r.trials) {
            trials[which] = drawn_trials(r.trials, r.k, r.same_sign, seed, threads);
            k[which] = r.k;
        }
        const GemmError e = error_of(trials[which], r.promotion, threads);
        const std::pair<const char*, double> computed[] = {{"rel_fro", e.relative_frobenius},
                                                           {"max_rel", e.max_relative},
                                                           {"max_err_over_sumabs", e.max_over_magnitudes}};
        for (const auto& [quantity, value] : computed) {
            figures.push_back(
                {r.name + "/" + quantity, quantity, r.k, r.promotion, r.same_sign, number(r, path, quantity), value});
        }
    }
    return figures;
}

}  // namespace tessera::numerics
