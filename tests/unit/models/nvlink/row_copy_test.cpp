#include "models/nvlink/row_copy.hpp"

#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

SmLinkParams params() { return sm_link_params(load_system(find_config("systems", "h200"))); }
const Frequency clock_now = megahertz(1980);

RowJob rows(int sms) {
    RowJob j;
    j.sms = sms;
    j.row = bytes(7392);
    j.rows = 4096;
    return j;
}

AddJob sums(int sms) {
    AddJob j;
    j.sms = sms;
    j.row = bytes(14336);
    j.tokens = 4096;
    return j;
}

}  // namespace

TEST_CASE("rows cost their SMs' ports at least") {
    const SmLinkParams p = params();
    for (int sms : {1, 4, 20}) {
        const double port = 4096.0 / sms * 7392 * port_cycles_per_byte(p, CopyTarget::peer, false) / 1.98;
        const double ns = to_nanoseconds(send_rows_time(p, rows(sms), Time::zero(), clock_now));
        CHECK(ns > port * 0.999);
        CHECK(ns < port * 1.5 + 5000);
    }
    CHECK(send_rows_time(p, rows(20), milliseconds(1), clock_now) > milliseconds(1));
    RowJob memory = rows(132);
    memory.copy_bandwidth = 1e9;
    CHECK(send_rows_time(p, memory, Time::zero(), clock_now) > seconds(4096 * 7392 / 1e9));
}

TEST_CASE("sums cost more with more inputs and less with more SMs") {
    const SmLinkParams p = params();
    Time last = Time::max();
    for (int sms : {4, 8, 20, 64}) {
        const Time now = add_rows_time(p, sums(sms), Time::zero(), clock_now);
        CHECK(now < last);
        last = now;
    }
    AddJob few = sums(8);
    few.inputs = 2;
    CHECK(add_rows_time(p, few, Time::zero(), clock_now) < add_rows_time(p, sums(8), Time::zero(), clock_now));
    AddJob far = few;
    far.remote = 0.5;
    CHECK(add_rows_time(p, far, Time::zero(), clock_now) > add_rows_time(p, few, Time::zero(), clock_now));
}

TEST_CASE("nothing to copy is refused") {
    CHECK_THROWS_AS(send_rows_time(params(), rows(0), Time::zero(), clock_now), ModelError);
    AddJob none = sums(1);
    none.tokens = 0;
    CHECK_THROWS_AS(add_rows_time(params(), none, Time::zero(), clock_now), ModelError);
}
