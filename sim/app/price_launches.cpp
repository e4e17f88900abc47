#include "sim/app/price_launches.hpp"

#include "models/device/device.hpp"
#include "sim/app/kernel_limits.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tessera {
namespace {

struct Request {
    KernelDesc kernel;
    KernelContext context;
};

using Key = std::tuple<std::uint64_t, int, double>;  // kernel, SMs, clock

LaunchPrice price(KernelTimer& timer, const Request& r, const SystemConfig& system) {
    LaunchPrice p;
    try {
        validate(r.kernel);
        check_kernel_size(r.kernel, system);
        const KernelResult result = timer.time(r.kernel, r.context);
        p.time = result.time;
        p.tensor_busy = result.tensor_busy;
        p.clock_bound = result.clock_bound;
        p.energy = result.energy;
        p.limiter = std::string(to_string(result.limiter));
        for (const TimeShare& s : result.shares) {
            if (s.label == "launch") { p.launch = s.time; }
        }
    } catch (const ModelError& e) { p.problem = e.what(); }
    return p;
}

constexpr Energy EnergyUse::*kComponents[] = {&EnergyUse::tensor, &EnergyUse::cuda, &EnergyUse::smem,  &EnergyUse::l2,
                                              &EnergyUse::hbm,    &EnergyUse::link, &EnergyUse::engine};

std::string encode(const std::vector<LaunchPrice>& prices) {
    JsonValue list = JsonValue::array();
    for (const LaunchPrice& p : prices) {
        JsonValue v = JsonValue::array();
        v.push(JsonValue::integer(p.time.raw()));
        v.push(JsonValue::integer(p.launch.raw()));
        v.push(JsonValue::string(p.limiter));
        v.push(JsonValue::string(p.problem));
        v.push(JsonValue::integer(p.tensor_busy.raw()));
        v.push(JsonValue::number(p.clock_bound));
        for (const auto component : kComponents) { v.push(JsonValue::number((p.energy.*component).raw())); }
        list.push(std::move(v));
    }
    return write_json(list, 0);
}

std::vector<LaunchPrice> decode(const std::string& text) {
    std::vector<LaunchPrice> out;
    const JsonValue list = parse_json(text, "prices of a child");
    for (const JsonValue& v : list.items()) {
        const auto& f = v.items();
        LaunchPrice p;
        p.time = Time::from_raw(f[0].as_integer());
        p.launch = Time::from_raw(f[1].as_integer());
        p.limiter = f[2].as_string();
        p.problem = f[3].as_string();
        p.tensor_busy = Time::from_raw(f[4].as_integer());
        p.clock_bound = f[5].as_double();
        std::size_t next = 6;
        for (const auto component : kComponents) { p.energy.*component = joules(f[next++].as_double()); }
        out.push_back(std::move(p));
    }
    return out;
}

// Distinct launches of all cases, and where each launch finds its answer.
struct Plan {
    std::vector<Request> requests;
    std::vector<std::vector<std::size_t>> of_case;
};

Plan plan_of(const std::vector<measured::Case>& cases, bool exact) {
    Plan plan;
    std::map<Key, std::size_t> known;
    for (const measured::Case& c : cases) {
        std::vector<std::size_t> own;
        for (const measured::Launch& l : c.problem.empty() ? c.launches : std::vector<measured::Launch>{}) {
            const auto [it, first] =
                known.try_emplace({kernel_hash(l.kernel), l.sms, c.clock.raw()}, plan.requests.size());
            if (first) {
                KernelContext context;
                context.sms = l.sms;
                context.sm_clock = c.clock;
                context.exact = exact;
                plan.requests.push_back({l.kernel, context});
            }
            own.push_back(it->second);
        }
        plan.of_case.push_back(own);
    }
    return plan;
}

constexpr std::size_t kPieces = 24;  // of a run: short enough that no core waits long for another's last piece

}  // namespace

std::vector<std::vector<LaunchPrice>> price_launches(const std::vector<measured::Case>& cases,
                                                     const SystemConfig& system, bool exact, int jobs,
                                                     const ProgressFn& progress) {
    const Plan plan = plan_of(cases, exact);
    const std::size_t pieces = std::min(kPieces, plan.requests.size());
    std::vector<Work> work;
    for (std::size_t piece = 0; piece < pieces; ++piece) {  // neighbours cost alike: deal them out in turn
        work.push_back({"part " + std::to_string(piece + 1) + " of the measured kernels", [&, piece] {
                            DeviceTimer timer(system);
                            std::vector<LaunchPrice> prices;
                            for (std::size_t i = piece; i < plan.requests.size(); i += pieces) {
                                prices.push_back(price(timer, plan.requests[i], system));
                            }
                            return encode(prices);
                        }});
    }
    const std::vector<std::string> answers = run_in_processes(work, jobs, progress);
    std::vector<LaunchPrice> prices(plan.requests.size());
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::vector<LaunchPrice> part = decode(answers[piece]);
        for (std::size_t i = 0; i < part.size(); ++i) { prices[piece + i * pieces] = part[i]; }
    }
    std::vector<std::vector<LaunchPrice>> out;
    for (const std::vector<std::size_t>& own : plan.of_case) {
        out.emplace_back();
        for (const std::size_t i : own) { out.back().push_back(prices[i]); }
    }
    return out;
}

}  // namespace tessera
