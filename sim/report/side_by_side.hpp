// Several results in one report: the same figures next to each other, and what differs between their configurations.
#pragma once

#include "sim/report/document.hpp"
#include "sim/result/run_result.hpp"

#include <string>
#include <vector>

namespace tessera::report {

struct NamedResult {
    std::string label;  // unique among those of a report
    const Comparison* comparison = nullptr;
    std::string page;  // the result's own report, relative to this one; empty: none
};

struct SideBySide {
    std::vector<NamedResult> results;
    std::string command;  // that gives this report again
    std::string code_version;
};

// Every number stands for the result that its column names. The first result is what the others are compared with.
Document side_by_side_report(const SideBySide& input);

// The results, workloads against proposals, and what tokens cost, as tables for the terminal.
std::string overview_text(const std::vector<NamedResult>& results);

// One line per result and variant, in the columns of variants_csv() behind the result's label.
std::string side_by_side_csv(const std::vector<NamedResult>& results);

// Ids of variants in the order in which the results name them, each once.
std::vector<std::string> variants_of(const std::vector<NamedResult>& results);

// Values of the configuration that are not the same in all results. A result without a value has "".
struct Difference {
    std::string path;
    std::vector<std::string> values;  // by result
};
std::vector<Difference> differences(const std::vector<NamedResult>& results);

}  // namespace tessera::report
