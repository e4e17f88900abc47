#include "sim/app/deviation_ledger.hpp"

#include "sim/base/data_files.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

bool DeviationLedger::outlier(const ValidationCase& c) const {
    return c.standing == Standing::judged && c.covered && c.judged != Judged::bit_for_bit &&
           std::abs(c.error()) > beyond;
}

const Deviation* DeviationLedger::reason_for(const ValidationCase& c) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Deviation& d) { return d.cases.matches(c); });
    return found == entries.end() ? nullptr : &*found;
}

void DeviationLedger::explain(ValidationReport& report) const {
    for (ValidationCase& c : report.cases) {
        if (!outlier(c)) { continue; }
        const Deviation* known = reason_for(c);
        if (known != nullptr) { c.known_reason = known->reason; }  // else what the set's own file says
    }
}

DeviationLedger read_deviation_ledger(const std::string& file) {
    const JsonValue document = read_json_file(file);
    const JsonCursor root(document, file);
    DeviationLedger ledger;
    if (root.has("beyond")) { ledger.beyond = root.positive("beyond"); }
    for (const JsonCursor& at : root.at("deviations").items()) {
        ledger.entries.push_back({read_case_filter(at), at.text("reason")});
        if (ledger.entries.back().reason.empty()) { at.at("reason").fail("expected a reason in words"); }
    }
    return ledger;
}

DeviationLedger deviation_ledger() {
    const std::string file = find_data("tests/validation/deviations.json");
    return file.empty() ? DeviationLedger{} : read_deviation_ledger(file);
}

}  // namespace tessera
