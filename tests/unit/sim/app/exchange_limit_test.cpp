#include "sim/app/exchange_limit.hpp"

#include "sim/app/run.hpp"
#include "sim/config/loader.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

double tpot(const std::string& name, const std::vector<std::string>& changes = {}) {
    return run(load_run_config(find_config("runs", name), changes)).figures.at("tpot_s");
}

}  // namespace

TEST_CASE("exchange limit: bytes of both exchanges over the link's rate, of all rows but the rank's own") {
    const double rows = 32.0 * 9 * 255 / 256, bytes = 3 * 7000.0;
    CHECK(tpot("exchange_limit_infiniband") == Approx(61 * 2 * rows * bytes / 50e9));
    CHECK(tpot("exchange_limit_nvl72") == Approx(61 * 2 * rows * bytes / 900e9));
}

TEST_CASE("exchange limit: faster links and fewer tokens are faster, latency adds up per exchange") {
    const double base = tpot("exchange_limit_infiniband");
    CHECK(tpot("exchange_limit_infiniband", {"workload.tokens=16"}) == Approx(base / 2));
    CHECK(tpot("exchange_limit_infiniband", {"system.nic.latency=\"1 us\""}) == Approx(base + 61 * 4 * 1e-6));
}
