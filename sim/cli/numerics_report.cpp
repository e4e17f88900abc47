#include "sim/cli/numerics_report.hpp"

#include "sim/base/text.hpp"
#include "sim/report/console.hpp"
#include "sim/report/format.hpp"

namespace tessera::cli {
namespace {

using report::scientific;

JsonValue text(std::string_view s) { return JsonValue::string(std::string(s)); }

JsonValue error_json(const numerics::GemmError& e) {
    JsonValue v = JsonValue::object();
    v.set("relative_frobenius", JsonValue::number(e.relative_frobenius));
    v.set("max_relative", JsonValue::number(e.max_relative));
    v.set("max_over_sum_of_absolutes", JsonValue::number(e.max_over_magnitudes));
    v.set("max_over_rms", JsonValue::number(e.max_over_rms));
    v.set("mean_signed", JsonValue::number(e.mean_signed));
    v.set("compared", JsonValue::integer(e.compared));
    v.set("not_finite", JsonValue::integer(e.not_finite));
    return v;
}

void add_problem(JsonValue& v, const NumericsProblem& p) {
    v.set("m", JsonValue::integer(p.m));
    v.set("n", JsonValue::integer(p.n));
    v.set("k", JsonValue::integer(p.k));
    v.set("data", text(numerics::to_string(p.data)));
    v.set("seed", JsonValue::integer(static_cast<std::int64_t>(p.seed)));
}

void add_switch(JsonValue& v, const NumericsOutcome& o) {
    const NumericsSwitch& s = o.choice;
    v.set("architecture", text(s.architecture));
    v.set("format", text(numerics::spec(s.format).name));
    v.set("exact", JsonValue::boolean(o.mma.exact));
    v.set("accumulator_bits", JsonValue::integer(o.mma.align_bits));
    v.set("result_bits", JsonValue::integer(o.mma.result_bits));
    v.set("arithmetic_source", text(o.mma.source));
    v.set("promotion", JsonValue::integer(s.promotion));
    v.set("split_k", JsonValue::integer(s.split_k));
    v.set("a_group", text(s.a_group));
    v.set("b_group", text(s.b_group));
    v.set("scale_format", text(numerics::to_string(s.scale)));
    v.set("scale_inside", JsonValue::boolean(s.scale_inside));
    v.set("output", text(numerics::spec(s.output).name));
}

std::string rounded_name(const NumericsOutcome& o) {
    if (o.mma.exact) { return "exact sums, rounded once"; }
    return std::to_string(o.mma.align_bits) + " fraction bits, result " + std::to_string(o.mma.result_bits);
}

std::string row(const std::string& label, const std::string& value) {
    return "  " + label + std::string(label.size() < 26 ? 26 - label.size() : 1, ' ') + value + "\n";
}

}  // namespace

JsonValue to_json(const NumericsOutcome& o) {
    JsonValue v = JsonValue::object();
    add_problem(v, o.problem);
    add_switch(v, o);
    v.set("arithmetic_error", error_json(o.arithmetic));
    v.set("whole_error", error_json(o.whole));
    if (o.timing) {
        v.set("time_s", JsonValue::number(to_seconds(o.timing->time)));
        v.set("limiter", text(to_string(o.timing->limiter)));
        v.set("hbm_bytes", JsonValue::integer(o.timing->traffic.hbm().raw()));
        v.set("l2_bytes", JsonValue::integer(o.timing->traffic.l2().raw()));
        v.set("energy_j", JsonValue::number(o.timing->energy.total().raw()));
    }
    return v;
}

JsonValue to_json(const std::vector<NumericsPoint>& points) {
    JsonValue root = JsonValue::object(), list = JsonValue::array();
    for (const NumericsPoint& p : points) {
        JsonValue v = to_json(p.outcome);
        v.set("axis", text(to_string(p.axis)));
        v.set("label", text(p.label));
        v.set("pareto_arithmetic", JsonValue::boolean(p.pareto_arithmetic));
        v.set("pareto_whole", JsonValue::boolean(p.pareto_whole));
        list.push(std::move(v));
    }
    root.set("schema", JsonValue::string("tessera.numerics/1"));
    root.set("points", std::move(list));
    return root;
}

std::string to_csv(const std::vector<NumericsPoint>& points) {
    std::string csv =
        "axis,label,data,seed,m,n,k,format,accumulator_bits,promotion,a_group,b_group,scale_format,scale_inside,"
        "arithmetic_rel_fro,arithmetic_max_over_rms,arithmetic_max_rel,arithmetic_max_over_sum_of_absolutes,"
        "whole_rel_fro,time_us,hbm_bytes,energy_uj,pareto_arithmetic,pareto_whole\n";
    const auto number = [](double x) { return write_json(JsonValue::number(x), 0); };
    for (const NumericsPoint& p : points) {
        const NumericsOutcome& o = p.outcome;
        std::vector<std::string> cells = {std::string(to_string(p.axis)),
                                          p.label,
                                          std::string(numerics::to_string(o.problem.data)),
                                          std::to_string(o.problem.seed),
                                          std::to_string(o.problem.m),
                                          std::to_string(o.problem.n),
                                          std::to_string(o.problem.k),
                                          std::string(numerics::spec(o.choice.format).name),
                                          o.mma.exact ? "exact" : std::to_string(o.mma.align_bits),
                                          std::to_string(o.choice.promotion),
                                          o.choice.a_group,
                                          o.choice.b_group,
                                          std::string(numerics::to_string(o.choice.scale)),
                                          o.choice.scale_inside ? "1" : "0",
                                          number(o.arithmetic.relative_frobenius),
                                          number(o.arithmetic.max_over_rms),
                                          number(o.arithmetic.max_relative),
                                          number(o.arithmetic.max_over_magnitudes),
                                          number(o.whole.relative_frobenius)};
        if (o.timing) {
            cells.insert(cells.end(),
                         {number(to_microseconds(o.timing->time)), std::to_string(o.timing->traffic.hbm().raw()),
                          number(o.timing->energy.total().raw() * 1e6), p.pareto_arithmetic ? "1" : "0",
                          p.pareto_whole ? "1" : "0"});
        } else {
            cells.insert(cells.end(), {"", "", "", "", ""});
        }
        csv += join(cells, ",") + "\n";
    }
    return csv;
}

std::string to_text(const NumericsOutcome& o) {
    const NumericsProblem& p = o.problem;
    const NumericsSwitch& s = o.choice;
    std::string t = "GEMM " + std::string(numerics::spec(s.format).name) + " " + std::to_string(p.m) + " x " +
                    std::to_string(p.n) + " x " + std::to_string(p.k) + ", " +
                    std::string(numerics::to_string(p.data)) + " data, seed " + std::to_string(p.seed) + "\n";
    t += row("arithmetic", s.architecture + ": " + rounded_name(o));
    t += row("promotion to FP32", s.promotion > 0 ? "every " + std::to_string(s.promotion) : std::string("never"));
    t += row("scales", s.a_group + " and " + s.b_group + " in " + std::string(numerics::to_string(s.scale)) +
                           (s.scale_inside ? ", inside the Tensor Core" : ""));
    t += "error of the arithmetic, against float64 of the quantized operands\n";
    t += row("relative Frobenius", scientific(o.arithmetic.relative_frobenius));
    t += row("largest / rms of results", scientific(o.arithmetic.max_over_rms));
    t += row("largest / own result", scientific(o.arithmetic.max_relative));
    t += row("largest / sum |a b|", scientific(o.arithmetic.max_over_magnitudes));
    t += "error of the whole, quantization included\n";
    t += row("relative Frobenius", scientific(o.whole.relative_frobenius));
    t += row("largest / rms of results", scientific(o.whole.max_over_rms));
    if (o.timing) {
        t += "on the simulated device\n";
        t += row("time", human(o.timing->time));
        t += row("HBM", human(o.timing->traffic.hbm()));
        t += row("energy", human(o.timing->energy.total()));
    }
    return t;
}

std::string to_text(const std::vector<NumericsPoint>& points) {
    report::Table t;
    t.columns = {"axis", "point", "data", "arithmetic", "largest / rms", "with quantization"};
    const bool timed = !points.empty() && points.front().outcome.timing.has_value();
    if (timed) { t.columns.insert(t.columns.end(), {"time (us)", "energy (uJ)", "Pareto"}); }
    for (const NumericsPoint& p : points) {
        const NumericsOutcome& o = p.outcome;
        std::vector<report::Cell> cells = {
            report::text_cell(std::string(to_string(p.axis))),
            report::text_cell(p.label),
            report::text_cell(report::words(std::string(numerics::to_string(o.problem.data)))),
            report::number_cell(scientific(o.arithmetic.relative_frobenius), o.arithmetic.relative_frobenius),
            report::number_cell(scientific(o.arithmetic.max_over_rms), o.arithmetic.max_over_rms),
            report::number_cell(scientific(o.whole.relative_frobenius), o.whole.relative_frobenius)};
        if (timed) {
            const double us = to_microseconds(o.timing->time), uj = o.timing->energy.total().raw() * 1e6;
            cells.push_back(report::number_cell(report::fixed(us, 2), us));
            cells.push_back(report::number_cell(report::fixed(uj, 1), uj));
            cells.push_back(report::text_cell(std::string(p.pareto_arithmetic ? "arithmetic " : "") +
                                              (p.pareto_whole ? "whole" : "")));
        }
        t.rows.push_back(std::move(cells));
    }
    return report::to_text(t);
}

}  // namespace tessera::cli
