#include "sim/app/accuracy_goals.hpp"

#include "sim/base/data_files.hpp"

namespace tessera {
namespace {

double limit(const JsonCursor& at, const char* key) { return at.has(key) ? at.positive(key) : 0.0; }

}  // namespace

std::vector<AccuracyGoal> read_accuracy_goals(const std::string& file) {
    const JsonValue document = read_json_file(file);
    std::vector<AccuracyGoal> goals;
    for (const JsonCursor& at : JsonCursor(document, file).at("goals").items()) {
        AccuracyGoal g;
        g.name = at.text("name");
        g.cases = read_case_filter(at);
        g.median = limit(at, "median");
        g.p90 = limit(at, "p90");
        g.worst = limit(at, "worst");
        g.mean = limit(at, "mean");
        g.power_model = at.boolean_or("power_model", false);
        g.full_coverage = at.boolean_or("full_coverage", true);
        if (g.median + g.p90 + g.worst + g.mean <= 0) {
            at.fail("a goal needs \"median\", \"p90\", \"worst\" or \"mean\"");
        }
        goals.push_back(std::move(g));
    }
    return goals;
}

std::vector<AccuracyGoal> accuracy_goals() {
    const std::string file = find_data("tests/validation/goals.json");
    return file.empty() ? std::vector<AccuracyGoal>{} : read_accuracy_goals(file);
}

std::vector<GoalCheck> check_goals(const std::vector<AccuracyGoal>& goals, const ValidationReport& report) {
    std::vector<GoalCheck> checks;
    for (const AccuracyGoal& g : goals) {
        if (g.power_model != report.power_model) { continue; }
        std::vector<ValidationCase> own;
        for (const ValidationCase& c : report.cases) {
            if (!g.cases.matches(c)) { continue; }
            own.push_back(c);
            own.back().family = g.name;
            own.back().set.clear();
        }
        if (own.empty()) { continue; }
        checks.push_back({summarize_cases(own).front(), g.median, g.p90, g.worst, g.mean, g.full_coverage});
    }
    return checks;
}

}  // namespace tessera
