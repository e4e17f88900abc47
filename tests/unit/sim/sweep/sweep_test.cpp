#include "sim/sweep/sweep.hpp"

#include "models/proposals/proposal.hpp"
#include "sim/base/error.hpp"
#include "sim/sweep/point.hpp"
#include "tests/support/small_sweep.hpp"
#include "tests/unit/sim/app/roofline_timer.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>

using namespace tessera;
using namespace tessera::sweep;
using namespace tessera::testing;

namespace {

SweepConfig load(const std::string& members) {
    const TemporaryFolder folder;
    return load_sweep(small_sweep(folder, members));
}

Options with(TimerFactory devices, int jobs = 1) {
    Options o;
    o.jobs = jobs;
    o.devices = std::move(devices);
    return o;
}

std::string all_of(const Outcomes& outcomes) {
    std::string text;
    for (std::size_t p = 0; p <= outcomes.plan().size(); ++p) {
        const Outcome o = outcomes.at(p);
        text += to_string(o.status) + (o.filtered ? " filtered " : " ") + o.reason + write_json(o.result, 0) + "\n";
    }
    return text;
}

// A timer that behaves badly on systems with little memory bandwidth.
class Odd : public KernelTimer {
public:
    enum class Way { hangs, dies, refuses, swells };
    Odd(const SystemConfig& system, Way way) : inner_(system), odd_(system.hbm.peak < gb_per_second(3200)), way_(way) {}
    KernelResult time(const KernelDesc& kernel, const KernelContext& context) override {
        while (odd_ && way_ == Way::hangs) { pause(); }
        if (odd_ && way_ == Way::dies) { raise(SIGKILL); }
        while (odd_ && way_ == Way::swells) { hoard_.emplace_back(new char[std::size_t{1} << 26]); }
        if (odd_) { throw ModelError("too slow a memory"); }
        return inner_.time(kernel, context);
    }

private:
    test::RooflineTimer inner_;
    bool odd_;
    Way way_;
    std::vector<std::unique_ptr<char[]>> hoard_;
};

TimerFactory odd(Odd::Way way) {
    return [way](const SystemConfig& s) { return std::make_unique<Odd>(s, way); };
}

}  // namespace

TEST_CASE("every point has an outcome, whatever the number of processes") {
    const Plan plan(load(two_axes));
    CHECK(plan.size() == 6);
    std::string first;
    for (const int jobs : {1, 3}) {
        Store store;
        std::size_t steps = 0;
        Options options = with(test::rooflines(), jobs);
        options.progress = [&](std::size_t done, std::size_t total, const std::string&) {
            ++steps;
            CHECK(done == steps);
            CHECK(total == 7);  // with the reference
        };
        run_sweep(plan, store, options);
        CHECK(steps == 7);
        const std::string all = all_of(Outcomes(plan, store));
        CHECK((first.empty() || all == first));
        first = all;
    }
}

TEST_CASE("points that come to the same are simulated once and both reported") {
    const Plan plan(
        load(R"("points": [{"proposals.warp-cast": true}, {"proposals.warp-cast.elements_per_clk": 128}, {}])"));
    Store store;
    CHECK(pending(plan, store, Stage::simulation).size() == 2);  // the third is the reference
    run_sweep(plan, store, with(test::rooflines()));
    const Outcomes outcomes(plan, store);
    CHECK(write_json(outcomes.at(0).result) == write_json(outcomes.at(1).result));
    CHECK(write_json(outcomes.at(2).result) == write_json(outcomes.at(plan.reference()).result));
}

TEST_CASE("points that do not hold together are skipped with their reason") {
    const Plan plan(load(R"("axes": [{"path": "system.power.idle", "values": ["100 W", "400 W"]},
                                      {"path": "system.power.cap", "values": ["300 W", "700 W"]}])"));
    Store store;
    run_sweep(plan, store, with(test::rooflines()));
    const Outcomes outcomes(plan, store);
    CHECK(outcomes.at(0).status == Status::done);
    CHECK(outcomes.at(2).status == Status::skipped);
    CHECK_THAT(outcomes.at(2).reason, Catch::Contains("leaves nothing of the cap"));
    CHECK(outcomes.at(3).status == Status::done);
}

