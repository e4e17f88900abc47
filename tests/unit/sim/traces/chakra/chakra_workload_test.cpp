// covers: chakra_export.cpp
#include "sim/traces/chakra/chakra_workload.hpp"

#include "sim/base/error.hpp"
#include "sim/config/link_rates.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using namespace tessera::traces;

namespace {

const SystemConfig& h800() {
    static const SystemConfig system = load_system(find_config("systems", "h800"));
    return system;
}

EtNode node(std::uint64_t id, EtKind kind, std::vector<std::uint64_t> data = {}, std::uint64_t us = 0) {
    EtNode n;
    n.id = id;
    n.name = "n" + std::to_string(id);
    n.kind = kind;
    n.data_deps = std::move(data);
    n.duration_us = us;
    return n;
}

// Two computations around a collective of the group "tp"; ids neither dense nor in order.
EtTrace sample() {
    EtTrace t;
    t.version = "0.0.4";
    EtNode reduce = node(20, EtKind::collective, {30}, 40);
    reduce.comm_type = collective_number("ALL_REDUCE");
    reduce.comm_size = 1 << 20;
    reduce.pg_name = "tp";
    EtNode first = node(30, EtKind::compute, {}, 100);
    first.num_ops = 1000;
    first.tensor_size = 64;
    first.is_cpu_op = false;
    EtNode second = node(5, EtKind::compute, {20}, 50);
    second.ctrl_deps = {30};
    t.nodes = {reduce, first, second};
    return t;
}

void sort_by_id(EtTrace& t) {
    std::sort(t.nodes.begin(), t.nodes.end(), [](const EtNode& a, const EtNode& b) { return a.id < b.id; });
}

}  // namespace

TEST_CASE("nodes become tasks in an order that their dependencies allow") {
    const ImportedWorkload w = import_et(sample(), {{"tp", {0, 1, 2, 3}}}, h800());
    REQUIRE(w.tasks.size() == 3);
    CHECK(w.tasks[0].chakra->id == 30);
    CHECK(w.tasks[1].op_class == "comm_ALL_REDUCE");
    CHECK(w.tasks[1].after == std::vector<int>{0});
    CHECK(w.tasks[2].after == std::vector<int>{1});  // the first is on its own stream
    CHECK(w.wall() == microseconds(190));
    CHECK(w.ranks == 4);
    CHECK(w.streams.size() == 2);
    CHECK(workload_graph(w).tasks.size() == 3);
}

TEST_CASE("what both can say survives the way there and back, through the workload's file") {
    const ImportedWorkload w = import_et(sample(), {{"tp", {0, 1, 2, 3}}}, h800());
    const ImportedWorkload read = workload_from_json(parse_json(to_json(w), "w"), "w");
    CHECK(read.groups == w.groups);
    EtTrace back = export_et(read), there = sample();
    sort_by_id(back);
    sort_by_id(there);
    CHECK(et_bytes(back) == et_bytes(there));
}

TEST_CASE("nodes without a duration take what they need at least") {
    EtTrace t;
    EtNode compute = node(1, EtKind::compute);
    compute.num_ops = 1'000'000'000'000;
    EtNode memory = node(2, EtKind::compute);
    memory.tensor_size = 3'350'000'000;
    EtNode reduce = node(3, EtKind::collective);
    reduce.comm_type = collective_number("ALL_REDUCE");
    reduce.comm_size = 1'000'000'000;
    reduce.pg_name = "g";
    t.nodes = {compute, memory, reduce};
    const ImportedWorkload w = import_et(t, {{"g", {0, 1}}}, h800());
    const SystemConfig& s = h800();
    const double rate = 2.0 * s.sm.tensor.bf16_mac_per_clk * s.sm.count * s.power.sustained_clock.raw();
    CHECK(to_seconds(w.tasks[0].duration) == Approx(1e12 / rate).epsilon(1e-3));
    CHECK(to_seconds(w.tasks[1].duration) == Approx(3.35e9 / s.hbm.peak.raw()).epsilon(1e-3));
    // a ring of two: every byte once over the link
    CHECK(to_seconds(w.tasks[2].duration) == Approx(1e9 / payload_rate(s.nvlink).raw()).epsilon(1e-3));
    CHECK(std::any_of(w.notes.begin(), w.notes.end(), [](const WorkloadNote& n) {
        return n.what.rfind("nodes without a duration", 0) == 0 && n.count == 3;
    }));
}

