#include "sim/report/analysis.hpp"

#include <algorithm>
#include <set>

namespace tessera::report {
namespace {

constexpr std::string_view kAllBut = "all-but-";

Time magnitude(Time t) { return t < Time::zero() ? -t : t; }

std::vector<std::string> slugs_of(const Comparison& c) {
    std::vector<std::string> slugs;
    const auto add = [&](const std::string& slug) {
        if (std::find(slugs.begin(), slugs.end(), slug) == slugs.end()) { slugs.push_back(slug); }
    };
    for (const VariantOutcome& v : c.variants) {
        for (const std::string& slug : v.result.proposals) { add(slug); }
    }
    return slugs;
}

Time removed_in(const VariantOutcome& v, const std::string& op_class) {
    Time sum{};
    for (const ClassTotal& r : v.removed) {
        if (r.op_class == op_class) { sum += r.time; }
    }
    return sum;
}

}  // namespace

VariantKind kind_of(const VariantOutcome& v) {
    if (v.result.id == "all") { return VariantKind::all_together; }
    if (v.result.id.compare(0, kAllBut.size(), kAllBut) == 0) { return VariantKind::all_but_one; }
    const std::vector<std::string>& set = v.result.proposals;  // one alone brings along what it requires
    return std::find(set.begin(), set.end(), v.result.id) != set.end() ? VariantKind::alone : VariantKind::other;
}

const VariantOutcome* find_variant(const Comparison& c, std::string_view id) {
    for (const VariantOutcome& v : c.variants) {
        if (v.result.id == id) { return &v; }
    }
    return nullptr;
}

const VariantOutcome* find_alone(const Comparison& c, std::string_view slug) { return find_variant(c, slug); }

const VariantOutcome* find_without(const Comparison& c, std::string_view slug) {
    if (const VariantOutcome* v = find_variant(c, std::string(kAllBut) + std::string(slug))) { return v; }
    const VariantOutcome* all = find_together(c);  // of two proposals, all but one is the other alone
    if (all == nullptr) { return nullptr; }
    std::vector<std::string> rest = all->result.proposals;
    rest.erase(std::remove(rest.begin(), rest.end(), slug), rest.end());
    for (const VariantOutcome& v : c.variants) {
        if (v.result.proposals == rest && rest.size() + 1 == all->result.proposals.size()) { return &v; }
    }
    return nullptr;
}

const VariantOutcome* find_together(const Comparison& c) {
    for (const VariantOutcome& v : c.variants) {
        if (kind_of(v) == VariantKind::all_together) { return &v; }
    }
    return nullptr;
}

const VariantOutcome* fastest(const Comparison& c) {
    const VariantOutcome* best = nullptr;
    for (const VariantOutcome& v : c.variants) {
        if (best == nullptr || v.result.time < best->result.time) { best = &v; }
    }
    return best;
}

std::vector<const VariantOutcome*> alone_by_gain(const Comparison& c) {
    std::vector<const VariantOutcome*> out;
    for (const VariantOutcome& v : c.variants) {
        if (kind_of(v) == VariantKind::alone) { out.push_back(&v); }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const VariantOutcome* a, const VariantOutcome* b) { return a->result.time < b->result.time; });
    return out;
}

Time saved(const Comparison& c, const VariantOutcome& v) { return c.baseline.time - v.result.time; }

Time bound_saving(const Comparison& c, const VariantOutcome& v) {
    if (!(v.bound_speedup > 0)) { return Time::zero(); }
    return c.baseline.time - c.baseline.time / v.bound_speedup;
}

Interactions interactions(const Comparison& c) {
    Interactions out;
    const VariantOutcome* together = find_together(c);
    if (together != nullptr) {
        out.has_together = true;
        out.together = saved(c, *together);
    }
    for (const std::string& slug : slugs_of(c)) {
        Interaction row;
        row.slug = slug;
        if (const VariantOutcome* v = find_alone(c, slug)) {
            row.alone = saved(c, *v);
            row.has_alone = true;
            out.sum_alone += row.alone;
        }
        const VariantOutcome* without = find_without(c, slug);
        if (without != nullptr && together != nullptr) {
            row.last = without->result.time - together->result.time;
            row.has_last = true;
        }
        out.rows.push_back(row);
    }
    return out;
}

Overlap overlap_of_removed(const Comparison& c) {
    Overlap out;
    std::vector<const VariantOutcome*> variants;
    std::set<std::string> classes;
    for (const std::string& slug : slugs_of(c)) {
        const VariantOutcome* v = find_alone(c, slug);
        if (v == nullptr) { continue; }
        out.slugs.push_back(slug);
        variants.push_back(v);
        for (const ClassTotal& r : v->removed) { classes.insert(r.op_class); }
    }
    for (const VariantOutcome* a : variants) {
        std::vector<Time> row;
        for (const VariantOutcome* b : variants) {
            Time sum{};
            for (const std::string& k : classes) { sum += min(removed_in(*a, k), removed_in(*b, k)); }
            row.push_back(sum);
        }
        out.time.push_back(row);
    }
    return out;
}

Time critical_in_classes(const RunResult& r) {
    Time sum{};
    for (const ClassTotal& k : r.classes) { sum += k.critical; }
    return sum;
}

std::vector<WaterfallStep> waterfall(const RunResult& baseline, const RunResult& variant, std::size_t most) {
    std::vector<WaterfallStep> steps;
    for (const std::string& k : classes_of(baseline, variant)) {
        const Time delta = class_total(variant, k).critical - class_total(baseline, k).critical;
        if (delta != Time::zero()) { steps.push_back({k, delta}); }
    }
    std::stable_sort(steps.begin(), steps.end(), [](const WaterfallStep& a, const WaterfallStep& b) {
        return magnitude(a.delta) > magnitude(b.delta);
    });
    if (steps.size() > most) {
        Time rest{};
        for (std::size_t i = most; i < steps.size(); ++i) { rest += steps[i].delta; }
        steps.resize(most);
        steps.push_back({"other classes", rest});
    }
    const Time idle = (variant.time - critical_in_classes(variant)) - (baseline.time - critical_in_classes(baseline));
    if (idle != Time::zero()) { steps.push_back({"launch gaps and idle", idle}); }
    return steps;
}

std::vector<std::pair<std::string, double>> limiter_shares(const RunResult& r) {
    std::vector<std::pair<std::string, double>> out(r.critical_share.begin(), r.critical_share.end());
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

ClassTotal class_total(const RunResult& r, std::string_view op_class) {
    for (const ClassTotal& k : r.classes) {
        if (k.op_class == op_class) { return k; }
    }
    ClassTotal none;
    none.op_class = std::string(op_class);
    return none;
}

std::vector<std::string> classes_of(const RunResult& a, const RunResult& b) {
    std::vector<std::string> names;
    for (const RunResult* r : {&a, &b}) {
        for (const ClassTotal& k : r->classes) {
            if (std::find(names.begin(), names.end(), k.op_class) == names.end()) { names.push_back(k.op_class); }
        }
    }
    std::stable_sort(names.begin(), names.end(), [&](const std::string& x, const std::string& y) {
        return max(class_total(a, x).time, class_total(b, x).time) >
               max(class_total(a, y).time, class_total(b, y).time);
    });
    return names;
}

}  // namespace tessera::report
