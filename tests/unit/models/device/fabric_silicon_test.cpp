// The exchange against measurements that no constant was fitted to: DeepEP on two and four H200 GPUs, DeepEP's
// published tables, and DeepSeek's H800 training trace. The links' and SMs' figures come from microbenchmarks.
// covers: models/device/exchange_roles.cpp
#include "models/device/fabric.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace tessera;

namespace {

SystemConfig shipped(const char* name) { return load_system(find_config("systems", name)); }

// Mean number of distinct ranks that 8 experts drawn at random lie on.
double distinct(int ranks) { return ranks * (1 - std::pow(1 - 1.0 / ranks, 8)); }

ExchangeDesc exchange(ExchangeKind kind, std::int64_t row, int ranks, double nodes, double per_token) {
    ExchangeDesc e;
    e.kind = kind;
    e.tokens = 4096;
    e.ranks = ranks;
    e.ranks_per_node = 8;
    e.nodes_per_token = nodes;
    e.ranks_per_token = per_token;
    e.unique_tokens = std::llround(4096 * per_token);
    e.bytes_per_token = bytes(row);
    e.sms = 20;
    e.reduce = kind == ExchangeKind::combine;
    return e;
}

double microseconds_on(DeviceFabric& fabric, const ExchangeDesc& e, double mhz) {
    KernelContext context;
    context.sm_clock = megahertz(mhz);
    return to_microseconds(fabric.exchange(e, context).time);
}

// Relative errors of the kernels' own durations, 4096 tokens, the library's default chunks.
std::vector<double> deepep_errors(const char* path) {
    DeviceFabric fabric(shipped("h200"));
    std::vector<double> errors;
    const JsonValue file = read_json_file(path);
    for (const JsonValue& row : file.find("rows")->items()) {
        const std::string op = row.find("op")->as_string();
        const bool combine = op == "combine_bf16";
        const JsonValue* chunk = row.find("chunk");
        if (!combine && op != "dispatch_fp8" && op != "dispatch_bf16") { continue; }
        if (row.find("tag")->as_string() != "main" || !chunk->is_string()) { continue; }
        const double received = row.find("recv_tokens")->items()[0].as_double();
        const int ranks = static_cast<int>(row.find("recv_tokens")->items().size());
        ExchangeDesc e = exchange(combine ? ExchangeKind::combine : ExchangeKind::dispatch,
                                  std::llround(row.find("bytes_per_token")->as_double()), ranks, 1, received / 4096);
        e.sms = static_cast<int>(row.find("sms")->as_integer());
        const double measured = row.find("kineto")->find(combine ? "combine" : "dispatch")->find("med")->as_double();
        errors.push_back(microseconds_on(fabric, e, row.find("clk")->find("sm_mhz_med")->as_double()) / measured - 1);
    }
    std::sort(errors.begin(), errors.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    return errors;
}

}  // namespace

TEST_CASE("DeepEP within a node agrees with H200 GPUs over their SM counts") {
    const char* const files[] = {"../shared/silicon/h200/deepep_2gpu.json", "../shared/silicon/h200/deepep_4gpu.json"};
    for (const char* path : files) {
        if (!std::ifstream(path)) {
            WARN("skipped: " << path << " is not there");
            continue;
        }
        const std::vector<double> errors = deepep_errors(path);
        REQUIRE(errors.size() >= 3);
        INFO(path << ": median " << errors[errors.size() / 2] << ", worst " << errors.back() << " of "
                  << errors.size());
        CHECK(std::abs(errors[errors.size() / 2]) < 0.10);
        CHECK(std::abs(errors.back()) < 0.20);
    }
}

TEST_CASE("DeepEP's published bandwidths on H800 are met within 22 %") {
    // Logical GB/s of deepseek-ai/DeepEP README at ebfe47e (the release nearest to the trace): 4096 tokens, top-8,
    // FP8 dispatch and BF16 combine; the row bytes count every (token, node) pair, within one node every received row.
    struct Line {
        int ranks;
        double nodes, dispatch, combine;
    };
    DeviceFabric fabric(shipped("h800"));
    for (const Line& l : {Line{8, 1, 153, 158}, Line{16, 2, 43, 43}, Line{32, 3.9, 44, 47}, Line{64, 3.9, 46, 45}}) {
        const double per_token = l.ranks == 64 ? 7.36 : distinct(l.ranks), counted = l.ranks == 8 ? per_token : l.nodes;
        for (const bool combine : {false, true}) {
            const std::int64_t row = combine ? 14336 : 7392;
            const ExchangeKind kind = combine ? ExchangeKind::combine : ExchangeKind::dispatch;
            const double us = microseconds_on(fabric, exchange(kind, row, l.ranks, l.nodes, per_token), 1755);
            const double logical = 4096 * counted * static_cast<double>(row) / us / 1e3;
            INFO("EP" << l.ranks << (combine ? " combine " : " dispatch ") << logical << " GB/s");
            CHECK(logical == Approx(combine ? l.combine : l.dispatch).epsilon(0.22));
        }
    }
}

TEST_CASE("the training trace's exchanges take longer than ours alone") {
    // train.json, rank 0, microseconds: four dispatches of x and of dY, four combines of y and of dX, which run beside
    // compute and wait for 63 other ranks. What the exchange needs alone must not exceed that.
    const double dispatch[] = {4604, 4154, 4437, 4188, 3320, 3575, 3613, 3113};
    const double combine[] = {6002, 6074, 5847, 6052, 6549, 6543, 5889, 6492};
    DeviceFabric fabric(shipped("h800"));
    const double d = microseconds_on(fabric, exchange(ExchangeKind::dispatch, 7392, 64, 3.9, 7.36), 1500);
    const double c = microseconds_on(fabric, exchange(ExchangeKind::combine, 14336, 64, 3.9, 7.36), 1500);
    double dispatch_total = 0, combine_total = 0;
    for (double us : dispatch) {
        CHECK(d < us);
        dispatch_total += us;
    }
    for (double us : combine) {
        CHECK(c < us);
        combine_total += us;
    }
    CHECK(8 * c / combine_total > 0.80);
    CHECK(8 * d / dispatch_total > 0.65);  // known gap: see fabric.hpp
}

TEST_CASE("DeepEP V2 needs fewer SMs for the same exchange") {
    // README of deepseek-ai/DeepEP at b306af0: 8192 tokens, SM90 with CX7, 2 nodes on 12 SMs 90 / 81 GB/s, 4 nodes on
    // 6 SMs 61 / 61 GB/s.
    DeviceFabric v1(shipped("h100")), v2(shipped("h100"), deepep_v2());
    for (const bool combine : {false, true}) {
        const ExchangeKind kind = combine ? ExchangeKind::combine : ExchangeKind::dispatch;
        ExchangeDesc e = exchange(kind, combine ? 14336 : 7392, 32, 3.9, distinct(32));
        e.tokens = 8192;
        e.unique_tokens = std::llround(8192 * e.ranks_per_token);
        e.sms = 6;
        const double us = microseconds_on(v2, e, 1980);
        CHECK(us < microseconds_on(v1, e, 1980));
        const double logical = 8192 * 3.9 * to_double(e.bytes_per_token) / us / 1e3;
        INFO((combine ? "combine " : "dispatch ") << logical << " GB/s");
        CHECK(logical == Approx(61).epsilon(0.22));
    }
}
