// The power figures of configs/systems against silicon they were not fitted to: the clock that each DeepGEMM kernel
// settled at under the 700 W cap. Three of the 140 rows (one GEMM on 64, 96 and 132 SMs) took part in the fit.
#include "models/power/power_cap.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

using namespace tessera;

namespace {

const char* const rows_file = "../shared/silicon/h200/deepgemm.json";

double number(const JsonValue& row, const char* key) { return row.find(key)->as_double(); }

// Traffic of a tiled GEMM, counted from the tile the library used: operands once per tile, those that a cluster
// shares once per cluster; shared memory takes what arrives and gives A once and B once per 64 rows.
Activity activity_of(const JsonValue& row, const SystemConfig& system) {
    const JsonValue& cfg = *row.find("cfg");
    const double bm = number(cfg, "block_m"), bn = number(cfg, "block_n");
    const bool bf16 = row.find("kind")->as_string().find("bf16") != std::string::npos;
    const double element = bf16 ? 2 : 1, macs = number(row, "flops") / 2, blocks = macs / (bm * bn * 128);
    const double l2 = blocks * 128 * element * (bm / number(cfg, "cluster_n") + bn / number(cfg, "cluster_m"));
    const double smem = blocks * 128 * element * (2 * bm + bn + std::max(1.0, std::floor(bm / 64)) * bn);
    EnergyWork work;
    (bf16 ? work.tensor_bf16 : work.tensor_fp8) = flops(2 * macs);
    work.cuda_ops = bf16 ? 0 : 1.5 * macs / 128;
    work.traffic.l2_read = bytes(std::llround(l2));
    work.traffic.smem = bytes(std::llround(smem));
    work.traffic.hbm_read = bytes(std::llround(number(row, "bytes")));
    Activity a;
    a.reference = megahertz(number(row, "sm_mhz"));
    a.energy = energy_of(work, system.power, a.reference);
    a.clock_time = microseconds(number(*row.find("us_graph"), "med"));
    a.tensor = true;
    return a;
}

}  // namespace

TEST_CASE("clocks under the power cap agree with DeepGEMM on an H200") {
    if (!std::ifstream(rows_file)) {
        WARN("skipped: " << rows_file << " is not there");
        return;
    }
    const SystemConfig system = load_system(find_config("systems", "h200"));
    const JsonValue file = read_json_file(rows_file);
    std::vector<double> errors;
    for (const JsonValue& row : file.find("rows")->items()) {
        if (!row.find("cfg")->is_object() || row.find("cfg")->find("block_m") == nullptr) { continue; }
        const Activity a = activity_of(row, system);
        errors.push_back(std::abs(clock_under_cap(system.power, a) / a.reference - 1));
    }
    REQUIRE(errors.size() > 100);
    std::sort(errors.begin(), errors.end());
    const double median = errors[errors.size() / 2], p90 = errors[errors.size() * 9 / 10];
    INFO("median " << median << ", p90 " << p90 << " over " << errors.size());
    CHECK(median < 0.03);
    CHECK(p90 < 0.15);
}
