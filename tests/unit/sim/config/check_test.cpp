#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

// The single problem of the default run changed by `sets`, or all of them joined.
std::string problem(const std::vector<std::string>& sets) {
    try {
        default_run_config(sets);
    } catch (const ConfigError& e) {
        std::string out;
        for (const Diagnostic& d : e.diagnostics()) {
            out += (out.empty() ? "" : " && ") + d.pointer + ": " + d.message;
        }
        return out;
    }
    return {};
}

}  // namespace

TEST_CASE("values of a memory system must fit together", "[config]") {
    CHECK(problem({"system.l2.sector=48 B"}) ==
          "/system/l2/sector: a line of 128 B is not a whole number of sectors of 48 B");
    CHECK(problem({"system.l2.slices=81"}) == "/system/l2/slices: 81 slices do not divide evenly into 2 partitions");
    CHECK(problem({"system.l2.latency_far=100 clk"}) ==
          "/system/l2/latency_far: a far hit of 100 clk is faster than a near one of 272.3 clk");
    CHECK(problem({"system.hbm.interleave=32 B"}) ==
          "/system/hbm/interleave: 32 B is not a whole number of bursts of 64 B");
    CHECK(problem({"system.hbm.row=100 B"}) == "/system/hbm/row: 100 B is not a whole number of bursts of 64 B");
    CHECK(problem({"system.hbm.refresh_time=4 us"}) ==
          "/system/hbm/refresh_time: a refresh of 4 us does not fit its interval of 3.9 us");
    CHECK(problem({"system.hbm.row_cycle=1 ns"}) == "/system/hbm/row_cycle: tRC of 1 ns is shorter than tRCD + tRP");
    CHECK(problem({"system.sm.smem.reserved_per_cta=1 MiB"}) ==
          "/system/sm/smem/reserved_per_cta: 1 MiB leaves nothing of 228 KiB");
}

TEST_CASE("clocks must be in order", "[config]") {
    CHECK(problem({"system.power.sustained_clock=5 GHz"})
              .rfind("/system/power/sustained_clock: 5 GHz is not between", 0) == 0);
    CHECK(problem({"system.power.volts_at_min=1.5"}) ==
          "/system/power/volts_at_min: the supply rises as the clock falls");
    CHECK(problem({"system.power.idle=800 W"}) == "/system/power/idle: 800 W leaves nothing of the cap of 700 W");
    CHECK(
        problem({"simulation.clock=fixed"}).rfind("/simulation/fixed_clock: clock \"fixed\" needs a fixed_clock", 0) ==
        0);
    CHECK(problem({"simulation.clock=fixed", "simulation.fixed_clock=1.5 GHz"}).empty());
}

TEST_CASE("a capability needs its throughput", "[config]") {
    CHECK(problem({"system.tma.cast=true"}) ==
          "/system/tma/cast_throughput: tma.cast needs a throughput greater than 0");
    CHECK(problem({"system.sm.cuda.warp_cast=true"}) ==
          "/system/sm/cuda/warp_cast_elements_per_clk: warp_cast needs a throughput greater than 0");
    CHECK(problem({"system.hbm.near_memory_cast=true"}) ==
          "/system/hbm/cast_throughput: near_memory_cast needs a throughput greater than 0");
    CHECK(problem({"system.coprocessor.present=true"}) ==
          "/system/coprocessor/engines: a co-processor needs at least one engine && "
          "/system/coprocessor/copy_throughput: a co-processor needs a copy throughput greater than 0 && "
          "/system/coprocessor/reduce_throughput: a co-processor needs a reduce throughput greater than 0 && "
          "/system/coprocessor/queue_depth: a co-processor needs a queue");
}

TEST_CASE("a model's parts must divide", "[config]") {
    const std::string m = "workload.model.";
    CHECK(problem({m + "dense_layers=70"})
              .rfind("/workload/model/dense_layers: 70 dense layers are more than all 61", 0) == 0);
    CHECK(problem({m + "expert_groups=7"}) == "/workload/model/expert_groups: 7 groups do not divide 256 experts");
    CHECK(problem({m + "groups_per_token=9"}) ==
          "/workload/model/groups_per_token: a token may use 9 of only 8 groups");
    CHECK(problem({m + "experts_per_token=200"}) ==
          "/workload/model/experts_per_token: a token uses 200 experts, but its groups hold fewer");
}

TEST_CASE("a model that lacks a dimension is refused with what to give") {
    const std::string m = "workload.model.";
    CHECK(problem({m + "kv_rank=0"}) == "/workload/model/kv_rank: attention \"mla\" needs kv_rank of at least 1");
    CHECK(problem({m + "dense_ffn=0"}) == "/workload/model/dense_ffn: 3 dense layers need dense_ffn of at least 1");
    CHECK(problem({m + "expert_ffn=0"}) == "/workload/model/expert_ffn: 58 MoE layers need expert_ffn of at least 1");
    CHECK(problem({m + "kv_heads=8"}) == "/workload/model/kv_heads: kv_heads has no meaning with attention \"mla\"");
    CHECK(problem({m + "attention=gqa", m + "q_rank=0", m + "kv_rank=0"}) ==
          "/workload/model/kv_heads: attention \"gqa\" needs kv_heads of at least 1");
    CHECK(problem({m + "attention=gqa", m + "q_rank=0", m + "kv_rank=0", m + "kv_heads=7"}) ==
          "/workload/model/kv_heads: 7 heads of keys and values cannot be shared evenly by 128 query heads");
    CHECK(problem({m + "q_rank=0"}).empty());  // queries straight from the residual stream
    try {
        default_run_config({m + "layers=70", "workload.router.load=balanced", m + "dense_layers=70"});
        FAIL("expected a ConfigError");
    } catch (const ConfigError& e) {
        REQUIRE(!e.diagnostics().empty());
        CHECK(e.diagnostics()[0].pointer == "/workload/parallel/expert_ranks");
        CHECK(e.diagnostics()[0].hint == "expected 1");
    }
}

