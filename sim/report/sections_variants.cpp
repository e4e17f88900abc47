#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

namespace tessera::report {
namespace {

std::vector<const VariantOutcome*> in_order(const Comparison& c, bool single_and_all_only) {
    std::vector<const VariantOutcome*> out = alone_by_gain(c);
    for (const VariantOutcome& v : c.variants) {
        if (kind_of(v) == VariantKind::all_together || kind_of(v) == VariantKind::other) { out.push_back(&v); }
    }
    if (single_and_all_only) { return out; }
    for (const VariantOutcome& v : c.variants) {
        if (kind_of(v) == VariantKind::all_but_one) { out.push_back(&v); }
    }
    return out;
}

// How far the FP8 GEMMs' sums lie from float64: a dash if nobody computed it.
Cell accuracy_cell(const RunResult& r) {
    if (r.numeric_error < 0) { return text_cell("\u2013"); }
    return number_cell(scientific(r.numeric_error), r.numeric_error);
}

std::vector<Cell> variant_row(const Comparison& c, const VariantOutcome& v) {
    const RunResult& r = v.result;
    const Time gain = saved(c, v), most = bound_saving(c, v);
    Cell reached = text_cell("\u2013");
    if (most > Time::zero() && gain >= Time::zero()) { reached = number_cell(percent(gain / most, 0), gain / most); }
    return {code_cell(r.id),
            time_cell(r.time),
            saving_cell(gain),
            number_cell(factor(v.speedup), v.speedup),
            number_cell(factor(v.bound_speedup), v.bound_speedup),
            reached,
            number_cell(fixed(r.sm_clock.raw() * 1e-6, 0), r.sm_clock.raw()),
            number_cell(fixed(r.average_power_w, 0), r.average_power_w),
            number_cell(fixed(r.energy_j, 2), r.energy_j),
            accuracy_cell(r),
            text_cell(limiter_name(to_string(r.limiter)))};
}

std::vector<Cell> traffic_row(const Comparison& c, const RunResult& r) {
    const double base = to_double(c.baseline.traffic.hbm());
    Cell change = text_cell("\u2013");
    if (&r != &c.baseline && base > 0) {
        const double share = to_double(r.traffic.hbm()) / base - 1;
        change = number_cell(signed_percent(share), share);
        change.tone = share < -0.0005 ? Tone::good : (share > 0.0005 ? Tone::bad : Tone::quiet);
    }
    return {code_cell(r.id),
            gigabytes_cell(r.traffic.hbm_read),
            gigabytes_cell(r.traffic.hbm_write),
            change,
            gigabytes_cell(r.traffic.l2_read),
            gigabytes_cell(r.traffic.l2_write),
            gigabytes_cell(r.traffic.nvlink_out),
            gigabytes_cell(r.traffic.nvlink_in),
            gigabytes_cell(r.traffic.nic_out),
            gigabytes_cell(r.traffic.nic_in)};
}

std::vector<Cell> utilization_row(const RunResult& r) {
    return {code_cell(r.id),
            share_cell(r.sm_utilization),
            share_cell(r.tensor_utilization),
            share_cell(r.hbm_utilization),
            number_cell(fixed(r.sm_clock.raw() * 1e-6, 0), r.sm_clock.raw()),
            number_cell(fixed(r.average_power_w, 0), r.average_power_w)};
}

}  // namespace

Cell time_cell(Time t) { return number_cell(fixed(to_milliseconds(t), 2), to_milliseconds(t)); }

Cell saving_cell(Time t) {
    Cell cell = number_cell(signed_fixed(to_milliseconds(t), 2), to_milliseconds(t));
    const double ms = to_milliseconds(t);
    cell.tone = ms >= 0.005 ? Tone::good : (ms <= -0.005 ? Tone::bad : Tone::quiet);
    return cell;
}

Cell gigabytes_cell(Bytes b) {
    Cell cell = number_cell(fixed(to_double(b) * 1e-9, 2), to_double(b));
    if (b == Bytes::zero()) { cell.tone = Tone::quiet; }
    return cell;
}

Cell share_cell(double share) {
    Cell cell = number_cell(percent(share), share);
    cell.meter = share;
    return cell;
}

Section variants_section(const Comparison& c) {
    Section s{"variants", "Time per variant", {}};
    s.figure(speedup_chart(c, in_order(c, true)));
    Table t;
    t.caption =
        "Saved is against the baseline. The bound is the most that the work a proposal touches could give back; "
        "reached is saved over bound. Clock is the mean SM clock under the power cap. GEMM error is what accumulation "
        "and promotion add to the FP8 GEMM with the most operations: relative Frobenius error against float64 of the "
        "quantized operands, normal data, bit-exact arithmetic; quantization itself costs about 4 % in every variant.";
    t.columns = {"variant",        "time (ms)", "saved (ms)", "speed-up",   "bound",  "reached",
                 "SM clock (MHz)", "power (W)", "energy (J)", "GEMM error", "limiter"};
    const RunResult& b = c.baseline;
    t.rows.push_back(
        {code_cell(b.id), time_cell(b.time), text_cell("\u2013"), number_cell(factor(1), 1), text_cell("\u2013"),
         text_cell("\u2013"), number_cell(fixed(b.sm_clock.raw() * 1e-6, 0), b.sm_clock.raw()),
         number_cell(fixed(b.average_power_w, 0), b.average_power_w), number_cell(fixed(b.energy_j, 2), b.energy_j),
         accuracy_cell(b), text_cell(limiter_name(to_string(b.limiter)))});
    for (const VariantOutcome* v : in_order(c, false)) { t.rows.push_back(variant_row(c, *v)); }
    s.table(std::move(t));
    std::vector<Line> reasons;
    for (const VariantOutcome* v : alone_by_gain(c)) {
        if (!v->bound_reason.empty()) { reasons.push_back(Line().strong(v->result.id).text(": " + v->bound_reason)); }
    }
    if (!reasons.empty()) { s.push(Details{"Where each bound comes from", {Block{Bullets{std::move(reasons)}}}}); }
    return s;
}

Section traffic_section(const Comparison& c) {
    Section s{"bytes", "Bytes moved", {}};
    Table t;
    t.caption =
        "GB per run on one GPU. HBM at the memory pins; L2 between SMs and L2; NVLink and NIC as sent and received.";
    t.columns = {"variant",  "HBM read",   "HBM write", "HBM change", "L2 read",
                 "L2 write", "NVLink out", "NVLink in", "NIC out",    "NIC in"};
    t.rows.push_back(traffic_row(c, c.baseline));
    for (const VariantOutcome* v : in_order(c, false)) { t.rows.push_back(traffic_row(c, v->result)); }
    return s.table(std::move(t));
}

Section utilization_section(const Comparison& c) {
    Section s{"utilisation", "Utilisation", {}};
    Table t;
    t.caption =
        "SM: SM-time occupied by kernels over all SMs and the wall time. Tensor Core: busy time, likewise. "
        "HBM: bytes over peak bandwidth.";
    t.columns = {"variant", "SM", "Tensor Core", "HBM", "SM clock (MHz)", "power (W)"};
    t.rows.push_back(utilization_row(c.baseline));
    for (const VariantOutcome* v : in_order(c, false)) { t.rows.push_back(utilization_row(v->result)); }
    return s.table(std::move(t));
}

}  // namespace tessera::report
