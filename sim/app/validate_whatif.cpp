#include "sim/app/validate_whatif.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tessera {
namespace {

using measured::Case;

std::int64_t extent(const Case& c, const std::string& key) {
    for (const auto& [name, value] : c.shape) {
        if (name == key) { return value; }
    }
    return 0;
}

std::string shape_without(const Case& c, const std::string& left_out) {
    std::string text;
    for (const auto& [name, value] : c.shape) {
        if (name != left_out) { text += " " + name + std::to_string(value); }
    }
    return text;
}

// The same extents in whatever order: forward, data gradient and weight gradient of one layer do the same work.
std::string sorted_extents(const Case& c) {
    std::vector<std::int64_t> extents = {extent(c, "M"), extent(c, "N"), extent(c, "K"), extent(c, "carve")};
    std::sort(extents.begin(), extents.begin() + 3);
    std::string text;
    for (const std::int64_t e : extents) { text += " " + std::to_string(e); }
    return text;
}

// First case of every (family, variant, rest of the shape, switch).
class Index {
public:
    void add(const std::string& key, std::size_t i) { first_.try_emplace(key, i); }
    const std::size_t* find(const std::string& key) const {
        const auto it = first_.find(key);
        return it == first_.end() ? nullptr : &it->second;
    }

private:
    std::map<std::string, std::size_t> first_;
};

struct Pairs {
    std::vector<WhatifPair> list;
    std::set<std::string> ids;
    void add(const char* family, const std::string& variant, const std::string& what, std::vector<std::size_t> over,
             std::vector<std::size_t> under) {
        const std::string id = std::string(family) + ": " + variant + what;
        if (ids.insert(id).second) { list.push_back({family, variant, id, std::move(over), std::move(under)}); }
    }
};

void pair_gemm(const Index& index, const Case& c, std::size_t i, Pairs& pairs) {
    const std::string shape = shape_without(c, ""), rest = shape_without(c, "carve");
    const auto other = [&](const std::string& variant) { return index.find("gemm " + variant + shape); };
    if (c.variant.rfind("fp8_", 0) == 0 && c.variant != "fp8_tensor_fast") {
        if (const std::size_t* fast = other("fp8_tensor_fast")) {
            pairs.add("promotion", c.variant, shape, {i}, {*fast});
        }
    }
    if (c.variant == "bf16_nn" || c.variant == "bf16_nt") {
        const std::size_t* tn = other("bf16_tn");
        if (tn == nullptr) { tn = index.find("bf16_tn of " + sorted_extents(c)); }
        if (tn != nullptr) { pairs.add("transposed operands", c.variant, shape, {i}, {*tn}); }
    }
    if (extent(c, "carve") > 0) {
        const std::size_t* all = index.find("gemm " + c.variant + rest);
        if (all == nullptr) { all = index.find("gemm " + c.variant + rest + " carve0"); }
        if (all != nullptr) { pairs.add("fewer SMs", c.variant, shape, {i}, {*all}); }
    }
}

void pair_stream(const Index& index, const Case& c, std::size_t i, Pairs& pairs) {
    const std::string shape = shape_without(c, "");
    if (c.family == "requant_transpose") {
        if (const std::size_t* wide = index.find("cast_128x1_transpose " + c.variant + shape)) {
            pairs.add("narrower input", "FP8 for BF16", shape, {i}, {*wide});
        }
    }
    if (c.family != "quantization") { return; }
    const std::string mode = c.id.substr(c.id.find(", "));
    const auto same = [&](const std::string& kernel) { return index.find(kernel + shape + mode); };
    if (c.variant == "per-channel 128x1 BF16->E4M3 + transpose") {
        const std::size_t *cast = same("per-token 1x128 BF16->E4M3"), *turn = same("E4M3 transpose");
        if (cast != nullptr && turn != nullptr) {
            pairs.add("fused transposition", "one kernel for two", shape + mode, {i}, {*cast, *turn});
        }
    }
    const std::size_t* cold = index.find(c.variant + shape + ", after an L2 flush");
    const bool held = !c.launches.empty() && std::get<StreamDesc>(c.launches.front().kernel).reads[0].l2_resident > 0;
    if (cold != nullptr && held) { pairs.add("warm L2", c.variant, shape, {i}, {*cold}); }
}

}  // namespace

std::vector<WhatifPair> whatif_pairs(const std::vector<Case>& cases) {
    Index index;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& c = cases[i];
        if (c.family == "quantization") {
            index.add(c.variant + shape_without(c, "") + c.id.substr(c.id.find(", ")), i);
        } else {
            index.add(c.family + " " + c.variant + shape_without(c, ""), i);
            if (c.family == "gemm") { index.add(c.variant + " of " + sorted_extents(c), i); }
        }
    }
    Pairs pairs;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& c = cases[i];
        if (c.family == "gemm") {
            pair_gemm(index, c, i, pairs);
        } else if (c.family.rfind("deepgemm ", 0) == 0 && extent(c, "sms") < 132) {
            for (const char* whole : {"deepgemm dense ", "deepgemm dgrad ", "deepgemm mgrouped "}) {
                const std::size_t* all = index.find(whole + c.variant + shape_without(c, "sms") + " sms132");
                if (all != nullptr) { pairs.add("fewer SMs", "deepgemm", shape_without(c, ""), {i}, {*all}); }
            }
        } else {
            pair_stream(index, c, i, pairs);
        }
    }
    return std::move(pairs.list);
}

std::vector<ValidationCase> judge_pairs(const std::vector<WhatifPair>& pairs,
                                        const std::vector<ValidationCase>& judged) {
    std::vector<ValidationCase> out;
    for (const WhatifPair& p : pairs) {
        ValidationCase v;
        v.id = p.id;
        v.family = p.family;
        v.variant = p.variant;
        v.unit = "ratio";
        const auto sum = [&](const std::vector<std::size_t>& list, double ValidationCase::*value) {
            double total = 0;
            for (const std::size_t i : list) {
                total += judged.at(i).*value;
                if (!judged.at(i).covered) { v.reason = judged.at(i).reason; }
            }
            return total;
        };
        v.measured = sum(p.over, &ValidationCase::measured) / sum(p.under, &ValidationCase::measured);
        v.predicted = sum(p.over, &ValidationCase::predicted) / sum(p.under, &ValidationCase::predicted);
        v.covered = v.reason.empty();
        v.limiter = judged.at(p.over.front()).limiter;
        out.push_back(v);
    }
    return out;
}

ValidationReport validate_whatif(const SystemConfig& system, const ValidateOptions& options) {
    std::vector<Case> all, cases;
    for (const char* set : {"h200-gemm", "h200-deepgemm", "h200-streams", "h200-quantization"}) {
        const std::vector<Case> own = h200_cases(set, system);
        all.insert(all.end(), own.begin(), own.end());
    }
    std::vector<WhatifPair> pairs = whatif_pairs(all);
    std::map<std::size_t, std::size_t> place;  // only cases of pairs are simulated
    for (WhatifPair& p : pairs) {
        for (std::vector<std::size_t>* side : {&p.over, &p.under}) {
            for (std::size_t& i : *side) {
                const auto [it, first] = place.try_emplace(i, cases.size());
                if (first) { cases.push_back(all[i]); }
                i = it->second;
            }
        }
    }
    ValidationReport report = validate_cases(
        "whatif", "pairs of kernels measured on one H200 that differ by one switch: predicted against measured ratio",
        cases, system, options);
    report.cases = judge_pairs(pairs, report.cases);
    report.summary = summarize_cases(report.cases);
    return report;
}

}  // namespace tessera