TEST_CASE("a workload of tessera becomes nodes that ASTRA-sim runs") {
    ImportedWorkload w;
    w.streams = {{"a", StreamRole::compute, 0}, {"b", StreamRole::communication, 0}};
    WorkloadTask gemm;
    gemm.name = "gemm";
    gemm.duration = microseconds(10);
    gemm.kernel = parse_json(R"({"kind": "gemm", "m": 128, "n": 256, "k": 512})", "k");
    WorkloadTask exchange = gemm;
    exchange.name = "dispatch";
    exchange.stream = 1;
    exchange.after = {0};
    exchange.kernel = parse_json(
        R"({"kind": "exchange", "exchange": "dispatch", "tokens": 10, "bytes_per_token": 100, "ranks": 8})", "k");
    WorkloadTask barrier = exchange;
    barrier.name = "barrier";
    barrier.kernel = parse_json(R"({"kind": "barrier", "ranks": 8})", "k");
    barrier.duration = nanoseconds(3);
    w.tasks = {gemm, exchange, barrier};
    const EtTrace t = export_et(w);
    CHECK(t.nodes[0].num_ops == 2 * 128 * 256 * 512);
    CHECK(t.nodes[0].tensor_size == 2 * (128 * 512 + 256 * 512 + 128 * 256));
    CHECK(t.nodes[1].kind == EtKind::collective);
    CHECK(t.nodes[1].comm_size == 1000);
    CHECK(t.nodes[1].data_deps == std::vector<std::uint64_t>{0});
    CHECK(collective_name(t.nodes[2].comm_type) == "BARRIER");
    CHECK(t.nodes[2].ctrl_deps == std::vector<std::uint64_t>{1});
    CHECK(t.nodes[2].duration_us == 1);
}

TEST_CASE("circles, twins and far-off times are refused, strangers are noted") {
    EtTrace t;
    t.nodes = {node(1, EtKind::compute, {2}), node(2, EtKind::compute, {1})};
    CHECK_THROWS_AS(import_et(t, {}, h800()), ConfigError);
    t.nodes = {node(1, EtKind::compute), node(1, EtKind::compute)};
    CHECK_THROWS_AS(import_et(t, {}, h800()), ConfigError);
    t.nodes = {node(1, EtKind::compute, {9}, 5)};
    CHECK(import_et(t, {}, h800()).notes.at(0).what == "dependencies on nodes that do not exist");
    t.nodes = {node(1, EtKind::compute, {}, ~0ULL)};
    CHECK_THROWS_AS(import_et(t, {}, h800()), ModelError);
    t.nodes = {node(1, EtKind::compute, {}, 1), node(2, EtKind::compute, {}, 1)};
    t.nodes[0].start_us = 1;
    t.nodes[1].start_us = ~0ULL;
    CHECK_THROWS_AS(import_et(t, {}, h800()), ModelError);
}

TEST_CASE("a folder's files go by rank, with the groups beside them") {
    const testing::TemporaryFolder folder;
    folder.write("a.0.et", "");
    folder.write("a.12.et", "");
    folder.write("a.x.et", "");
    folder.write("comm_group.json", R"({"0": [0, 12]})");
    const std::string path = std::filesystem::path(folder.write("notes.txt", "")).parent_path().string();
    const EtFolder f = find_et_files(path);
    CHECK(f.files.size() == 2);
    CHECK(f.files.count(12) == 1);
    CHECK(f.groups.at("0") == std::vector<std::int64_t>{0, 12});
    folder.write("b.0.et", "");
    CHECK_THROWS_AS(find_et_files(path), ConfigError);
    CHECK_THROWS_AS(find_et_files(path + "/none"), ConfigError);
}
