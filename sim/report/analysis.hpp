// What the report says about a comparison, derived from its figures alone: who wins, how the proposals combine,
// where the time went. No formatting here.
#pragma once

#include "sim/result/run_result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::report {

// Sets of proposals that the report treats differently; `other` is any set the user asked for by hand.
enum class VariantKind { alone, all_but_one, all_together, other };
VariantKind kind_of(const VariantOutcome& variant);

const VariantOutcome* find_variant(const Comparison& c, std::string_view id);
const VariantOutcome* find_alone(const Comparison& c, std::string_view slug);
const VariantOutcome* find_without(const Comparison& c, std::string_view slug);  // "all-but-<slug>", or that set
const VariantOutcome* find_together(const Comparison& c);
// Least time over all variants; the first in order among equals; nullptr if there are none.
const VariantOutcome* fastest(const Comparison& c);
// The variants named after one proposal (with what it requires), most time saved first (ties by order of the
// comparison).
std::vector<const VariantOutcome*> alone_by_gain(const Comparison& c);

// Time saved against the baseline (negative: a loss) and the most that the bound allows.
Time saved(const Comparison& c, const VariantOutcome& v);
Time bound_saving(const Comparison& c, const VariantOutcome& v);

// How one proposal behaves beside the others.
struct Interaction {
    std::string slug;
    Time alone{};  // saved when it is the only one
    Time last{};   // lost again when it is taken out of the full set: t(all but it) - t(all)
    bool has_alone = false, has_last = false;
};
struct Interactions {
    std::vector<Interaction> rows;  // in the order in which the comparison names the proposals
    Time sum_alone{};               // what the set would save if nothing interacted
    Time together{};                // what it saves
    bool has_together = false;
};
Interactions interactions(const Comparison& c);

// Kernel time that both of two proposals remove, class by class: overlap[i][j] = sum over classes of
// min(removed by i, removed by j); the diagonal is what each removes alone. Slugs in the same order as the rows.
struct Overlap {
    std::vector<std::string> slugs;
    std::vector<std::vector<Time>> time;
};
Overlap overlap_of_removed(const Comparison& c);

// One step from the baseline's wall time to a variant's: the change of a class's time on the critical path.
struct WaterfallStep {
    std::string label;  // operator class, "launch gaps and idle", or "other classes"
    Time delta{};       // negative: time saved
};
// Largest changes first, at most `most` classes by name and the rest in one step; the deltas add up to
// variant.time - baseline.time exactly.
std::vector<WaterfallStep> waterfall(const RunResult& baseline, const RunResult& variant, std::size_t most);

// Sum of the classes' time on the critical path; wall minus this is launch gaps and idle.
Time critical_in_classes(const RunResult& r);
// Shares of the critical path, largest first (ties by name).
std::vector<std::pair<std::string, double>> limiter_shares(const RunResult& r);

// A class's row in a result, or a row of zeros.
ClassTotal class_total(const RunResult& r, std::string_view op_class);
// Every class of either result, descending by the larger of the two times.
std::vector<std::string> classes_of(const RunResult& a, const RunResult& b);

}  // namespace tessera::report
