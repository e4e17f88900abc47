#include "models/proposals/selection.hpp"

#include <algorithm>

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

struct Reading {
    double value = 0;
    std::string problem, hint;
};

// Parameter units are at most one prefix away from the canonical unit of their dimension.
struct UnitRule {
    std::string_view unit;
    Dimension dimension;
    double canonical_per_unit;
};
constexpr UnitRule kUnits[] = {{"B/clk", Dimension::bytes_per_cycle, 1},
                               {"GB/s", Dimension::bandwidth, 1e9},
                               {"ns", Dimension::time, 1e6},
                               {"clk", Dimension::cycles, 1},
                               {"B", Dimension::bytes, 1}};

Reading read_quantity(const std::string& text, const UnitRule& rule) {
    const bool whole = rule.dimension == Dimension::time || rule.dimension == Dimension::bytes;
    if (whole) {
        const auto r = read_integer_quantity(text, rule.dimension);
        return {static_cast<double>(r.raw) / rule.canonical_per_unit, r.problem, r.hint};
    }
    const auto r = read_real_quantity(text, rule.dimension);
    return {r.raw / rule.canonical_per_unit, r.problem, r.hint};
}

Reading read_value(const ProposalParameter& p, const JsonValue& json) {
    if (p.unit == "bool") {
        if (json.kind() != JsonValue::Kind::boolean) {
            return {0, "expected true or false, found " + std::string(to_string(json.kind())), ""};
        }
        return {json.as_boolean() ? 1.0 : 0.0, "", ""};
    }
    if (p.unit.empty()) {
        if (!json.is_number()) { return {0, "expected a number, found " + std::string(to_string(json.kind())), ""}; }
        return {json.as_double(), "", ""};
    }
    const auto* rule =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&p](const UnitRule& u) { return u.unit == p.unit; });
    invariant(rule != std::end(kUnits), "a proposal parameter has a unit that selection.cpp does not know");
    if (!json.is_string()) {
        return {0, "expected a quantity, found " + std::string(to_string(json.kind())),
                "write it with its unit: \"" + format_shortest(p.value) + " " + p.unit + "\""};
    }
    return read_quantity(json.as_string(), *rule);
}

class Selection {
public:
    explicit Selection(std::string file) : file_(std::move(file)) {}

    void add(const ProposalChoice& choice) {
        const Proposal* proposal = find_proposal(choice.slug);
        const std::string pointer = "/proposals/" + choice.slug;
        if (proposal == nullptr) {
            std::vector<std::string> known;
            for (const Proposal* p : proposal_registry()) { known.emplace_back(p->slug()); }
            return problem(pointer, "unknown proposal \"" + choice.slug + "\"", suggestion(choice.slug, known));
        }
        if (has(choice.slug)) { return problem(pointer, "this proposal is named twice", "keep one entry"); }
        ActiveProposal active{proposal, {}};
        std::vector<std::string> names;
        for (const ProposalParameter& p : proposal->parameters()) {
            active.values[p.name] = p.value;
            names.push_back(p.name);
        }
        for (const auto& [name, text] : choice.parameters) {
            if (active.values.find(name) == active.values.end()) {
                problem(pointer + "/" + name, "unknown parameter \"" + name + "\"", suggestion(name, names));
            } else {
                set(active, name, text, pointer + "/" + name);
            }
        }
        active_.push_back(std::move(active));
    }

    std::vector<ActiveProposal> finish() {
        for (const ActiveProposal& a : active_) {
            const std::string slug(a.proposal->slug());
            for (const std::string& other : a.proposal->conflicts()) {
                if (has(other)) {
                    problem("/proposals/" + slug, slug + " conflicts with " + other, "switch one of them off");
                }
            }
            for (const std::string& other : a.proposal->required()) {
                if (!has(other)) {
                    problem("/proposals/" + slug, slug + " requires " + other, "switch " + other + " on too");
                }
            }
        }
        if (!problems_.empty()) { throw ConfigError(problems_); }
        const auto rank = [](const ActiveProposal& a) {
            const auto& all = proposal_registry();
            return std::find(all.begin(), all.end(), a.proposal) - all.begin();
        };
        std::sort(active_.begin(), active_.end(),
                  [&rank](const ActiveProposal& a, const ActiveProposal& b) { return rank(a) < rank(b); });
        return std::move(active_);
    }

private:
    bool has(std::string_view slug) const {
        return std::any_of(active_.begin(), active_.end(),
                           [slug](const ActiveProposal& a) { return a.proposal->slug() == slug; });
    }

    void problem(std::string pointer, std::string message, std::string hint) {
        problems_.push_back({file_, std::move(pointer), std::move(message), std::move(hint)});
    }

    void set(ActiveProposal& active, const std::string& name, const std::string& text, const std::string& pointer) {
        const std::vector<ProposalParameter> all = active.proposal->parameters();
        const auto p =
            std::find_if(all.begin(), all.end(), [&name](const ProposalParameter& x) { return x.name == name; });
        const Reading reading = read_value(*p, parse_json(text, file_));
        if (!reading.problem.empty()) { return problem(pointer, reading.problem, reading.hint); }
        if (reading.value < p->minimum || reading.value > p->maximum) {
            const std::string unit = p->unit.empty() || p->unit == "bool" ? "" : " " + p->unit;
            return problem(pointer, "out of range: " + format_shortest(reading.value) + unit,
                           "allowed: " + format_shortest(p->minimum) + " to " + format_shortest(p->maximum) + unit);
        }
        active.values[name] = reading.value;
    }

    std::string file_;
    std::vector<ActiveProposal> active_;
    std::vector<Diagnostic> problems_;
};

}  // namespace

std::vector<ActiveProposal> select_proposals(const std::vector<ProposalChoice>& choices, const std::string& file) {
    Selection selection(file);
    for (const ProposalChoice& choice : choices) { selection.add(choice); }
    return selection.finish();
}

SystemConfig configured(const SystemConfig& system, const std::vector<ActiveProposal>& active) {
    SystemConfig result = system;
    for (const ActiveProposal& a : active) { a.proposal->configure(result, a.values); }
    return result;
}

AreaParts area_of(const SystemConfig& system, const std::vector<ActiveProposal>& active) {
    AreaParts parts;
    for (const ActiveProposal& a : active) {
        for (AreaPart& p : a.proposal->area(system, a.values)) { parts.push_back(std::move(p)); }
    }
    return parts;
}

PassList proposal_passes(const std::vector<ActiveProposal>& active) {
    PassList list;
    for (const ActiveProposal& a : active) { a.proposal->passes(list, a.values); }
    return list;
}

}  // namespace tessera
