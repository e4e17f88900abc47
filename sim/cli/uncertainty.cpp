#include "sim/cli/uncertainty.hpp"

#include "sim/app/validate_whatif.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/cli/verb.hpp"
#include "sim/config/loader.hpp"

#include <cmath>

namespace tessera::cli {
namespace {

constexpr double band = 0.9;

// How far the predicted ratio of two kernels' times is off in `band` of the pairs measured on an H200.
double whatif_error(int jobs) {
    ValidateOptions options;
    options.jobs = jobs;
    options.progress = progress_bar("what-if pairs");
    const ValidationReport report = validate_whatif(load_system(find_config("systems", "h200")), options);
    std::vector<double> errors;
    for (const ValidationCase& c : report.cases) {
        if (c.covered && c.standing == Standing::judged) { errors.push_back(std::abs(c.error())); }
    }
    if (errors.empty()) { throw ConfigError("--uncertainty", "", "the measured what-if pairs are not installed"); }
    return quantile(std::move(errors), band);
}

std::string choices_json(const std::vector<ProposalChoice>& choices) {
    JsonValue all = JsonValue::object();
    for (const ProposalChoice& c : choices) {
        JsonValue& parameters = all.set(c.slug, JsonValue::object());
        for (const auto& [name, text] : c.parameters) { parameters.set(name, parse_json(text, c.slug)); }
    }
    return write_json(all, 0);
}

report::Uncertainty assessed(const sweep::SweepConfig& base, const std::vector<sweep::Candidate>& candidates,
                             int samples, int jobs) {
    sweep::UncertaintyOptions options;
    options.samples = samples;
    options.jobs = jobs;
    options.model_error = whatif_error(jobs);
    options.progress = progress_bar("drawing assumptions");
    return assess(base, candidates, options);
}

}  // namespace

OptionSpec uncertainty_option() {
    return {"--uncertainty", "N", "bands around speed-ups from N draws of all assumptions, each a whole simulation"};
}

int uncertainty_of(Arguments& arguments) {
    return arguments.has("--uncertainty") ? static_cast<int>(arguments.integer("--uncertainty", 16, 4, 100000)) : 0;
}

report::Uncertainty variant_bands(const std::string& path, const std::vector<std::string>& sets,
                                  const std::vector<Variant>& variants, int samples, int jobs) {
    sweep::SweepConfig base;
    base.file = base.base = path;
    base.sets = sets;
    std::vector<sweep::Candidate> candidates;
    for (const Variant& v : variants) {
        // First none: an object of proposals adds to those that the experiment has on.
        candidates.push_back({v.id, {{"proposals", "[]"}, {"proposals", choices_json(v.proposals)}}});
    }
    return assessed(base, candidates, samples, jobs);
}

report::Uncertainty point_bands(const sweep::Plan& plan, const std::vector<std::size_t>& points, int samples,
                                int jobs) {
    std::vector<sweep::Candidate> candidates;
    for (const std::size_t p : points) { candidates.push_back({"point " + std::to_string(p), plan.settings(p)}); }
    return assessed(plan.config(), candidates, samples, jobs);
}

}  // namespace tessera::cli