TEST_CASE("a pipeline must fit its schedule, its model and the job") {
    const auto step = [](const std::vector<std::string>& sets) -> std::string {
        try {
            load_run_config(find_config("runs", "deepseek_v3_train_step"), sets);
        } catch (const ConfigError& e) { return to_string(e.diagnostics().front()); }
        return {};
    };
    const std::string p = "workload.pipeline.";
    CHECK(step({}).empty());
    CHECK(step({p + "micro_batches=30"}) ==
          "--set: /workload/pipeline/micro_batches: expected at least 32, two for each rank, found 30 "
          "(1f1b and zb1p take any number)");
    CHECK(step({p + "micro_batches=30", p + "schedule=1f1b"}).empty());
    CHECK(step({p + "micro_batches=33"}).find("even number of micro-batches, found 33") != std::string::npos);
    CHECK(step({p + "ranks=128", p + "gpus=8192", p + "micro_batches=256"}) ==
          "--set: /workload/pipeline/ranks: 62 layers cannot fill 128 stages (expected at most 62)");
    CHECK(step({p + "gpus=2000"}).find("/workload/parallel/expert_ranks: 125 pipelines are not a whole number") !=
          std::string::npos);
    CHECK(step({p + "stage_layers=[31, 31]"}).find("expected one entry for each of 16 stages, found 2") !=
          std::string::npos);
}

TEST_CASE("a problem names the file that gave the value") {
    try {
        default_run_config({"workload.tokens=4097"});
        FAIL("expected a ConfigError");
    } catch (const ConfigError& e) {
        CHECK(e.diagnostics()[0].file == "configs/runs/deepseek_v3_train_chunk.json");  // where /sequence stands
    }
    try {
        default_run_config({"workload.sequence=3000"});
        FAIL("expected a ConfigError");
    } catch (const ConfigError& e) { CHECK(e.diagnostics()[0].file == "--set"); }
}

TEST_CASE("a workload must fit its model and its system", "[config]") {
    CHECK(problem({"workload.layers=59", "workload.router.load=balanced"}) ==
          "/workload/layers: 59 MoE layers are more than the model's 58");
    CHECK(problem({"workload.sequence=3000"}) ==
          "/workload/sequence: 4096 tokens are not a whole number of sequences of 3000");
    CHECK(problem({"workload.parallel.expert_ranks=48"}) ==
          "/workload/parallel/expert_ranks: 48 ranks do not divide 256 experts");
    CHECK(problem({"workload.parallel.ranks_per_node=7"}) ==
          "/workload/parallel/ranks_per_node: 64 expert ranks do not fill nodes of 7 && "
          "/workload/parallel/ranks_per_node: 7 ranks per node on a system with 8");
    CHECK(problem({"workload.recipe.promotion_interval=100"}) ==
          "/workload/recipe/promotion_interval: 100 is not a multiple of 32, the k of one FP8 wgmma");
    CHECK(problem({"workload.parallel.communication_sms=132"}) ==
          "/workload/parallel/communication_sms: 132 communication SMs leave none of 132 to compute");
    CHECK(problem({"simulation.simulated_ranks=65"}) ==
          "/simulation/simulated_ranks: 65 is more than all 64 expert ranks");
}

TEST_CASE("given router loads must be complete and possible", "[config]") {
    CHECK(problem({"workload.router.forward_rows=[1, 2]", "workload.router.forward_unique=[1, 2]"}) ==
          "/workload/router/forward_rows: router load \"given\" needs one entry for each of 4 layers, found 2 && "
          "/workload/router/forward_unique: router load \"given\" needs one entry for each of 4 layers, found 2");
    CHECK(problem({"workload.router.forward_unique=[28984, 28856, 34144, 40000]"}) ==
          "/workload/router/forward_unique/3: 40000 unique tokens cannot make only 31104 expanded rows");
    // Four experts on a rank: a token makes four rows at most, and 127 rows pad each expert's.
    CHECK(problem({"workload.router.forward_unique=[1000, 28856, 34144, 29128]"}) ==
          "/workload/router/forward_unique/0: 1000 unique tokens cannot make 31104 expanded rows with 4 experts of a "
          "token on the rank");
    CHECK(
        problem({"workload.router.forward_rows=[31104000, 30976, 36864, 31104]"}) ==
        "/workload/router/forward_unique/0: 28984 unique tokens cannot make 31104000 expanded rows with 4 experts of a "
        "token on the rank");
    CHECK(problem({"workload.router.backward_rows=[300000, 1, 1, 1]",
                   "workload.router.backward_unique=[300000, 1, 1, 1]"}) ==
          "/workload/router/backward_unique/0: 300000 unique tokens are more than all ranks have together");
    CHECK(problem({"workload.router.forward_rows=[1, 2]", "workload.router.load=balanced"}).empty());
}
