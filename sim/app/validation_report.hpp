// What a validation answers: predictions beside measurements, case by case and summed up, with the tolerances the
// data set states. Written as `tessera.validate/1`.
#pragma once

#include "sim/base/json.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tessera {

// What the error of a case is.
enum class Judged {
    by_ratio,       // predicted / measured - 1
    by_difference,  // predicted - measured: of slow-downs and shares, in points of 1
    bit_for_bit     // counts of outputs: `measured` were recorded, `predicted` are reproduced; the share of the others
};

// Whether a case says something about the model's accuracy. Figures are of judged cases alone.
enum class Standing {
    judged,
    calibration,  // it set a constant of the system: what is predicted of it follows from itself
    no_quantity   // a check of the measuring program, or a reading that cannot be: nothing that a device model predicts
};

struct ValidationCase {
    std::string id;       // unique in the report
    std::string family;   // cases that are summed up together
    std::string variant;  // what distinguishes cases of a family: role, dtype, ...
    std::vector<std::pair<std::string, std::int64_t>> shape;
    std::string unit = "us";  // of the two values: "us", "GB/s", "ratio", ...
    double measured = 0;
    double predicted = 0;  // meaningless unless covered
    Judged judged = Judged::by_ratio;
    Standing standing = Standing::judged;
    bool covered = true;
    std::string reason;        // why it is not covered
    std::string limiter;       // what the model saw as the limit; empty if it does not say
    std::string set;           // the set or file it belongs to, in a merged report
    std::string known_reason;  // of a prediction that is far off, from the ledger of deviations; may be empty
    double error() const;
};

// Over the covered cases of a family that are judged.
struct FamilySummary {
    std::string family;
    int cases = 0, covered = 0;
    double median_abs = 0, p90_abs = 0, worst_abs = 0, mean_signed = 0;
    int set_aside = 0;  // others, which are not judged
};

// A limit that the data set states, and how the prediction stands to it.
struct ToleranceCheck {
    std::string what;          // "wall", "class gemm_fp8_fwd"
    double error = 0;          // signed
    double limit = 0;          // on its absolute value
    std::string known_reason;  // from the set's ledger of deviations: why it is off, if it is; may be empty
    bool met() const { return error <= limit && error >= -limit; }
};

// A stated figure for a group of cases (family: its name), and what was reached. Limits of 0 are not stated.
struct GoalCheck {
    FamilySummary reached;
    double median = 0, p90 = 0, worst = 0, mean = 0;  // limits on absolute values
    bool full_coverage = true;
    bool met() const;
};

struct ValidationReport {
    std::string set;     // "h800-train"
    std::string source;  // of the measurements
    std::vector<ValidationCase> cases;
    std::vector<FamilySummary> summary;
    std::vector<ToleranceCheck> tolerances;
    std::vector<GoalCheck> goals;
    bool power_model = false;  // predicted without being told the clock
    bool passed() const;       // every tolerance and goal is met
};

// The value below which the share `q` (0..1) of the values lies, linear between neighbours. InternalError if empty.
double quantile(std::vector<double> values, double q);

// Families in the order of their first case; where several sets have one of the same name, each set its own.
std::vector<FamilySummary> summarize_cases(const std::vector<ValidationCase>& cases);

// All cases and tolerances of several reports, summed up anew; ids that several use get the name of their set in
// front. InternalError if there is none.
ValidationReport merged(const std::vector<ValidationReport>& reports);

JsonValue to_json(const ValidationReport& report);

}  // namespace tessera
