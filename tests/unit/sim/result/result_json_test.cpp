// covers: sim/result/archive.cpp
#include "sim/result/result_json.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera;

namespace {

RunResult sample(const std::string& id) {
    RunResult r;
    r.id = id;
    r.proposals = {"warp-cast"};
    r.time = femtoseconds(129'004'123'456'789);
    r.traffic.hbm_read = bytes(1'000'000'000'001);
    r.traffic.nic_in = bytes(7);
    r.energy_j = 71.25;
    r.limiter = Limiter::tensor_core;
    r.critical_share = {{"gap", 0.25}, {"tensor_core", 0.75}};
    ClassTotal c;
    c.op_class = "gemm_fp8_fwd";
    c.kernels = 36;
    c.time = milliseconds(19.87);
    c.flops = flops(1e12);
    r.classes = {c};
    r.sm_clock = megahertz(1455);
    r.numeric_error = 0.0006;
    Span s;
    s.task = 3;
    s.name = "F0.attn.\"q_b\"";
    s.stream = "compute";
    s.pass = TaskPass::recompute;
    s.start = femtoseconds(1);
    s.end = femtoseconds(123'456'789'012'345);
    s.limiter = Limiter::hbm;
    s.critical = true;
    s.traffic.l2_write = bytes(42);
    r.timeline.streams = {"compute", "comm"};
    r.timeline.spans = {s};
    r.timeline.wall = s.end;
    return r;
}

Comparison comparison() {
    Comparison c;
    c.workload = "chunk";
    c.system = "h800";
    c.baseline = sample("baseline");
    VariantOutcome v;
    v.result = sample("warp-cast");
    v.speedup = 1.0 / 3.0;
    v.bound_speedup = 1.5;
    v.bound_reason = "casts";
    v.removed = c.baseline.classes;
    c.variants = {v};
    c.provenance_json = R"({"/sm/count":{"value":132,"origin":"configs/systems/h800.json"}})";
    c.code_version = "0.1.0";
    return c;
}

}  // namespace

TEST_CASE("a comparison has the fields that its contract names") {
    const JsonValue root = parse_json(to_json(comparison()), "test");
    CHECK(root.find("schema")->as_string() == "tessera.compare/1");
    CHECK(root.find("system")->as_string() == "h800");
    CHECK(root.find("provenance")->find("/sm/count")->find("value")->as_integer() == 132);
    const JsonValue& base = *root.find("baseline");
    CHECK(base.find("time_s")->as_double() == Approx(0.129004123456789));
    CHECK(base.find("hbm_bytes")->as_integer() == 1'000'000'000'001);
    CHECK(base.find("energy_j")->as_double() == 71.25);
    CHECK(base.find("limiter")->as_string() == "tensor_core");
    CHECK(base.find("breakdown")->find("gemm_fp8_fwd")->as_double() == Approx(0.01987));
    const JsonValue& variant = root.find("variants")->items().front();
    CHECK(variant.find("proposals")->items().front().as_string() == "warp-cast");
    CHECK(variant.find("speedup")->as_double() == Approx(1.0 / 3.0));
    CHECK(variant.find("bound_speedup")->as_double() == 1.5);
}

TEST_CASE("results survive the way to JSON and back bit for bit") {
    const std::string text = to_json(comparison());
    const Comparison back = comparison_from_json(text, "result.json");
    CHECK(to_json(back) == text);
    CHECK(back.baseline.time == femtoseconds(129'004'123'456'789));
    CHECK(back.variants.at(0).result.timeline.spans.at(0).end == femtoseconds(123'456'789'012'345));
    CHECK(back.variants.at(0).result.timeline.spans.at(0).pass == TaskPass::recompute);
    CHECK(back.variants.at(0).speedup == 1.0 / 3.0);

    RunDocument d{"chunk", "h800", sample("baseline"), "{}", "0.1.0"};
    const std::string run_text = to_json(d);
    CHECK(parse_json(run_text, "test").find("schema")->as_string() == "tessera.run/1");
    CHECK(to_json(run_from_json(run_text, "run.json")) == run_text);
    CHECK(to_json(run_result_from_json(to_json(d.run), "pipe")) == to_json(d.run));
}

TEST_CASE("what is not such a document is refused with its place") {
    CHECK_THROWS_WITH(comparison_from_json("{}", "x.json"), Catch::Contains("x.json") && Catch::Contains("schema"));
    CHECK_THROWS_WITH(run_from_json(to_json(comparison()), "x.json"), Catch::Contains("tessera.run/1"));
    std::string text = to_json(comparison(), 0);
    text.replace(text.find("\"limiter\":\"tensor_core\""), 23, "\"limiter\":\"gremlins\"");
    CHECK_THROWS_WITH(comparison_from_json(text, "x.json"),
                      Catch::Contains("/baseline/limiter") && Catch::Contains("gremlins"));
    CHECK_THROWS_AS(comparison_from_json(text, "x.json"), ConfigError);
}

TEST_CASE("results of versions without energy, silicon or communication are read, and say what they lack") {
    const JsonValue whole = parse_json(to_json(comparison()), "test");
    const auto without = [](const JsonValue& object, const std::vector<std::string>& names) {
        JsonValue v = JsonValue::object();
        for (const auto& [key, value] : object.members()) {
            if (std::find(names.begin(), names.end(), key) == names.end()) { v.set(key, value); }
        }
        return v;
    };
    JsonValue old = whole;
    old.set("baseline", without(*whole.find("baseline"), {"energy", "idle_energy_j", "communication"}));
    JsonValue variants = JsonValue::array();
    for (const JsonValue& v : whole.find("variants")->items()) {
        variants.push(without(v, {"energy", "idle_energy_j", "communication", "area_mm2", "cost_usd"}));
    }
    old.set("variants", std::move(variants));
    const Comparison c = comparison_from_json(write_json(old), "old.json");
    CHECK_FALSE(c.baseline.energy_recorded);
    CHECK_FALSE(c.baseline.communication_recorded);
    CHECK_FALSE(c.variants.at(0).silicon_recorded);
    CHECK(c.baseline.energy_j == 71.25);
    CHECK(write_json(parse_json(to_json(c), "again")) == write_json(old));  // nothing is made up
    const Comparison now = comparison_from_json(to_json(comparison()), "now.json");
    CHECK((now.baseline.energy_recorded && now.baseline.communication_recorded && now.variants.at(0).silicon_recorded));
    // What was there from the first version is still demanded.
    old.set("baseline", without(*whole.find("baseline"), {"energy_j"}));
    CHECK_THROWS_WITH(comparison_from_json(write_json(old), "old.json"), Catch::Contains("energy_j"));
}
