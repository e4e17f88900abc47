// DeepGEMM on an H200 (dense, grouped, masked, weight gradients, 32 to 132 SMs), each row at its measured clock and
// with its published tile. The rows calibrate one constant, tile_turnover; every other one comes from
// microbenchmarks and datasheets.
#include "models/device/device.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

using namespace tessera;

namespace {

constexpr const char* data_path = "../shared/silicon/h200/deepgemm.json";
// The measured figure is the period of a graph's replay: end of one kernel to the first block of the next
// (H200 micro G.kernel_gap, graph).
constexpr double graph_gap_us = 0.768;

std::int64_t integer(const JsonValue& row, const char* key) { return row.find(key)->as_integer(); }

GemmDesc describe(const JsonValue& row) {
    const std::string kind = row.find("kind")->as_string();
    const JsonValue& cfg = *row.find("cfg");
    GemmDesc g;
    g.m = integer(row, "m") * 1;
    g.n = integer(row, "n");
    g.k = row.find("k") != nullptr ? integer(row, "k") : 0;
    const auto groups = [&](std::int64_t each) {
        return std::vector<std::int64_t>(static_cast<std::size_t>(integer(row, "groups")), each);
    };
    const bool wgrad = kind == "wgrad" || kind == "kg", bf16 = kind == "bf16";
    if (kind == "mgc" || kind == "mgm") {
        g.form = kind == "mgc" ? GemmForm::grouped_m : GemmForm::masked_m;
        g.group_sizes = groups(g.m);
        g.m *= g.groups();
    }
    if (kind == "kg") {
        g.form = GemmForm::grouped_k;
        g.group_sizes = groups(integer(row, "kpg"));
        g.k = integer(row, "kpg") * g.groups();
    }
    g.scale = bf16 ? ScaleMode::none : (wgrad ? ScaleMode::block_1x128_1x128 : ScaleMode::block_1x128_128x128);
    g.promotion_interval = bf16 ? 0 : 128;
    g.accumulate = wgrad;
    const bool own_b = g.form == GemmForm::grouped_m || g.form == GemmForm::masked_m;
    g.a = {"a", bf16 ? DType::bf16 : DType::fp8_e4m3, g.m, g.k};
    g.b = {"b", g.a.dtype, g.n * (own_b ? g.groups() : 1), g.k};
    g.d = {"d", wgrad ? DType::fp32 : DType::bf16, g.m * (kind == "kg" ? g.groups() : 1), g.n};
    GemmTiling t;
    t.bm = static_cast<int>(integer(cfg, "block_m"));
    t.bn = static_cast<int>(integer(cfg, "block_n"));
    t.bk = static_cast<int>(integer(cfg, "block_k"));
    t.stages = static_cast<int>(integer(cfg, "num_stages"));
    t.cluster = static_cast<int>(integer(cfg, "cluster_m") * integer(cfg, "cluster_n"));
    t.multicast_a = integer(cfg, "cluster_n") > 1;
    g.tiling = t;
    return g;
}

bool covered(const JsonValue& row) {
    const JsonValue* cfg = row.find("cfg");
    return cfg != nullptr && cfg->find("block_m") != nullptr && row.find("us_graph") != nullptr &&
           row.find("m") != nullptr;  // rows with a list of group sizes are left to the validate verb
}

}  // namespace

TEST_CASE("DeepGEMM on silicon, at the measured clock", "[validation]") {
    if (!std::ifstream(data_path)) {
        WARN("skipped: " << data_path << " is not there");
        return;
    }
    DeviceTimer timer(load_system(find_config("systems", "h200")));
    std::map<std::string, std::vector<double>> errors;
    const JsonValue file = read_json_file(data_path);
    for (const JsonValue& row : file.find("rows")->items()) {
        if (!covered(row)) { continue; }
        KernelContext context;
        context.sms = static_cast<int>(integer(row, "sms"));
        context.sm_clock = megahertz(row.find("sm_mhz")->as_double());
        const double predicted = to_microseconds(timer.time(describe(row), context).time) + graph_gap_us;
        const double error = predicted / row.find("us_graph")->find("med")->as_double() - 1;
        errors[row.find("grp")->as_string()].push_back(error);
        errors["all"].push_back(error);
    }
    for (auto& [group, list] : errors) {
        double sum = 0;
        for (double& e : list) {
            sum += e;
            e = std::abs(e);
        }
        std::sort(list.begin(), list.end());
        std::printf("%-14s %3zu rows: median %4.1f %%, p90 %4.1f %%, worst %4.1f %%, mean signed %+4.1f %%\n",
                    group.c_str(), list.size(), 100 * list[list.size() / 2], 100 * list[list.size() * 9 / 10],
                    100 * list.back(), 100 * sum / static_cast<double>(list.size()));
    }
    const std::vector<double>& all = errors["all"];
    REQUIRE(all.size() > 100);
    CHECK(all[all.size() / 2] < 0.04);
    CHECK(all[all.size() * 9 / 10] < 0.15);
}
