#include "sim/app/validation_report.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace tessera {

double ValidationCase::error() const {
    switch (judged) {
        case Judged::by_difference: return predicted - measured;
        case Judged::bit_for_bit: return 1.0 - predicted / measured;
        case Judged::by_ratio: break;
    }
    return predicted / measured - 1.0;
}

bool ValidationReport::passed() const {
    return std::all_of(tolerances.begin(), tolerances.end(), [](const ToleranceCheck& t) { return t.met(); }) &&
           std::all_of(goals.begin(), goals.end(), [](const GoalCheck& g) { return g.met(); });
}

bool GoalCheck::met() const {
    const auto within = [](double value, double limit) { return limit <= 0 || std::abs(value) <= limit; };
    if (reached.covered == 0 || (full_coverage && reached.covered < reached.cases)) { return false; }
    return within(reached.median_abs, median) && within(reached.p90_abs, p90) && within(reached.worst_abs, worst) &&
           within(reached.mean_signed, mean);
}

double quantile(std::vector<double> values, double q) {
    invariant(!values.empty() && q >= 0 && q <= 1, "a quantile needs values and a share in 0..1");
    std::sort(values.begin(), values.end());
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (position - static_cast<double>(below));
}

namespace {

using FamilyKey = std::pair<std::string, std::string>;  // set, family

FamilySummary summary_of(const FamilyKey& key, const std::vector<ValidationCase>& cases) {
    FamilySummary s;
    s.family = key.second;
    std::vector<double> errors;
    double sum = 0;
    for (const ValidationCase& c : cases) {
        if (FamilyKey(c.set, c.family) != key) { continue; }
        if (c.standing != Standing::judged) {
            ++s.set_aside;
            continue;
        }
        ++s.cases;
        if (!c.covered) { continue; }
        errors.push_back(std::abs(c.error()));
        sum += c.error();
    }
    s.covered = static_cast<int>(errors.size());
    if (errors.empty()) { return s; }
    s.mean_signed = sum / static_cast<double>(errors.size());
    s.median_abs = quantile(errors, 0.5);
    s.p90_abs = quantile(errors, 0.9);
    s.worst_abs = quantile(errors, 1.0);
    return s;
}

JsonValue case_json(const ValidationCase& c) {
    JsonValue v = JsonValue::object(), shape = JsonValue::object();
    for (const auto& [name, extent] : c.shape) { shape.set(name, JsonValue::integer(extent)); }
    v.set("id", JsonValue::string(c.id));
    v.set("family", JsonValue::string(c.family));
    v.set("variant", JsonValue::string(c.variant));
    v.set("shape", shape);
    const bool time = c.unit == "us";
    if (c.measured > 0 || c.judged == Judged::by_difference) {
        v.set(time ? "measured_us" : "measured", JsonValue::number(c.measured));
    }
    if (c.covered) {
        v.set(time ? "predicted_us" : "predicted", JsonValue::number(c.predicted));
        v.set("error", JsonValue::number(c.error()));
    }
    if (!time) { v.set("unit", JsonValue::string(c.unit)); }
    if (!c.limiter.empty()) { v.set("limiter", JsonValue::string(c.limiter)); }
    if (!c.known_reason.empty()) { v.set("known_reason", JsonValue::string(c.known_reason)); }
    if (c.standing != Standing::judged) {
        v.set("standing", JsonValue::string(c.standing == Standing::calibration ? "calibration" : "no quantity"));
    }
    v.set("covered", JsonValue::boolean(c.covered));
    if (!c.covered) { v.set("reason", JsonValue::string(c.reason)); }
    return v;
}

JsonValue family_json(const FamilySummary& s) {
    JsonValue v = JsonValue::object();
    v.set("cases", JsonValue::integer(s.cases));
    v.set("covered", JsonValue::integer(s.covered));
    if (s.set_aside > 0) { v.set("set_aside", JsonValue::integer(s.set_aside)); }
    if (s.covered == 0) { return v; }
    v.set("median_abs", JsonValue::number(s.median_abs));
    v.set("p90_abs", JsonValue::number(s.p90_abs));
    v.set("worst_abs", JsonValue::number(s.worst_abs));
    v.set("mean_signed", JsonValue::number(s.mean_signed));
    return v;
}

JsonValue goal_json(const GoalCheck& g) {
    JsonValue v = family_json(g.reached), limits = JsonValue::object();
    v.set("name", JsonValue::string(g.reached.family));
    for (const auto& [name, limit] :
         {std::pair{"median_abs", g.median}, {"p90_abs", g.p90}, {"worst_abs", g.worst}, {"mean_signed", g.mean}}) {
        if (limit > 0) { limits.set(name, JsonValue::number(limit)); }
    }
    v.set("limits", limits);
    v.set("met", JsonValue::boolean(g.met()));
    return v;
}

JsonValue tolerance_json(const ToleranceCheck& t) {
    JsonValue v = JsonValue::object();
    v.set("what", JsonValue::string(t.what));
    v.set("error", JsonValue::number(t.error));
    v.set("limit", JsonValue::number(t.limit));
    v.set("met", JsonValue::boolean(t.met()));
    if (!t.met() && !t.known_reason.empty()) { v.set("known_reason", JsonValue::string(t.known_reason)); }
    return v;
}

}  // namespace

