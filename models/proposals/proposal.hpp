// A proposed piece of hardware: what it is, its parameters, and the only hooks through which it may change
// anything. Off means baseline bit for bit.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"
#include "sim/ir/pass.hpp"
#include "sim/result/run_result.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tessera {

// One typed parameter; values of quantities are in the canonical unit of their dimension.
struct ProposalParameter {
    std::string name;
    std::string unit;  // "B/clk", "GB/s", "ns", "" for plain numbers, "bool" for switches
    double value = 0;  // default
    double minimum = 0, maximum = 0;
    std::string doc;
    std::string provenance;  // where default and range come from
};

using ParameterValues = std::map<std::string, double>;  // complete: every declared parameter

struct Explanation {  // the four questions of `tessera explain`
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
    virtual std::string_view title() const = 0;
    virtual std::string_view source() const = 0;
    virtual Explanation explanation() const = 0;
    virtual std::vector<ProposalParameter> parameters() const { return {}; }
    virtual std::vector<std::string> required() const { return {}; }
    virtual std::vector<std::string> conflicts() const { return {}; }

    virtual void configure(SystemConfig& system, const ParameterValues& values) const;
    virtual void passes(PassList& list, const ParameterValues& values) const;
    virtual GainBound bound(const RunResult& baseline, const SystemConfig& system) const = 0;
};

// The explicit list, in a fixed order (registry.cpp).
const std::vector<const Proposal*>& proposal_registry();
const Proposal* find_proposal(std::string_view slug);

}  // namespace tessera
