#include "models/device/beside.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

const SystemConfig& h200() {
    static const SystemConfig system = load_system(find_config("systems", "h200"));
    return system;
}

BesideCase sending(ComputeKind kind, Sender sender, int sms) {
    BesideCase b;
    b.compute = kind;
    b.units = 132 * 10000;
    b.sms = sms;
    b.sender = sender;
    b.sent = b.arriving = gb_per_second(350);
    return b;
}

double total(const BesideCase& b) { return slowdown_beside(h200(), b, megahertz(1500)).total; }

}  // namespace

TEST_CASE("Tensor Core work loses SMs and nothing else") {
    for (const ComputeKind kind : {ComputeKind::tensor, ComputeKind::tensor_fed}) {
        CHECK(total(sending(kind, Sender::engine, 132)) == 1);
        CHECK(total(sending(kind, Sender::sm_bulk, 112)) == Approx(132.0 / 112).epsilon(1e-3));
        CHECK(total(sending(kind, Sender::none, 66)) == Approx(2));
    }
}

TEST_CASE("a stream from HBM leaves communication its share") {
    const double engine = total(sending(ComputeKind::hbm, Sender::engine, 132));
    CHECK(engine > 1 / (1 - 2 * 350 / 4814.3));
    CHECK(engine < 1.4);
    CHECK(total(sending(ComputeKind::hbm, Sender::sm_bulk_and_copy, 112)) > engine);
    CHECK(total(sending(ComputeKind::l2, Sender::sm_plain, 132)) == 1);
    CHECK(total(sending(ComputeKind::l2, Sender::sm_bulk, 132)) > 1.5);
}

TEST_CASE("what ends early slows down only its time") {
    BesideCase b = sending(ComputeKind::hbm, Sender::engine, 132);
    const double all = total(b);
    b.lasts = 0;
    CHECK(total(b) == 1);
    b.lasts = all / 2;
    CHECK(total(b) == Approx(1 + (all - 1) / 2));
}

TEST_CASE("loads wait behind stores that the link holds back, only while it is full") {
    BesideCase b = sending(ComputeKind::l2, Sender::fused, 132);
    b.sent = b.arriving = gb_per_second(364);
    CHECK(slowdown_beside(h200(), b, megahertz(1980)).queue > 5);
    const double free_running = slowdown_beside(h200(), b, megahertz(1980)).queue;
    b.paced = true;
    CHECK(slowdown_beside(h200(), b, megahertz(1980)).queue < 0.6 * free_running);
    b.sent = b.arriving = gb_per_second(100);
    CHECK(slowdown_beside(h200(), b, megahertz(1980)).queue == 1);
}

TEST_CASE("work without SMs is refused") {
    CHECK_THROWS_AS(total(sending(ComputeKind::tensor, Sender::none, 0)), ModelError);
    CHECK_THROWS_AS(total(sending(ComputeKind::tensor, Sender::none, 133)), ModelError);
}
