#include "sim/base/error.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace tessera;
using Catch::Matchers::Contains;

TEST_CASE("validate: sound kernels pass") {
    CHECK_NOTHROW(validate(KernelDesc(fixtures::gemm(256, 512, 128))));
    CHECK_NOTHROW(validate(KernelDesc(fixtures::copy(4, 128))));
    CHECK_NOTHROW(validate(KernelDesc(fixtures::attention(AttentionPass::forward))));
    CHECK_NOTHROW(validate(KernelDesc(fixtures::exchange())));
    CHECK_NOTHROW(validate(KernelDesc(BarrierDesc{})));
    CHECK_NOTHROW(validate(KernelDesc(RecordedDesc{})));
}

TEST_CASE("validate: gemm shapes and groups") {
    GemmDesc g = fixtures::gemm(256, 512, 128);
    g.k = 0;
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("gemm") && Contains("k must be positive, is 0"));
    g = fixtures::gemm(256, 512, 128);
    g.form = GemmForm::grouped_m;
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("grouped_m form needs group_sizes"));
    g.group_sizes = {128, 64};
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("add up to 192, expected m = 256"));
    g.group_sizes = {128, 128};
    CHECK_NOTHROW(validate(KernelDesc(g)));
    g.form = GemmForm::grouped_k;
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("expected k = 128"));
    g.form = GemmForm::dense;
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("takes no group_sizes"));
}

TEST_CASE("validate: operands name the tensor") {
    GemmDesc g = fixtures::gemm(256, 512, 128);
    g.b.rows = -1;
    CHECK_THROWS_WITH(validate(KernelDesc(g)), Contains("b 'b'.rows must be positive, is -1"));
    StreamDesc s = fixtures::copy(4, 128);
    s.reads[0].l2_resident = 1.5;
    CHECK_THROWS_WITH(validate(KernelDesc(s)), Contains("'in'.l2_resident"));
}

TEST_CASE("validate: impossible streams, attention and exchanges") {
    StreamDesc s = fixtures::copy(4, 128);
    s.threads = 2048;
    CHECK_THROWS_AS(validate(KernelDesc(s)), ModelError);
    s = fixtures::copy(4, 128);
    s.alu_per_element = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(validate(KernelDesc(s)), Contains("alu_per_element"));
    s = fixtures::copy(4, 128);
    s.reads.clear();
    s.writes.clear();
    CHECK_THROWS_WITH(validate(KernelDesc(s)), Contains("neither reads nor writes"));
    AttentionDesc a = fixtures::attention(AttentionPass::forward);
    a.kv_heads = 3;
    CHECK_THROWS_WITH(validate(KernelDesc(a)), Contains("multiple of kv_heads"));
    ExchangeDesc e = fixtures::exchange();
    e.ranks_per_token = 65;
    CHECK_THROWS_WITH(validate(KernelDesc(e)), Contains("ranks_per_token"));
    BarrierDesc b;
    b.round_trips = 0;
    CHECK_THROWS_AS(validate(KernelDesc(b)), ModelError);
    RecordedDesc r;
    r.duration = microseconds(-1);
    CHECK_THROWS_AS(validate(KernelDesc(r)), ModelError);
}