std::vector<FamilySummary> summarize_cases(const std::vector<ValidationCase>& cases) {
    std::vector<FamilyKey> keys;
    std::map<std::string, int> sets_of;
    for (const ValidationCase& c : cases) {
        const FamilyKey key{c.set, c.family};
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) { continue; }
        keys.push_back(key);
        ++sets_of[c.family];
    }
    std::vector<FamilySummary> out;
    for (const FamilyKey& key : keys) {
        out.push_back(summary_of(key, cases));
        if (sets_of[key.second] > 1) { out.back().family = key.first + ": " + key.second; }
    }
    return out;
}

ValidationReport merged(const std::vector<ValidationReport>& reports) {
    invariant(!reports.empty(), "there is no validation to report");
    ValidationReport all;
    all.power_model = reports.front().power_model;
    std::map<std::string, int> uses;
    for (const ValidationReport& r : reports) {
        for (const ValidationCase& c : r.cases) { ++uses[c.id]; }
    }
    for (const ValidationReport& r : reports) {
        all.set += (all.set.empty() ? "" : "+") + r.set;
        all.source += (all.source.empty() ? "" : "; ") + r.source;
        for (const ValidationCase& c : r.cases) {
            all.cases.push_back(c);
            all.cases.back().set = r.set;
            if (uses[c.id] > 1 && reports.size() > 1) { all.cases.back().id = r.set + ": " + c.id; }
        }
        all.tolerances.insert(all.tolerances.end(), r.tolerances.begin(), r.tolerances.end());
    }
    all.summary = summarize_cases(all.cases);
    return all;
}

JsonValue to_json(const ValidationReport& report) {
    JsonValue v = JsonValue::object(), cases = JsonValue::array(), summary = JsonValue::object();
    JsonValue tolerances = JsonValue::array(), goals = JsonValue::array();
    for (const ValidationCase& c : report.cases) { cases.push(case_json(c)); }
    for (const FamilySummary& s : report.summary) { summary.set(s.family, family_json(s)); }
    for (const ToleranceCheck& t : report.tolerances) { tolerances.push(tolerance_json(t)); }
    for (const GoalCheck& g : report.goals) { goals.push(goal_json(g)); }
    v.set("schema", JsonValue::string("tessera.validate/1"));
    v.set("set", JsonValue::string(report.set));
    v.set("source", JsonValue::string(report.source));
    v.set("passed", JsonValue::boolean(report.passed()));
    v.set("power_model", JsonValue::boolean(report.power_model));
    v.set("tolerances", tolerances);
    v.set("goals", goals);
    v.set("summary", summary);
    v.set("cases", cases);
    return v;
}

}  // namespace tessera
