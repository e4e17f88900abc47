#include "sim/sweep/page.hpp"

#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;
using Catch::Contains;

namespace {

struct Swept {
    explicit Swept(const std::string& members, int jobs = 2) : plan(load_sweep(small_sweep(folder, members))) {
        Options o;
        o.jobs = jobs;
        o.devices = test::rooflines();
        run_sweep(plan, store, o);
    }
    std::string page(const std::optional<report::Uncertainty>& bands = {}) const {
        const Outcomes outcomes(plan, store);
        return to_html(sweep_document(outcomes, analyse(outcomes), bands, "tessera sweep x --out DIR"));
    }
    TemporaryFolder folder;
    Plan plan;
    Store store;
};

constexpr char three_switches[] = R"("axes": [{"path": "proposals.warp-cast", "values": [false, true]},
    {"path": "proposals.group-scaled-mma", "values": [false, true]},
    {"path": "proposals.transposed-gemm", "values": [false, true]}])";

bool has(const std::string& page, const std::string& id) {
    return page.find("<section id=\"" + id + "\">") != std::string::npos;
}

}  // namespace

TEST_CASE("the page of a factorial says which proposals to build") {
    const Swept s(three_switches);
    const std::string page = s.page();
    for (const char* id : {"summary", "attribution", "front", "axes", "heat-map", "fastest", "basis"}) {
        INFO(id);
        CHECK(has(page, id));
    }
    CHECK_FALSE(has(page, "left-out"));  // nothing was
    CHECK_THAT(page, Contains("If only one may be built") && Contains("group-scaled-mma"));
    CHECK_THAT(page, Contains("tessera sweep x --out DIR") && !Contains("http://www.example"));
    const Outcomes outcomes(s.plan, s.store);
    const Analysis a = analyse(outcomes);
    REQUIRE(a.attribution);
    double worth = 0;
    for (const double v : a.attribution->shapley_s) { worth += v; }
    CHECK(worth == Approx(a.reference_time_s - a.attribution->best.back().time_s));
    CHECK_THAT(page, Contains(std::to_string(a.done) + " simulated"));
}

TEST_CASE("the page does not depend on how the points were run") {
    CHECK(Swept(two_axes, 1).page() == Swept(two_axes, 3).page());
}

TEST_CASE("points without a result stand on the page with their reason") {
    const Swept s(R"("points": [{"proposals": ["warp-cast"]}, {"system.power.idle": "800 W"}])");
    const std::string page = s.page();
    CHECK(has(page, "left-out"));
    CHECK_THAT(page, Contains("skipped: "));
    CHECK_FALSE(has(page, "axes"));  // a list has none
    CHECK_FALSE(has(page, "attribution"));
}

TEST_CASE("bands are on the page if they were asked for") {
    const Swept s(two_axes);
    CHECK_FALSE(has(s.page(), "uncertainty"));
    report::Uncertainty bands;
    bands.samples = 16;
    bands.bands.push_back({"point 3", 1.2, 1.1, 1.3, 1.15, 1.25, 0.02, {}});
    CHECK(has(s.page(bands), "uncertainty"));
}