TEST_CASE("proposals that conflict are a skipped point with both names") {
    struct Rival final : Proposal {
        std::string_view slug() const override { return "rival"; }
        std::string_view readme() const override { return ""; }
        std::vector<std::string> conflicts() const override { return {"warp-cast"}; }
        GainBound bound(const RunResult&, const SystemConfig&) const override { return {}; }
    };
    if (find_proposal("rival") == nullptr) { add_proposal(std::make_unique<Rival>()); }
    const Plan plan(load(R"("axes": [{"path": "proposals.warp-cast", "values": [false, true]},
                                      {"path": "proposals.rival", "values": [false, true]}])"));
    Store store;
    run_sweep(plan, store, with(test::rooflines()));
    const Outcomes outcomes(plan, store);
    for (const std::size_t p : {0, 1, 2}) { CHECK(outcomes.at(p).status == Status::done); }
    CHECK(outcomes.at(3).status == Status::skipped);
    CHECK_THAT(outcomes.at(3).reason, Catch::Contains("rival conflicts with warp-cast"));
}

TEST_CASE("a point that hangs, dies, swells or is refused costs nobody else anything") {
    SweepConfig config = load(two_axes);
    config.seconds = 2;
    config.memory = std::int64_t{1} << 30;
    const Plan plan(config);
    const std::pair<Odd::Way, Status> expected[] = {{Odd::Way::hangs, Status::time},
                                                    {Odd::Way::dies, Status::failed},
                                                    {Odd::Way::refuses, Status::skipped},
                                                    {Odd::Way::swells, Status::memory}};
    for (const auto& [way, status] : expected) {
        Store store;
        run_sweep(plan, store, with(odd(way), 2));
        const Outcomes outcomes(plan, store);
        for (std::size_t p = 0; p < plan.size(); ++p) {
            const bool slow = p < 2;  // 3 TB/s
            CHECK(outcomes.at(p).status == (slow ? status : Status::done));
            CHECK(outcomes.at(p).reason.empty() == !slow);
        }
    }
}

TEST_CASE("without a reference there is no sweep") {
    SweepConfig config = load(two_axes);
    config.sets.push_back("system.hbm.peak=3 TB/s");
    Store store;
    CHECK_THROWS_AS(run_sweep(Plan(config), store, with(odd(Odd::Way::refuses))), ModelError);
    config.sets.push_back("system.hbm.peek=3 TB/s");
    CHECK_THROWS_AS(Plan(config), ConfigError);
}

TEST_CASE("the filter simulates the share that the roofline finds fastest") {
    SweepConfig config = load(two_axes);
    config.keep = 0.5;
    const Plan plan(config);
    std::string first;
    for (const int jobs : {1, 2}) {
        Store store;
        run_sweep(plan, store, with(test::rooflines(), jobs));
        const Outcomes outcomes(plan, store);
        double slowest_kept = 0, fastest_left = 1e9;
        int left = 0;
        for (std::size_t p = 0; p < plan.size(); ++p) {
            const double estimated = store.get(Stage::estimate, plan.key(p)).result.find("time_s")->as_double();
            if (outcomes.at(p).filtered) {
                ++left;
                fastest_left = std::min(fastest_left, estimated);
            } else {
                slowest_kept = std::max(slowest_kept, estimated);
            }
        }
        CHECK(left == 3);
        CHECK(slowest_kept <= fastest_left);
        CHECK((first.empty() || first == all_of(outcomes)));
        first = all_of(outcomes);
    }
}

TEST_CASE("a sweep killed at random moments loses and doubles nothing") {
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/store.jsonl";
    const Plan plan(load(R"("axes": [{"path": "system.hbm.peak", "from": "3 TB/s", "to": "6 TB/s", "count": 6},
                                      {"path": "proposals.warp-cast", "values": [false, true]}])"));
    Store whole;
    run_sweep(plan, whole, with(test::rooflines(), 2));
    std::size_t known = 0;
    for (int round = 0; round < 40 && known < 13; ++round) {
        const pid_t pid = fork();
        if (pid == 0) {
            Store store(path, "1", true);
            run_sweep(plan, store, with(test::rooflines(), 2));
            _exit(0);
        }
        usleep(static_cast<useconds_t>(1000 * (3 + round * 7 % 60)));
        kill(pid, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(pid, &status, 0) == pid);
        const Store store(path, "1", true);
        std::size_t now = 0;
        for (std::size_t p = 0; p <= plan.size(); ++p) { now += store.has(Stage::simulation, plan.key(p)) ? 1 : 0; }
        CHECK(now >= known);  // what was there stays
        known = now;
    }
    Store store(path, "1", true);
    run_sweep(plan, store, with(test::rooflines(), 2));
    CHECK(pending(plan, store, Stage::simulation).empty());
    CHECK(all_of(Outcomes(plan, store)) == all_of(Outcomes(plan, whole)));
}
