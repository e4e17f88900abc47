#include "sim/report/uncertainty.hpp"

#include "sim/base/text.hpp"
#include "sim/report/console.hpp"
#include "sim/report/format.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tessera::report {
namespace {

std::string most_text(const Uncertainty::Band& b) {
    std::vector<std::string> parts;
    for (const Uncertainty::Weight& w : b.most) {
        parts.push_back(w.path + " (" + signed_fixed(w.swing, 3) + ", rank " + signed_fixed(w.correlation, 2) + ")");
    }
    return join(parts, "; ");
}

constexpr char few_draws[] =
    " draws are too few for a band of 90 %: its ends are the extremes that happened to be "
    "drawn. Take it as an indication; 16 draws or more give a band.";

Table band_table(const Uncertainty& u) {
    Table t;
    t.columns = {"variant", "speed-up", "band", "assumptions alone", "model", "what matters most"};
    for (const Uncertainty::Band& b : u.bands) {
        t.rows.push_back({text_cell(b.id), number_cell(factor(b.speedup), b.speedup),
                          text_cell(fixed(b.low, 3) + " to " + fixed(b.high, 3)),
                          text_cell(fixed(b.drawn_low, 3) + " to " + fixed(b.drawn_high, 3)),
                          number_cell("\u00b1 " + percent(b.model), b.model), text_cell(most_text(b))});
    }
    return t;
}

Table assumed_table(const Uncertainty& u) {
    Table t;
    t.caption = "What is assumed, and what it may as well be.";
    t.columns = {"value", "low", "nominal", "high", "source"};
    t.wide_text = true;
    for (const Uncertainty::Assumed& a : u.assumed) {
        t.rows.push_back(
            {code_cell(a.path), text_cell(a.low), text_cell(a.nominal), text_cell(a.high), text_cell(a.source)});
    }
    return t;
}

JsonValue text(const std::string& s) { return JsonValue::string(s); }
JsonValue number(double v) { return JsonValue::number(v); }

JsonValue band_json(const Uncertainty::Band& b) {
    JsonValue v = JsonValue::object();
    v.set("id", text(b.id));
    v.set("speedup", number(b.speedup));
    v.set("low", number(b.low));
    v.set("high", number(b.high));
    v.set("assumptions_low", number(b.drawn_low));
    v.set("assumptions_high", number(b.drawn_high));
    v.set("model_half_width", number(b.model));
    JsonValue& most = v.set("matter_most", JsonValue::array());
    for (const Uncertainty::Weight& w : b.most) {
        JsonValue& entry = most.push(JsonValue::object());
        entry.set("path", text(w.path));
        entry.set("rank_correlation", number(w.correlation));
        entry.set("swing", number(w.swing));
    }
    return v;
}

}  // namespace

std::vector<std::string> weightiest(const Uncertainty& u, std::size_t count) {
    std::map<std::string, double> sums;
    for (const Uncertainty::Band& b : u.bands) {
        for (const Uncertainty::Weight& w : b.most) { sums[w.path] += std::abs(w.swing); }
    }
    std::vector<std::pair<std::string, double>> order(sums.begin(), sums.end());
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < order.size() && i < count; ++i) {
        if (order[i].second > 0) { paths.push_back(order[i].first); }
    }
    return paths;
}

JsonValue to_json(const Uncertainty& u) {
    JsonValue v = JsonValue::object();
    v.set("schema", text("tessera.uncertainty/1"));
    v.set("samples", JsonValue::integer(u.samples));
    v.set("dropped", JsonValue::integer(u.dropped));
    v.set("indicative", JsonValue::boolean(u.indicative()));
    v.set("model_error", number(u.model_error));
    JsonValue& assumed = v.set("assumed", JsonValue::array());
    for (const Uncertainty::Assumed& a : u.assumed) {
        JsonValue& entry = assumed.push(JsonValue::object());
        entry.set("path", text(a.path));
        entry.set("low", text(a.low));
        entry.set("nominal", text(a.nominal));
        entry.set("high", text(a.high));
        entry.set("source", text(a.source));
    }
    JsonValue& bands = v.set("bands", JsonValue::array());
    for (const Uncertainty::Band& b : u.bands) { bands.push(band_json(b)); }
    return v;
}

Section uncertainty_section(const Uncertainty& u) {
    Section s{"uncertainty", "How sure are the speed-ups?", {}};
    s.paragraph("Bands hold 90 %: " + std::to_string(u.samples) + " draws of the " + std::to_string(u.assumed.size()) +
                " assumed values below (a Latin hypercube), and the error of the model's ratios, " +
                percent(u.model_error) +
                " in 9 of 10 what-if pairs measured on silicon, for the part of the time that a "
                "variant changes. In brackets: what the speed-up gains from the lower to the upper half of an "
                "assumption's draws, and its rank correlation.");
    if (u.indicative()) { s.paragraph(Line().strong(std::to_string(u.samples) + few_draws)); }
    Line most("Over all of them most depends on ");
    const std::vector<std::string> paths = weightiest(u);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        if (i > 0) { most.text(i + 1 == paths.size() ? " and " : ", "); }
        most.code(paths[i]);
    }
    if (!paths.empty()) { s.paragraph(most.text(".")); }
    s.table(band_table(u));
    s.table(assumed_table(u));
    return s;
}

std::string summary_text(const Uncertainty& u) {
    const std::string head = "bands of 90 % from " + std::to_string(u.samples) + " draws of " +
                             std::to_string(u.assumed.size()) + " assumptions and the model's error\n";
    const std::string note = u.indicative() ? std::to_string(u.samples) + few_draws + "\n" : std::string();
    const std::vector<std::string> paths = weightiest(u);
    return head + note + to_text(band_table(u)) +
           (paths.empty() ? "" : "over all of them most depends on " + join(paths, ", ") + "\n");
}

}  // namespace tessera::report
