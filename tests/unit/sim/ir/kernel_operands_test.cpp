#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("operands: a gemm reads a and b, and d only when it accumulates") {
    GemmDesc g = fixtures::gemm(256, 512, 128);
    CHECK(reads(KernelDesc(g)).size() == 2);
    CHECK(compulsory_bytes(KernelDesc(g)).raw() == 256 * 128 + 512 * 128 + 2 * 256 * 512);
    g.accumulate = true;
    const KernelDesc k = g;
    REQUIRE(reads(k).size() == 3);
    CHECK(reads(k)[2] == writes(k)[0]);
    CHECK(compulsory_bytes(k).raw() == 256 * 128 + 512 * 128 + 4 * 256 * 512);
    CHECK(flops(k).raw() == 2.0 * 256 * 512 * 128);
    g.scales = {fixtures::operand("s", DType::fp32, 256, 1)};
    CHECK(compulsory_bytes(KernelDesc(g)).raw() == compulsory_bytes(k).raw() + 1024);
}

TEST_CASE("operands: mutable walks reach the kernel itself") {
    KernelDesc k = fixtures::copy(4, 128);
    mutable_reads(k)[0]->l2_resident = 0.5;
    mutable_writes(k)[0]->tensor = "renamed";
    CHECK(std::get<StreamDesc>(k).reads[0].l2_resident == 0.5);
    CHECK(writes(k)[0]->tensor == "renamed");
    CHECK(compulsory_bytes(k).raw() == 2 * 4 * 256);
    CHECK(flops(k).raw() == 0.0);
}

TEST_CASE("operands: causal attention of the training trace") {
    // Sum over query positions of the key positions it sees, half of the diagonal counted: s^2 / 2 pairs per head.
    const double pairs = 0.5 * 4096.0 * 4096.0 * 128.0;
    CHECK(flops(KernelDesc(fixtures::attention(AttentionPass::forward))).raw() == Approx(pairs * 2 * (192 + 128)));
    CHECK(flops(KernelDesc(fixtures::attention(AttentionPass::backward))).raw() ==
          Approx(pairs * 2 * (3 * 192 + 2 * 128)));
    AttentionDesc full = fixtures::attention(AttentionPass::forward);
    full.causal = false;
    CHECK(flops(KernelDesc(full)).raw() == Approx(2 * pairs * 2 * (192 + 128)));
}

TEST_CASE("operands: barriers and recorded kernels touch what they state") {
    BarrierDesc b;
    b.metadata = bytes(512);
    CHECK(reads(KernelDesc(b)).empty());
    CHECK(compulsory_bytes(KernelDesc(b)).raw() == 512);
    RecordedDesc r;
    r.hbm_bytes = bytes(77);
    CHECK(compulsory_bytes(KernelDesc(r)).raw() == 77);
    CHECK(writes(KernelDesc(r)).empty());
}
