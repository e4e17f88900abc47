#include "sim/base/text.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>
#include <map>

namespace tessera::report {
namespace {

std::vector<Cell> validation_row(const ValidationRow& r) {
    std::vector<Cell> row{text_cell(words(r.label)), number_cell(std::to_string(r.cases), r.cases),
                          number_cell(percent(r.share), r.share), time_cell(r.measured), time_cell(r.predicted)};
    if (r.measured > Time::zero()) {
        Cell error = number_cell(signed_percent(r.error()), r.error());
        const double size = r.error() < 0 ? -r.error() : r.error();
        error.tone = size > 0.2 ? Tone::bad : (size <= 0.1 ? Tone::good : Tone::plain);
        row.push_back(error);
    } else {
        row.push_back(text_cell("\u2013"));
    }
    return row;
}

// "/system/hbm/peak" -> "system/hbm": assumptions are grouped by the object that holds them.
std::string group_of(const std::string& path) {
    const std::size_t first = path.find_first_not_of('/');
    if (first == std::string::npos) { return "configuration"; }
    const std::size_t last = path.rfind('/');
    return last <= first ? std::string("configuration") : path.substr(first, last - first);
}

std::string leaf_of(const std::string& path) {
    const std::size_t last = path.rfind('/');
    return last == std::string::npos ? path : path.substr(last + 1);
}

}  // namespace

Section plots_section(const std::vector<Image>& plots) {
    Section s{"plots", "Plots for slides", {}};
    if (plots.empty()) { return s; }
    s.paragraph("The same figures drawn by matplotlib; PNG and SVG files of them are in the folder plots.");
    for (const Image& i : plots) { s.push(i); }
    return s;
}

Section assumptions_section(const Comparison& c) {
    Section s{"assumptions", "Assumptions and their sources", {}};
    const std::vector<Assumption> all = assumptions_of(c.provenance_json);
    if (all.empty()) { return s; }
    s.paragraph(
        "Every value that the result rests on, with the file or option that set it and the source given there.");
    std::vector<std::string> order;
    std::map<std::string, Table> groups;
    for (const Assumption& a : all) {
        const std::string group = group_of(a.path);
        if (groups.count(group) == 0) {
            order.push_back(group);
            groups[group].columns = {"value", "is", "set by", "source"};
            groups[group].wide_text = true;
        }
        groups[group].rows.push_back({code_cell(leaf_of(a.path)), text_cell(a.value), text_cell(a.origin),
                                      text_cell(a.source.empty() ? "\u2013" : a.source)});
    }
    for (const std::string& group : order) {
        const std::size_t n = groups[group].rows.size();
        s.push(Details{group + " (" + std::to_string(n) + (n == 1 ? " value)" : " values)"),
                       {Block{std::move(groups[group])}}});
    }
    return s;
}

Section validation_section(const std::optional<ValidationSummary>& validation) {
    Section s{"validation", "The model's own error", {}};
    if (!validation) {
        s.paragraph(
            Line()
                .text("Not run. ")
                .code("tessera validate --set h800-train")
                .text(" compares this model with measured kernels; judge small gains only with its figures at hand."));
        return s;
    }
    const ValidationSummary& v = *validation;
    s.paragraph(Line()
                    .text("Set ")
                    .code(v.set)
                    .text(": predicted ")
                    .strong(human(v.whole.predicted))
                    .text(" against ")
                    .strong(human(v.whole.measured))
                    .text(" measured, " + signed_percent(v.whole.error()) + "."));
    Table t;
    t.caption = "Source of the measurements: " + v.source + ". Positive: the model is slower than the silicon.";
    t.columns = {"operator class", "kernels", "share of wall", "measured (ms)", "predicted (ms)", "error"};
    std::vector<ValidationRow> rows = v.rows;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const ValidationRow& a, const ValidationRow& b) { return a.measured > b.measured; });
    for (const ValidationRow& r : rows) { t.rows.push_back(validation_row(r)); }
    t.rows.push_back(validation_row(v.whole));
    s.table(std::move(t));
    std::vector<Line> deviations;
    for (const auto& [what, why] : v.deviations) {
        deviations.push_back(Line().strong(words(what)).text(": " + why + "."));
    }
    if (!deviations.empty()) { s.paragraph("Known deviations:"); }
    s.bullets(std::move(deviations));
    return s;
}

Section limits_section(const std::vector<std::string>& not_modelled) {
    Section s{"limits", "What is not modelled", {}};
    std::vector<Line> lines(not_modelled.begin(), not_modelled.end());
    return s.bullets(std::move(lines));
}

Section reproduce_section(const ReportInput& input) {
    Section s{"reproduce", "How to get this report again", {}};
    if (!input.command.empty()) { s.paragraph(Line().code(input.command)); }
    if (!input.comparison.code_version.empty()) {
        s.paragraph("Program version: " + input.comparison.code_version + ".");
    }
    Table t;
    t.columns = {"file", "what it holds"};
    for (const auto& [name, what] : input.files) { t.rows.push_back({code_cell(name), text_cell(what)}); }
    return s.table(std::move(t));
}

}  // namespace tessera::report
