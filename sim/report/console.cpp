#include "sim/report/console.hpp"

#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

#include <algorithm>

namespace tessera::report {
namespace {

constexpr std::size_t kMostClasses = 15;

// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string plain(const Line& line) {
    std::string text;
    for (const Inline& run : line.runs()) { text += run.text; }
    return text;
}

}  // namespace

std::string to_text(const Table& table) {
    std::vector<std::size_t> widths;
    for (const std::string& c : table.columns) { widths.push_back(width(c)); }
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            widths[i] = std::max(widths[i], width(row[i].text));
        }
    }
    std::string out;
    const auto line = [&](const auto& text_at) {
        std::string row;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string& text = text_at(i);
            const std::string pad(widths[i] - width(text), ' ');
            row += (i == 0 ? "" : "  ") + (numeric_column(table, i) ? pad + text : text + pad);
        }
        out += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    };
    line([&](std::size_t i) -> const std::string& { return table.columns[i]; });
    for (const auto& row : table.rows) {
        static const std::string none;
        line([&](std::size_t i) -> const std::string& { return i < row.size() ? row[i].text : none; });
    }
    return out;
}

std::string summary_text(const Comparison& c) {
    Table t;
    t.columns = {"variant", "time (ms)", "saved (ms)", "speed-up", "bound", "clock (MHz)", "limiter"};
    const auto limiter = [](const RunResult& r) { return text_cell(limiter_name(to_string(r.limiter))); };
    const auto clock = [](const RunResult& r) {
        return number_cell(fixed(r.sm_clock.raw() * 1e-6, 0), r.sm_clock.raw());
    };
    t.rows.push_back({text_cell(c.baseline.id), time_cell(c.baseline.time), text_cell(""), text_cell(""), text_cell(""),
                      clock(c.baseline), limiter(c.baseline)});
    for (const VariantOutcome& v : c.variants) {
        t.rows.push_back({text_cell(v.result.id), time_cell(v.result.time), saving_cell(saved(c, v)),
                          number_cell(factor(v.speedup), v.speedup),
                          number_cell(factor(v.bound_speedup), v.bound_speedup), clock(v.result), limiter(v.result)});
    }
    std::string out = c.workload + " on " + c.system + "\n\n" + to_text(t) + "\n";
    for (const Line& line : findings(c)) { out += plain(line) + "\n"; }
    return out;
}

namespace {

std::string lost(const SharingLoss& l) {
    return human(l.hbm) + " to HBM, " + human(l.l2) + " to L2, " + human(l.links) + " to links";
}

template <class Row>
void communication_rows(const CommunicationCost& c, const Row& row) {
    if (c.moving <= Time::zero()) { return; }
    row("communication", std::to_string(c.sms) + " SMs, " + percent(c.sm_share) + " of all SM-time; moving " +
                             human(c.moving) + ", waiting " + human(c.waited));
    row("compute loses", lost(c.compute) + ", " + human(c.below_max_clock) + " to the clock");
    row("exchanges lose", lost(c.moved));
}

}  // namespace

std::string summary_text(const RunResult& r, const std::string& workload, const std::string& system) {
    std::string out =
        workload + " on " + system + (r.proposals.empty() ? "" : " with " + join(r.proposals, ", ")) + "\n\n";
    const auto row = [&](const std::string& label, const std::string& value) {
        out += "  " + label + std::string(label.size() < 18 ? 18 - label.size() : 1, ' ') + value + "\n";
    };
    row("time", human(r.time));
    row("SM clock", human(r.sm_clock));
    row("power, energy", human(watts(r.average_power_w)) + ", " + human(joules(r.energy_j)));
    row("HBM", human(r.traffic.hbm_read) + " read, " + human(r.traffic.hbm_write) + " written");
    row("utilisation", "SM " + percent(r.sm_utilization) + ", Tensor Core " + percent(r.tensor_utilization) + ", HBM " +
                           percent(r.hbm_utilization));
    communication_rows(r.communication, row);
    std::vector<std::string> shares;
    for (const auto& [name, share] : limiter_shares(r)) { shares.push_back(limiter_name(name) + " " + percent(share)); }
    row("critical path", join(shares, ", "));
    Table t;
    t.columns = {"operator class", "kernels", "time (ms)", "critical (ms)", "HBM (GB)"};
    for (const ClassTotal& k : r.classes) {
        if (t.rows.size() == kMostClasses) { break; }
        t.rows.push_back({text_cell(words(k.op_class)), number_cell(std::to_string(k.kernels), k.kernels),
                          time_cell(k.time), time_cell(k.critical), gigabytes_cell(k.traffic.hbm())});
    }
    out += "\n" + to_text(t);
    if (r.classes.size() > kMostClasses) {
        out += "and " + std::to_string(r.classes.size() - kMostClasses) + " smaller classes\n";
    }
    return out;
}

}  // namespace tessera::report
