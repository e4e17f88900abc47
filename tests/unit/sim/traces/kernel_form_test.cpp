// covers: form_reader.cpp stream_forms.cpp compute_forms.cpp
#include "sim/traces/kernel_form.hpp"

#include "sim/base/error.hpp"
#include "sim/ir/stream_kernels.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

KernelDesc made(const std::string& json) {
    const JsonValue v = parse_json(json, "form");
    return traces::make_kernel(JsonCursor(v, "form"));
}

}  // namespace

TEST_CASE("a form is the kernel that its words say") {
    const KernelDesc cast = made(R"({"kind": "per_token_cast", "rows": 4096, "cols": 7168})");
    CHECK(kernel_hash(cast) == kernel_hash(KernelDesc(stream_kernels::per_token_cast(4096, 7168))));
    const KernelDesc norm =
        made(R"({"kind": "rms_norm", "rows": 64, "cols": 512, "ctas": 132, "residual": true, "registers": 72})");
    stream_kernels::Geometry g;
    g.registers = 72;
    CHECK(kernel_hash(norm) == kernel_hash(KernelDesc(with_geometry(stream_kernels::rms_norm(64, 512, 132, true), g))));
}

TEST_CASE("a GEMM's operands and scales follow from m, n, k and its groups") {
    const auto g =
        std::get<GemmDesc>(made(R"({"kind": "gemm", "form": "grouped_m", "m": 1000, "n": 512, "k": 256, "groups": 3,
        "a": "fp8_e4m3", "b": "fp8_e4m3", "d": "bf16", "scale": "block_1x128_128x128", "tile_m": 128})"));
    CHECK(g.group_sizes == std::vector<std::int64_t>{384 + 104, 256, 256});
    CHECK(g.b.rows == 3 * 512);
    REQUIRE(g.scales.size() == 2);
    CHECK(g.scales[0].rows == 2);
    CHECK(g.scales[0].cols == 1000);
    CHECK(g.scales[1].rows == 3 * 4);
    REQUIRE(g.tiling);
    CHECK(g.tiling->bm == 128);
    const auto turned = std::get<GemmDesc>(
        made(R"({"kind": "gemm", "m": 8, "n": 16, "k": 32, "a_k_major": false, "b_k_major": false})"));
    CHECK(turned.a.rows == 32);
    CHECK(turned.b.cols == 16);
    CHECK_FALSE(turned.tiling);
}

TEST_CASE("attention, exchanges and barriers") {
    const auto a = std::get<AttentionDesc>(
        made(R"({"kind": "attention", "pass": "backward", "heads": 128, "q_len": 4096, "d_qk": 192, "d_v": 128})"));
    CHECK(a.kv_heads == 128);
    CHECK(a.kv_len == 4096);
    CHECK(a.reads.size() == 7);
    CHECK(a.writes.size() == 3);
    const auto e = std::get<ExchangeDesc>(
        made(R"({"kind": "exchange", "exchange": "combine", "tokens": 4096, "unique_tokens": 30000,
        "bytes_per_token": 14336, "ranks": 64, "nodes_per_1000_tokens": 4000, "ranks_per_1000_tokens": 7359, "sms": 20})"));
    CHECK(e.ranks_per_token == Approx(7.359));
    CHECK(e.reads[0].rows == 30000);
    CHECK(e.writes[0].rows == 4096);
    CHECK(e.reads[0].cols == 7168);
    CHECK(
        std::get<BarrierDesc>(made(R"({"kind": "barrier", "ranks": 64, "sms": 20, "metadata_bytes": 32})")).metadata ==
        bytes(32));
}

TEST_CASE("every kind makes a valid kernel of its required parameters") {
    for (const std::string& kind : traces::form_kinds()) {
        std::string json = R"({"kind": ")" + kind + '"';
        for (const traces::FormParameter& p : traces::form_parameters(kind)) {
            if (p.required) { json += ", \"" + p.name + "\": 128"; }
        }
        CAPTURE(kind);
        CHECK_NOTHROW(made(json + "}"));
    }
}

TEST_CASE("forms that do not read are refused, each with its place") {
    const auto problem = [](const std::string& json) {
        try {
            made(json);
        } catch (const ConfigError& e) {
            return e.diagnostics().front().pointer + ": " + e.diagnostics().front().message;
        }
        return std::string("accepted");
    };
    CHECK(problem(R"({"kind": "per_token_kast", "rows": 1, "cols": 1})").rfind("/kind: no kind", 0) == 0);
    CHECK(problem(R"({"kind": "per_token_cast", "rows": 4})").find("\"cols\" is missing") != std::string::npos);
    CHECK(problem(R"({"kind": "per_token_cast", "rows": 4, "cols": 1, "kols": 1})") ==
          "/kols: no parameter of this kind of kernel");
    CHECK(problem(R"({"kind": "per_token_cast", "rows": 0, "cols": 1})").rfind("/rows: expected", 0) == 0);
    CHECK(problem(R"({"kind": "per_token_cast", "rows": 1.5, "cols": 1})") == "/rows: expected an integer");
    CHECK(problem(R"({"kind": "per_token_cast", "rows": 1099511627776, "cols": 1099511627776})").find("beyond 2^54") !=
          std::string::npos);
    CHECK(problem(R"({"kind": "gemm", "m": 8, "n": 8, "k": 8, "a": "int3"})").find("none of: bf16") !=
          std::string::npos);
    CHECK(problem(R"({"kind": 3})") == "/kind: expected a string");
    CHECK_THROWS_AS(made(R"({"kind": "gemm", "form": "grouped_m", "m": 8, "n": 8, "k": 8, "groups": 100000})"),
                    ModelError);
    CHECK_THROWS_AS(made(R"({"kind": "gemm", "form": "grouped_m", "m": 8, "n": 8, "k": 8, "group_sizes": [3]})"),
                    ModelError);
}
