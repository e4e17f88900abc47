#include "sim/cli/sensitivity.hpp"

#include "sim/base/json.hpp"
#include "sim/base/text.hpp"
#include "sim/report/console.hpp"
#include "sim/report/format.hpp"

#include <cmath>
#include <cstdio>

namespace tessera::cli {
namespace {

constexpr const char* kJudged[] = {"tokens_per_s_per_node", "tokens_per_day", "tokens_per_s_per_gpu"};

std::string headline(const std::map<std::string, double>& figures) {
    for (const char* name : kJudged) {
        if (figures.count(name) != 0) { return name; }
    }
    return "time_s";
}

std::string plain(const std::string& json) {
    if (json.empty()) { return "-"; }
    const JsonValue v = parse_json(json, "a value");
    return v.is_string() ? v.as_string() : v.is_number() ? format_shortest(v.as_double()) : json;
}

std::string digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

std::string change(const Sensitivity::Moved& moved, const std::map<std::string, double>& base,
                   const std::string& name) {
    if (moved.value.empty()) { return "-"; }
    if (!moved.problem.empty()) { return moved.problem.substr(0, moved.problem.find(':')); }
    const double share = moved.figures.at(name) / base.at(name) - 1;
    return std::abs(share) < 5e-5 ? "0" : report::signed_fixed(share * 100, 2) + " %";
}

}  // namespace

std::string figures_text(const RunResult& result) {
    std::string out;
    for (const auto& [name, value] : result.figures) {
        const std::string label = report::words(name);
        out += "  " + label + std::string(label.size() < 34 ? 34 - label.size() : 1, ' ') + digits(value) + "\n";
    }
    return out.empty() ? out : "\nfigures\n" + out;
}

std::string sensitivity_text(const Sensitivity& s) {
    if (s.rows.empty()) { return "\nNo value of the workload is assumed.\n"; }
    const std::string judged = headline(s.figures);
    report::Table t;
    t.columns = {"assumption",          "value",    "moved to", "time",
                 report::words(judged), "moved to", "time",     report::words(judged)};
    for (const Sensitivity::Row& row : s.rows) {
        std::vector<report::Cell> cells = {report::text_cell(row.assumption.path),
                                           report::text_cell(plain(row.assumption.value))};
        for (const Sensitivity::Moved* m : {&row.low, &row.high}) {
            cells.push_back(report::text_cell(plain(m->value)));
            cells.push_back(report::text_cell(change(*m, s.figures, "time_s")));
            cells.push_back(report::text_cell(change(*m, s.figures, judged)));
        }
        t.rows.push_back(std::move(cells));
    }
    std::string out = "\nassumptions, each moved by 20 % down and up (or as far as it may)\n" + report::to_text(t);
    for (const Sensitivity::Row& row : s.rows) {
        out += "  " + row.assumption.path + ": " + row.assumption.source + "\n";
    }
    return out;
}

std::string assumptions_text(const RunConfig& config, const std::string& repeat) {
    std::string out;
    for (const Assumption& a : assumptions_of(config)) {
        out += "  " + a.path + " = " + plain(a.value) + ": " + a.source + "\n";
    }
    return out.empty() ? out : "\nassumed (" + repeat + " shows what each is worth)\n" + out;
}

}  // namespace tessera::cli
