#include "sim/app/chakra_files.hpp"

#include "sim/base/error.hpp"
#include "sim/traces/chakra/et_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace tessera;
using namespace tessera::traces;

namespace {

ImportedWorkload sample() {
    ImportedWorkload w;
    w.name = "sample";
    w.streams = {{"compute", StreamRole::compute, 0}};
    WorkloadTask t;
    t.name = t.kernel_name = "gemm";
    t.role = "gemm";
    t.op_class = "gemm_fp8_fwd";
    t.duration = microseconds(10);
    WorkloadTask b = t;
    b.name = "barrier";
    b.kernel = parse_json(R"({"kind": "barrier", "ranks": 8})", "k");
    w.tasks = {t, b};
    return w;
}

}  // namespace

TEST_CASE("an export has a file per rank and a group for collectives that had none") {
    const auto files = chakra_files(sample(), 3);
    CHECK(files.size() == 4);
    CHECK(files.at("sample.0.et") == files.at("sample.2.et"));
    const EtTrace t = parse_et(files.at("sample.1.et"), "x");
    CHECK(t.nodes.size() == 2);
    CHECK(t.nodes[1].pg_name == "0");
    CHECK(parse_json(files.at("comm_group.json"), "g").find("0")->items().size() == 3);
}

TEST_CASE("a folder of traces is imported by rank and the others are held against it") {
    const testing::TemporaryFolder folder;
    std::string path;
    for (const auto& [name, content] : chakra_files(sample(), 3)) {
        path = std::filesystem::path(folder.write(name, content)).parent_path().string();
    }
    EtTrace shorter = parse_et(chakra_files(sample(), 1).at("sample.0.et"), "x");
    shorter.nodes.pop_back();
    folder.write("sample.2.et", et_bytes(shorter));
    const ImportedWorkload w = import_chakra(path, 1, "h800");
    CHECK(w.name == "sample");
    CHECK(w.rank == 1);
    CHECK(w.ranks == 3);
    CHECK(w.tasks.size() == 2);
    CHECK(w.notes.size() == 2);  // rank 2 has fewer nodes and collectives
    CHECK_THROWS_AS(import_chakra(path, 5, "h800"), ConfigError);
    folder.write("w.json", to_json(w));
    CHECK(exportable_workload(path + "/w.json").tasks.size() == 2);
    CHECK_THROWS_AS(exportable_workload("no such run"), ConfigError);
}
