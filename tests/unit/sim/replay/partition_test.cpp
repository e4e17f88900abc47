#include "sim/replay/partition.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {
SmClaim claim(SmHold hold, int want, std::int64_t order, bool started = false, int held = 0, bool urgent = false) {
    SmClaim c;
    c.hold = hold;
    c.want = want;
    c.order = order;
    c.started = started;
    c.held = held;
    c.urgent = urgent;
    return c;
}
}  // namespace

TEST_CASE("a grid that starts while communication holds 20 SMs gets 112") {
    std::vector<SmClaim> c = {claim(SmHold::fixed, 20, 0, true, 20, true), claim(SmHold::elastic, 132, 1)};
    grant_sms(c, 132);
    CHECK(c[0].held == 20);
    CHECK(c[1].held == 112);
}

TEST_CASE("a running one-shot grid gives way to communication launched later") {
    std::vector<SmClaim> c = {claim(SmHold::elastic, 132, 0, true, 132), claim(SmHold::fixed, 20, 1, false, 0, true)};
    grant_sms(c, 132);
    CHECK(c[0].held == 112);
    CHECK(c[1].held == 20);
}

TEST_CASE("a persistent grid keeps its SMs and a waiting barrier kernel reserves the rest") {
    std::vector<SmClaim> c = {claim(SmHold::growing, 120, 0, true, 120), claim(SmHold::fixed, 20, 1, false, 0, true),
                              claim(SmHold::elastic, 132, 2)};
    grant_sms(c, 132);
    CHECK(c[0].held == 120);
    CHECK(c[1].held == 0);
    CHECK(c[2].held == 0);  // the 12 free SMs are the waiting kernel's
}

TEST_CASE("two persistent grids: the second spills onto what is left and grows later") {
    std::vector<SmClaim> c = {claim(SmHold::growing, 112, 0, true, 112), claim(SmHold::growing, 112, 1)};
    grant_sms(c, 132);
    CHECK(c[1].held == 20);
    std::vector<SmClaim> later = {claim(SmHold::growing, 112, 1, true, 20)};
    grant_sms(later, 132);
    CHECK(later[0].held == 112);
}

TEST_CASE("earlier one-shot grids are served first") {
    std::vector<SmClaim> c = {claim(SmHold::elastic, 100, 7), claim(SmHold::elastic, 100, 3)};
    grant_sms(c, 132);
    CHECK(c[1].held == 100);
    CHECK(c[0].held == 32);
}

TEST_CASE("needs follow from the kernel and the stream") {
    Stream compute{"compute", StreamRole::compute, 112}, comm{"comm", StreamRole::communication, 0};
    Task t;
    t.name = "t";
    t.kernel = StreamDesc{};
    CHECK(sm_need(t, compute, 132).sms == 112);
    CHECK(sm_need(t, compute, 132).hold == SmHold::elastic);
    CHECK(sm_need(t, comm, 132).urgent);
    t.sms = 64;
    CHECK(sm_need(t, compute, 132).hold == SmHold::growing);
    CHECK(sm_need(t, compute, 132).sms == 64);
    BarrierDesc barrier;
    barrier.sms = 20;
    t.kernel = barrier;
    CHECK(sm_need(t, comm, 132).hold == SmHold::fixed);
    CHECK_THROWS_AS(sm_need(t, comm, 16), ModelError);
    t.kernel = ExchangeDesc{};
    CHECK(sm_need(t, comm, 132).hold == SmHold::none);
}
