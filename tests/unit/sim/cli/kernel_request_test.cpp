#include "sim/cli/kernel_request.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::cli;

namespace {

const SystemConfig& system() {
    static const SystemConfig config = load_system(find_config("systems", "h800"));
    return config;
}

KernelDesc build(const std::string& kind, const std::vector<std::string>& words) {
    Arguments arguments(words, kernel_options(), 0);
    KernelRequest request = kernel_request(kind, arguments, system());
    arguments.finish();
    validate(request.kernel);
    return request.kernel;
}

std::string first_problem(const std::string& kind, const std::vector<std::string>& words) {
    try {
        build(kind, words);
    } catch (const ConfigError& e) { return e.diagnostics().front().message; }
    return {};
}

}  // namespace

TEST_CASE("an FP8 GEMM with block scales reads its operands and their scales") {
    const auto g = std::get<GemmDesc>(build("gemm", {"--m", "4096", "--n", "7168", "--k", "2048"}));
    CHECK(g.scale == ScaleMode::block_1x128_128x128);
    CHECK(g.promotion_interval == 128);
    // a: 4096 x 2048 B, b: 7168 x 2048 B, d: 4096 x 7168 x 2 B; scales 4 B per 1x128 of a and 128x128 of b
    CHECK(compulsory_bytes(g) == bytes(8388608 + 14680064 + 58720256 + 4 * 4096 * 16 + 4 * 56 * 16));
    CHECK(flops(g).raw() == 2.0 * 4096 * 7168 * 2048);
}

TEST_CASE("groups divide m or k, each with its own weights or results") {
    const auto m = std::get<GemmDesc>(build("gemm", {"--m", "1024", "--n", "256", "--k", "512", "--groups", "4"}));
    CHECK(m.form == GemmForm::grouped_m);
    CHECK(m.b.rows == 4 * 256);
    const auto k = std::get<GemmDesc>(build(
        "gemm", {"--m", "1024", "--n", "256", "--k", "512", "--groups", "4", "--along", "k", "--scale", "block11"}));
    CHECK(k.form == GemmForm::grouped_k);
    CHECK(k.d.rows == 4 * 1024);
    CHECK(first_problem("gemm", {"--m", "10", "--n", "256", "--k", "512", "--groups", "3"}) ==
          "--groups 3 does not divide --m 10 into equal groups");
}

TEST_CASE("bf16 has no scales, accumulation needs an FP32 result") {
    const auto g =
        std::get<GemmDesc>(build("gemm", {"--m", "64", "--n", "64", "--k", "64", "--dtype", "bf16", "--accumulate"}));
    CHECK(g.scale == ScaleMode::none);
    CHECK(g.promotion_interval == 0);
    CHECK(g.d.dtype == DType::fp32);
    CHECK(first_problem("gemm", {"--m", "64", "--n", "64", "--k", "64", "--dtype", "bf16", "--scale", "row"}) ==
          "--scale: scales belong to FP8 operands, not to bf16");
}

TEST_CASE("attention's defaults are DeepSeek-V3's; decode sees one query") {
    const auto a = std::get<AttentionDesc>(build("attention", {}));
    CHECK(a.heads == 128);
    CHECK(a.d_qk == 192);
    CHECK(a.causal);
    const auto d = std::get<AttentionDesc>(build("attention", {"--pass", "decode", "--kv-len", "8192"}));
    CHECK(d.q_len == 1);
    CHECK(d.kv_len == 8192);
    CHECK(std::get<AttentionDesc>(build("attention", {"--pass", "backward"})).writes.size() == 3);
}

TEST_CASE("every memory-bound kind builds a valid kernel") {
    for (const char* kind : {"cast", "transpose", "swiglu", "norm", "copy"}) {
        INFO(kind);
        CHECK(std::get<StreamDesc>(build(kind, {"--rows", "4096", "--cols", "7168"})).rows > 0);
    }
}

TEST_CASE("missing and foreign options are named") {
    CHECK(first_problem("gemm", {"--m", "64", "--n", "64"}) == "--k is needed for gemm");
    CHECK(first_problem("cast", {"--rows", "64", "--cols", "64", "--heads", "2"}) == "--heads does not belong to cast");
    CHECK(first_problem("gemm", {"--m", "-1", "--n", "64", "--k", "1"}) ==
          "--m is -1: expected a value from 1 to 16777216");
}
