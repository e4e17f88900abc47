#include "sim/app/measured/latency.hpp"

#include "models/device/transfer_timer.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::measured {
namespace {

constexpr std::int64_t kLine = 128, kPage = std::int64_t{2} << 20;

// `hops` lines, one in each of as many equal parts of `span`.
TransferDesc chase(std::int64_t span, std::int64_t hops, bool held) {
    TransferDesc t;
    t.engine = TransferEngine::chase;
    t.step = bytes(std::max(kLine, span / hops / kLine * kLine));
    t.region = bytes(std::max(span, t.step.raw()));
    t.moved = bytes(t.step.raw() * hops);
    t.held = held;
    return t;
}

// Cycles of a hop of the `pass`-th walk through the chain.
void ask(Case& out, TransferDesc once, int pass, std::int64_t hops) {
    out.probe = [once, pass, hops](const SystemConfig& system, Frequency clock) {
        KernelContext context;
        context.sm_clock = clock;
        const auto walks = [&](int n) {
            TransferDesc t = once;
            t.moved = bytes(once.moved.raw() * n);
            return n > 0 ? time_transfer(system, t, context) : Time::zero();
        };
        const Time time = walks(pass) - walks(pass - 1);
        return Prediction{to_seconds(time) * clock.raw() / static_cast<double>(hops), "latency"};
    };
}

}  // namespace

void read_latency(const JsonCursor& item, Case& out) {
    const std::string id = item.text("id");
    out.family = id;
    out.unit = "cycles";
    const bool l2 = id == "A.l2_chase", hbm = id == "A.hbm_chase_cold", pages = id == "A.tlb_l2hit_page_stride";
    if (!l2 && !hbm && !pages) {
        throw ModelError("a latency that is a constant of the system, or of a unit that the model does not have");
    }
    out.measured = item.at("cycles").positive("med");
    out.clock = clock_in_ghz(item.at("sm_ghz"));
    if (pages) {  // lines of their own pages, read before by this SM; what translation adds is not modelled
        const std::int64_t lines = std::clamp<std::int64_t>(item.count("pages_2MiB"), 1, 1 << 16);
        out.shape = {{"pages", lines}};
        ask(out, chase(lines * kLine, lines, true), 2, lines);
        return;
    }
    const std::int64_t span = std::clamp<std::int64_t>(item.count("footprint"), kLine, kPage << 20);
    const std::int64_t hops =
        std::clamp<std::int64_t>(item.count("hops"), 1, std::min<std::int64_t>(span / kLine, 1 << 16));
    const std::int64_t pass = std::clamp<std::int64_t>(item.count_or("pass", 1), 1, 16);
    out.shape = {{"footprint", span}, {"hops", hops}, {"pass", pass}};
    ask(out, chase(span, hops, l2), static_cast<int>(pass), hops);
}

}  // namespace tessera::measured
