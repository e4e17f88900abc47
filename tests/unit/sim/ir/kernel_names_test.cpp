#include "sim/ir/kernel_result.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tessera;

TEST_CASE("names: kinds of kernels") {
    CHECK(kind_name(KernelDesc(GemmDesc{})) == "gemm");
    CHECK(kind_name(KernelDesc(AttentionDesc{})) == "attention");
    CHECK(kind_name(KernelDesc(StreamDesc{})) == "stream");
    CHECK(kind_name(KernelDesc(ExchangeDesc{})) == "exchange");
    CHECK(kind_name(KernelDesc(BarrierDesc{})) == "barrier");
    CHECK(kind_name(KernelDesc(RecordedDesc{})) == "recorded");
}

TEST_CASE("names: every enumerator has its own word") {
    std::set<std::string_view> words;
    const auto fresh = [&](std::string_view w) { return w != "unknown" && words.insert(w).second; };
    for (int i = 0; i <= static_cast<int>(StreamKind::map); ++i) {
        CHECK(fresh(to_string(static_cast<StreamKind>(i))));
    }
    words.clear();
    for (int i = 0; i <= static_cast<int>(GemmForm::grouped_k); ++i) {
        CHECK(fresh(to_string(static_cast<GemmForm>(i))));
    }
    for (int i = 0; i <= static_cast<int>(ScaleMode::block_1x128_1x128); ++i) {
        CHECK(fresh(to_string(static_cast<ScaleMode>(i))));
    }
    words.clear();
    for (int i = 0; i <= static_cast<int>(ExchangeKind::reduce_scatter); ++i) {
        CHECK(fresh(to_string(static_cast<ExchangeKind>(i))));
    }
    for (int i = 0; i <= static_cast<int>(ConsumerStyle::pingpong); ++i) {
        CHECK(fresh(to_string(static_cast<ConsumerStyle>(i))));
    }
    words.clear();
    for (int i = 0; i <= static_cast<int>(Limiter::wait); ++i) { CHECK(fresh(to_string(static_cast<Limiter>(i)))); }
    words.clear();
    for (int i = 0; i <= static_cast<int>(TaskPass::other); ++i) { CHECK(fresh(to_string(static_cast<TaskPass>(i)))); }
    words.clear();
    for (int i = 0; i <= static_cast<int>(DType::u8); ++i) { CHECK(fresh(to_string(static_cast<DType>(i)))); }
}
