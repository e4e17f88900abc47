#include "sim/app/variants.hpp"

#include "models/proposals/selection.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

using Choices = std::vector<ProposalChoice>;

bool has(const Choices& c, const std::string& slug) {
    return std::any_of(c.begin(), c.end(), [&](const ProposalChoice& p) { return p.slug == slug; });
}

std::vector<std::string> required_by(const std::string& slug) {
    const Proposal* p = find_proposal(slug);
    return p == nullptr ? std::vector<std::string>{} : p->required();
}

// The choice with the user's parameters if the proposal is among those weighed, else with its defaults.
ProposalChoice choice(const Choices& weighed, const std::string& slug) {
    const auto it = std::find_if(weighed.begin(), weighed.end(), [&](const auto& p) { return p.slug == slug; });
    return it == weighed.end() ? ProposalChoice{slug, {}} : *it;
}

void take(const Choices& weighed, const std::string& slug, Choices& into) {
    if (has(into, slug)) { return; }
    into.push_back(choice(weighed, slug));
    for (const std::string& other : required_by(slug)) { take(weighed, other, into); }
}

// Removes `slug` and whatever cannot be without it.
void leave_out(const std::string& slug, Choices& from) {
    from.erase(std::remove_if(from.begin(), from.end(), [&](const auto& p) { return p.slug == slug; }), from.end());
    for (const ProposalChoice& p : Choices(from)) {
        const std::vector<std::string> needs = required_by(p.slug);
        if (std::find(needs.begin(), needs.end(), slug) != needs.end()) { leave_out(p.slug, from); }
    }
}

bool same_set(const Choices& a, const Choices& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const ProposalChoice& p) {
               return std::find(b.begin(), b.end(), p) != b.end();
           });
}

class VariantList {
public:
    void add(std::string id, Choices proposals) {
        const bool known =
            std::any_of(list.begin(), list.end(), [&](const Variant& v) { return same_set(v.proposals, proposals); });
        if (!known && !proposals.empty()) { list.push_back({std::move(id), std::move(proposals)}); }
    }
    std::vector<Variant> list;
};

Choices combination(const Choices& weighed, const std::string& slugs) {
    Choices c;
    for (std::size_t from = 0; from <= slugs.size();) {
        const std::size_t to = std::min(slugs.find('+', from), slugs.size());
        take(weighed, slugs.substr(from, to - from), c);
        from = to + 1;
    }
    return c;
}

// Throws every problem of any variant, each once.
void refuse_impossible(const std::vector<Variant>& variants, const std::string& file) {
    std::vector<Diagnostic> problems;
    for (const Variant& v : variants) {
        try {
            select_proposals(v.proposals, file);
        } catch (const ConfigError& e) {
            for (Diagnostic d : e.diagnostics()) {
                d.pointer.insert(0, "/compare");
                const bool known = std::any_of(problems.begin(), problems.end(), [&d](const Diagnostic& p) {
                    return p.pointer == d.pointer && p.message == d.message;
                });
                if (!known) { problems.push_back(std::move(d)); }
            }
        }
    }
    if (!problems.empty()) { throw ConfigError(std::move(problems)); }
}

}  // namespace

std::vector<Variant> variants_of(const CompareConfig& compare, const std::string& file) {
    Choices weighed = compare.proposals;
    if (weighed.empty()) {
        for (const Proposal* p : proposal_registry()) { weighed.push_back({std::string(p->slug()), {}}); }
    }
    Choices all;
    for (const ProposalChoice& p : weighed) { take(weighed, p.slug, all); }
    VariantList variants;
    if (compare.each_alone) {
        for (const ProposalChoice& p : weighed) {
            Choices alone;
            take(weighed, p.slug, alone);
            variants.add(p.slug, alone);
        }
    }
    if (compare.all_but_one) {
        for (const ProposalChoice& p : weighed) {
            Choices rest = all;
            leave_out(p.slug, rest);
            variants.add("all-but-" + p.slug, rest);
        }
    }
    if (compare.all_together) { variants.add("all", all); }
    for (const std::string& slugs : compare.combinations) { variants.add(slugs, combination(weighed, slugs)); }
    refuse_impossible(variants.list, file);
    return std::move(variants.list);
}

}  // namespace tessera
