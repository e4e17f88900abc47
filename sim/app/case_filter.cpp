#include "sim/app/case_filter.hpp"

#include <algorithm>

namespace tessera {
namespace {

bool named(const std::string& pattern, const std::string& name) {
    if (pattern.empty() || pattern.back() != '*') { return pattern == name; }
    return name.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0;
}

bool any_of(const std::vector<std::string>& patterns, const std::string& name) {
    return patterns.empty() ||
           std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return named(p, name); });
}

bool inside(const CaseFilter::Range& range, const ValidationCase& c) {
    return std::any_of(c.shape.begin(), c.shape.end(), [&](const auto& extent) {
        return extent.first == range.extent && extent.second >= range.min && extent.second <= range.max;
    });
}

std::vector<std::string> texts(const JsonCursor& at, const char* key) {
    std::vector<std::string> out;
    if (!at.has(key)) { return out; }
    for (const JsonCursor& item : at.at(key).items()) { out.push_back(item.text()); }
    return out;
}

CaseFilter::Side side_of(const JsonCursor& at) {
    const std::string side = at.text_or("side", "any");
    if (side == "above") { return CaseFilter::Side::above; }
    if (side == "below") { return CaseFilter::Side::below; }
    if (side != "any") { at.at("side").fail("expected \"above\", \"below\" or \"any\""); }
    return CaseFilter::Side::any;
}

}  // namespace

bool CaseFilter::matches(const ValidationCase& c) const {
    if (!any_of(sets, c.set) || !any_of(families, c.family) || !any_of(variants, c.variant)) { return false; }
    if (!any_of(limiters, c.limiter) || (!unit.empty() && unit != c.unit)) { return false; }
    if (least_us > 0 && (c.unit != "us" || c.measured < least_us)) { return false; }
    if (side != Side::any && (!c.covered || (c.error() > 0) != (side == Side::above))) { return false; }
    return std::all_of(where.begin(), where.end(), [&](const Range& r) { return inside(r, c); });
}

CaseFilter read_case_filter(const JsonCursor& at) {
    CaseFilter f;
    f.sets = texts(at, "sets");
    f.families = texts(at, "families");
    f.variants = texts(at, "variants");
    f.limiters = texts(at, "limiters");
    f.unit = at.text_or("unit", "");
    if (at.has("least_us")) { f.least_us = at.positive("least_us"); }
    f.side = side_of(at);
    if (at.has("where")) {
        for (const auto& [extent, limits] : at.at("where").members()) {
            CaseFilter::Range range;
            range.extent = extent;
            if (limits.has("min")) { range.min = limits.at("min").integer(); }
            if (limits.has("max")) { range.max = limits.at("max").integer(); }
            if (range.min > range.max) { limits.fail("\"min\" lies above \"max\""); }
            f.where.push_back(range);
        }
    }
    return f;
}

}  // namespace tessera
