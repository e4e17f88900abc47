#include "sim/app/validate_numerics.hpp"

#include "models/numerics/recorded_curve.hpp"
#include "models/numerics/vectors.hpp"
#include "sim/app/numerics_experiment.hpp"
#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace tessera {
namespace {

constexpr char kWhole[] = "../shared/silicon/h200/numerics/vectors.json";  // beside the source tree
constexpr char kShipped[] = "tests/validation/h200_numerics/vectors.json";
constexpr char kCurve[] = "numerics.json";
constexpr double kCurveTolerance = 0.1;  // of every recorded figure
constexpr int kMostK = 16384;

std::string manifest_path() {
    for (const char* relative : {kWhole, kShipped}) {
        const std::string found = find_data(relative);
        if (!found.empty()) { return found; }
    }
    throw ConfigError("h200-numerics", "", "the recorded vectors are not installed",
                      "--data FILE names their manifest, vectors.json");
}

void add_vectors(ValidationReport& report, const std::string& manifest) {
    double sums = 0, conversions = 0;  // that differ
    for (const numerics::VectorCase& v : numerics::check_vectors(manifest)) {
        const bool conversion = v.kind != "wgmma";
        ValidationCase c;
        c.id = v.file;
        c.family = conversion ? "conversion" : "wgmma";
        c.variant = v.type;
        c.shape = {{"outputs", v.outputs}};
        c.measured = static_cast<double>(v.outputs);
        c.predicted = static_cast<double>(v.outputs - v.different);
        c.unit = "outputs equal bit for bit";
        c.judged = Judged::bit_for_bit;
        if (v.different > 0) { c.variant += ": " + v.first_difference; }
        (conversion ? conversions : sums) += static_cast<double>(v.different);
        report.cases.push_back(c);
    }
    report.tolerances.push_back({"wgmma outputs that differ", sums, 0, {}});
    report.tolerances.push_back({"conversions that differ", conversions, 0, {}});
}

void add_curve(ValidationReport& report, const std::string& path) {
    double worst = 0;
    for (const numerics::CurveFigure& f : numerics::recorded_curve(path, kMostK)) {
        ValidationCase c;
        c.id = f.id;
        c.family = "GEMM error, " + f.quantity;
        c.variant = f.same_sign ? "same sign" : "normal";
        c.shape = {{"k", f.k}, {"promotion", f.promotion}};
        c.measured = f.measured;
        c.predicted = f.computed;
        c.unit = "error against float64";
        if (std::fabs(c.error()) > std::fabs(worst)) { worst = c.error(); }
        report.cases.push_back(c);
    }
    report.tolerances.push_back({"worst figure of the error curve", worst, kCurveTolerance, {}});
}

// DeepSeek-V3 report (arXiv 2412.19437), section 3.3.2: K = 4096, two random matrices, "a maximum relative error of
// nearly 2 %". The largest error stands relative to the typical result: relative to results near zero it has no bound.
void add_statement(ValidationReport& report) {
    constexpr double stated = 0.02;
    NumericsBench bench;
    for (const numerics::Distribution d : numerics::distributions()) {
        NumericsProblem p;
        p.data = d;
        NumericsSwitch s;
        s.a_group = s.b_group = "none";
        for (const int promotion : {0, 128}) {
            s.promotion = promotion;
            const numerics::GemmError e = bench.run(p, s).arithmetic;
            ValidationCase c;
            c.id = "K4096/" + std::string(to_string(d)) + (promotion == 0 ? "/unpromoted" : "/promoted");
            c.family = promotion == 0 ? "\"nearly 2 %\" at K = 4096" : "the same, promoted every 128";
            c.variant = to_string(d);
            c.shape = {{"k", p.k}, {"promotion", promotion}};
            c.measured = stated;
            c.predicted = e.max_over_rms;
            c.unit = "largest error over root mean square result";
            report.cases.push_back(c);
        }
    }
}

}  // namespace

ValidationReport validate_vectors(const std::string& manifest) {
    ValidationReport report;
    report.set = "h200-numerics";
    report.source = "Tensor Core and conversion results recorded on an NVIDIA H200: " +
                    std::filesystem::path(manifest).filename().string();
    add_vectors(report, manifest);
    report.summary = summarize_cases(report.cases);
    return report;
}

ValidationReport validate_h200_numerics(const std::string& manifest) {
    const std::string path = manifest.empty() ? manifest_path() : manifest;
    ValidationReport report = validate_vectors(path);
    const std::filesystem::path curve = std::filesystem::path(path).parent_path() / kCurve;
    if (std::filesystem::exists(curve)) { add_curve(report, curve.string()); }
    add_statement(report);
    report.summary = summarize_cases(report.cases);
    return report;
}

}  // namespace tessera
