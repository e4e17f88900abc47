#include "sim/app/kernel_book.hpp"

#include "sim/config/loader.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::test;

namespace {

GemmDesc gemm_of(std::int64_t rows) {
    GemmDesc g;
    g.m = rows;
    g.n = 7168;
    g.k = 2048;
    g.a.rows = g.d.rows = rows;
    g.a.cols = g.b.cols = g.k;
    g.b.rows = g.d.cols = g.n;
    return g;
}

struct Fixture {
    SystemConfig system = load_system(find_config("systems", "h800"));
    int calls = 0;
    TimerPool pool{rooflines(&calls)};
};

}  // namespace

TEST_CASE("kernels that hash alike share one entry and one simulation") {
    Fixture f;
    KernelBook book(f.pool.view(f.system), false);
    book.set_clock(megahertz(1500));
    GemmDesc renamed = gemm_of(4096);
    renamed.a.tensor = "another name";
    const int k = book.add(gemm_of(4096));
    CHECK(book.add(renamed) == k);
    CHECK(book.size() == 1);
    CHECK(book.price(k, 112).time == book.price(k, 112).time);
    CHECK(f.calls == 1);
}

TEST_CASE("a blend of row counts is linear and costs no simulation of its own") {
    Fixture f;
    KernelBook book(f.pool.view(f.system), false);
    book.set_clock(megahertz(1500));
    const int low = book.add(gemm_of(4096)), high = book.add(gemm_of(8192)), middle = book.blend(low, high, 0.25);
    const double expected =
        0.75 * to_seconds(book.price(low, 112).time) + 0.25 * to_seconds(book.price(high, 112).time);
    CHECK(to_seconds(book.price(middle, 112).time) == Approx(expected).epsilon(1e-9));
    CHECK(f.calls == 2);
    CHECK(book.blend(low, high, 0) == low);
    CHECK(book.blend(low, high, 1) == high);
}

TEST_CASE("a new clock forgets the prices of the old one") {
    Fixture f;
    KernelBook book(f.pool.view(f.system), false);
    const int k = book.add(gemm_of(4096));
    book.set_clock(megahertz(1500));
    const Time slow = book.price(k, 112).time;
    book.set_clock(megahertz(1800));
    CHECK(book.price(k, 112).time < slow);
    CHECK(f.calls == 2);
}

TEST_CASE("a partition between two simulated ones lies between them") {
    Fixture f;
    KernelBook book(f.pool.view(f.system), false, {112, 132});
    book.set_clock(megahertz(1500));
    const int k = book.add(gemm_of(4096));
    const Time between = book.price(k, 120).time;
    CHECK(between <= book.price(k, 112).time);
    CHECK(between >= book.price(k, 132).time);
    CHECK(f.calls == 2);
}
