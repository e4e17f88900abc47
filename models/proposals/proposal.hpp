// A proposed piece of hardware: what it is, its parameters, and the only hooks through which it may change
// anything. Off means baseline bit for bit.
//
// Each proposal lives in models/proposals/<slug>/: proposal.cpp and README.md. The README is the single source of
// title, origin and the four answers of `tessera explain`; the build embeds it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/proposals/area.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/pass.hpp"
#include "sim/result/run_result.hpp"

namespace tessera {

// One typed parameter. `value`, `minimum` and `maximum` are in `unit`; a quantity in a file may use any unit of the
// same dimension ("0.5 us" for "ns").
struct ProposalParameter {
    std::string name;
    std::string unit;  // "B/clk", "GB/s", "ns", "clk", "B", "" for plain numbers, "bool" for switches
    double value = 0;  // default
    double minimum = 0, maximum = 0;
    std::string doc;
    std::string provenance;  // where default and range come from
    // What the value of the hardware, once built, may turn out to be: low <= value <= high, inside the allowed range.
    // Both 0: it is a choice of the designer, not an assumption.
    double low = 0, high = 0;
    bool assumed() const { return low != 0 || high != 0; }
};

using ParameterValues = std::map<std::string, double, std::less<>>;  // complete: every declared parameter

struct Explanation {  // the four questions of `tessera explain`, as Markdown paragraphs
    std::string title, source, summary;
    std::string removes, adds, limits, worthless;
};

struct GainBound {
    Time most{};  // most wall time it could ever save on this run
    std::string reason;
};

class Proposal {
public:
    virtual ~Proposal() = default;
    virtual std::string_view slug() const = 0;
    virtual std::string_view readme() const = 0;  // text of the folder's README.md
    virtual std::vector<ProposalParameter> parameters() const { return {}; }
    virtual std::vector<std::string> required() const { return {}; }   // slugs that must be on as well
    virtual std::vector<std::string> conflicts() const { return {}; }  // slugs that must be off

    // Switches capabilities on in the typed configuration. Default: nothing.
    virtual void configure(SystemConfig& system, const ParameterValues& values) const;
    // Appends graph rewrites; they run in registry order and see the configured system. Default: nothing.
    virtual void passes(PassList& list, const ParameterValues& values) const;
    // Upper limit on the wall time saved, from the baseline run alone: see bounds.hpp for the argument.
    virtual GainBound bound(const RunResult& baseline, const SystemConfig& system) const = 0;
    // The silicon it takes beside one GPU of the configured system. Default: none is stated.
    virtual AreaParts area(const SystemConfig& /*system*/, const ParameterValues& /*values*/) const { return {}; }
};

// Parsed from the README's fixed headings; InternalError if one is missing (a test reads them all).
Explanation explanation(const Proposal& proposal);

// The explicit list, in a fixed order (registry.cpp): the order in which hooks run.
const std::vector<const Proposal*>& proposal_registry();
const Proposal* find_proposal(std::string_view slug);

// For programs that bring a proposal of their own (scripts/tutorials/2-own-proposal.md): appends it to the list, before
// anything is simulated. InternalError if its slug is taken.
void add_proposal(std::unique_ptr<Proposal> proposal);

}  // namespace tessera
