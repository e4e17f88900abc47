#include "sim/base/text.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/report.hpp"

namespace tessera::report {
namespace {

std::string number(double v) { return format_shortest(v); }

std::string variant_line(const RunResult& r, const std::string& speedup, const std::string& bound) {
    std::string line = escape_csv(r.id) + "," + escape_csv(join(r.proposals, " "));
    for (const std::string& field :
         {number(to_seconds(r.time)), speedup, bound, number(r.sm_clock.raw()), number(r.average_power_w),
          number(r.energy_j), std::string(to_string(r.limiter)), number(r.sm_utilization), number(r.tensor_utilization),
          number(r.hbm_utilization), r.numeric_error < 0 ? std::string() : number(r.numeric_error)}) {
        line += "," + field;
    }
    const Traffic& t = r.traffic;
    for (const Bytes b :
         {t.hbm_read, t.hbm_write, t.l2_read, t.l2_write, t.nvlink_out, t.nvlink_in, t.nic_out, t.nic_in}) {
        line += "," + std::to_string(b.raw());
    }
    return line + "\n";
}

void class_lines(std::string& out, const RunResult& r) {
    for (const ClassTotal& k : r.classes) {
        out += escape_csv(r.id) + "," + escape_csv(k.op_class) + "," + std::to_string(k.kernels) + "," +
               number(to_seconds(k.time)) + "," + number(to_seconds(k.critical)) + "," +
               std::to_string(k.traffic.hbm().raw()) + "," + std::to_string(k.traffic.l2().raw()) + "," +
               number(k.flops.raw()) + "," + number(k.energy_j) + "\n";
    }
}

}  // namespace

std::string variants_csv(const Comparison& c) {
    std::string out =
        "id,proposals,time_s,speedup,bound_speedup,sm_clock_hz,average_power_w,energy_j,limiter,sm_utilization,"
        "tensor_utilization,hbm_utilization,numeric_error,hbm_read_bytes,hbm_write_bytes,l2_read_bytes,l2_write_bytes,"
        "nvlink_out_bytes,nvlink_in_bytes,nic_out_bytes,nic_in_bytes\n";
    out += variant_line(c.baseline, "1", "");
    for (const VariantOutcome& v : c.variants) {
        out += variant_line(v.result, number(v.speedup), number(v.bound_speedup));
    }
    return out;
}

std::string classes_csv(const Comparison& c) {
    std::string out = "id,operator_class,kernels,time_s,critical_s,hbm_bytes,l2_bytes,flops,energy_j\n";
    class_lines(out, c.baseline);
    for (const VariantOutcome& v : c.variants) { class_lines(out, v.result); }
    return out;
}

}  // namespace tessera::report
