#include "sim/app/serving.hpp"

#include "sim/app/decode.hpp"
#include "sim/app/prefill.hpp"
#include "sim/app/validation_report.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/config/link_rates.hpp"
#include "sim/config/loader.hpp"
#include "workloads/serving/pools.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tessera {
namespace {

using serving::Curve;
using serving::Request;

constexpr double kMicroBatches = 2;

RunConfig inner_run(const RunConfig& config, const std::string& name, const char* kind) {
    RunConfig run = load_run_config(find_config("runs", name));
    if (run.workload.kind != kind) {
        throw ConfigError(config.name, std::string("/workload/serving/") + kind,
                          "the run \"" + name + "\" is a " + run.workload.kind + ", expected a " + kind);
    }
    run.system = config.system;
    run.proposals = config.proposals;
    run.simulation.clock = config.simulation.clock;
    run.simulation.fixed_clock = config.simulation.fixed_clock;
    return run;
}

struct Prefill {
    RunConfig run;
    serving::PrefillPool pool;
    RunResult full;
    double nodes = 0;  // of the whole pool
};

Prefill prefill_of(const RunConfig& config, TimerPool& timers) {
    const ServingConfig& s = config.workload.serving;
    Prefill p{inner_run(config, s.prefill, "prefill"), {1, 1, 0, Curve({{1, 1}})}, {}, 0};
    const WorkloadConfig& w = p.run.workload;
    const double ranks = w.parallel.expert_ranks;
    std::vector<std::pair<double, double>> points;
    for (const std::int64_t sequences : {(w.tokens / w.sequence + 1) / 2, w.tokens / w.sequence}) {
        RunConfig at = p.run;
        at.workload.tokens = sequences * w.sequence;
        const double tokens = kMicroBatches * ranks * static_cast<double>(at.workload.tokens);
        if (!points.empty() && points.back().first == tokens) { continue; }
        p.full = simulate_prefill(at, timers);
        points.emplace_back(tokens, to_seconds(p.full.time));
    }
    p.pool.units = s.prefill_units;
    p.pool.batch_tokens = points.back().first;
    p.pool.time = Curve(points);
    p.nodes = s.prefill_units * ranks / w.parallel.ranks_per_node;
    return p;
}

struct Decode {
    RunConfig run;
    serving::DecodePool pool;
    RunResult full;
    double nodes = 0;
};

Decode decode_of(const RunConfig& config, TimerPool& timers) {
    const ServingConfig& s = config.workload.serving;
    Decode d{inner_run(config, s.decode, "decode"), {1, 1, 1, Curve({{1, 1}})}, {}, 0};
    const WorkloadConfig& w = d.run.workload;
    const double ranks = w.parallel.expert_ranks;
    std::vector<std::pair<double, double>> points;
    const std::int64_t requests = w.tokens / w.sequence;
    for (const std::int64_t part : {4, 2, 1}) {
        RunConfig at = d.run;
        at.workload.tokens = std::max<std::int64_t>(1, requests / part) * w.sequence;
        const double load = kMicroBatches * ranks * static_cast<double>(at.workload.tokens / w.sequence);
        if (!points.empty() && points.back().first >= load) { continue; }
        d.full = simulate_decode(at, timers);
        points.emplace_back(load, to_seconds(d.full.time));
    }
    d.pool.units = s.decode_units;
    d.pool.slots = std::llround(points.back().first);
    d.pool.tokens = d.full.figures.at("accepted_tokens_per_step");
    d.pool.step = Curve(points);
    d.nodes = s.decode_units * ranks / w.parallel.ranks_per_node;
    return d;
}

[[noreturn]] void overload(const char* pool, double offered, double capacity) {
    throw ModelError("serving: overload: " + format_shortest(std::round(offered)) + " tokens/s are offered to the " +
                     pool + " pool, which can do " + format_shortest(std::floor(capacity)) +
                     "; the queue would grow without end: lower serving.arrivals or add units");
}

void check_load(const ServingConfig& s, const Prefill& p, const Decode& d) {
    const double in = s.arrivals * s.input.mean * (1 - s.cache_hit);
    const double most_in = p.pool.units * p.pool.batch_tokens / p.pool.time.at(p.pool.batch_tokens);
    if (in >= most_in) { overload("prefill", in, most_in); }
    const double slots = static_cast<double>(d.pool.slots), out = s.arrivals * std::max(0.0, s.output.mean - 1);
    const double most_out = d.pool.units * slots * d.pool.tokens / d.pool.step.at(slots);
    if (out >= most_out) { overload("decode", out, most_out); }
}

// Bytes of a token's cache over all layers, at the NIC's rate for long messages.
double handover_s(const RunConfig& decode, double tokens) {
    const ModelConfig& m = decode.workload.model;
    const double bytes = static_cast<double>(m.cached_per_token()) * m.layers * decode.workload.inference.kv_bytes;
    return tokens * bytes / payload_rate(decode.system.nic).raw() + to_seconds(decode.system.nic.latency);
}

void add_percentiles(const std::string& name, std::vector<double> values, std::map<std::string, double>& figures) {
    if (values.empty()) { return; }
    figures[name + "_mean_s"] = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    for (const auto& [label, share] : {std::pair{"_p50_s", 0.5}, {"_p90_s", 0.9}, {"_p99_s", 0.99}}) {
        figures[name + label] = quantile(values, share);
    }
}

struct Observed {
    std::vector<double> first_token, per_token, whole;
    double prompt = 0, uncached = 0, output = 0;  // tokens
};

Observed observe(const std::vector<Request>& requests, std::size_t from, const serving::PrefillRun& prefill,
                 const serving::DecodeRun& decode) {
    Observed o;
    for (std::size_t i = from; i < requests.size(); ++i) {
        const Request& r = requests[i];
        o.first_token.push_back(prefill.done[i] - r.arrival);
        o.whole.push_back(decode.done[i] - r.arrival);
        if (r.output > 1) {
            o.per_token.push_back((decode.done[i] - prefill.done[i]) / static_cast<double>(r.output - 1));
        }
        o.prompt += r.prompt;
        o.uncached += r.uncached;
        o.output += static_cast<double>(r.output);
    }
    return o;
}

std::map<std::string, double> figures_of(const Observed& o, double span, const Prefill& p, const Decode& d,
                                         const serving::PrefillRun& prefill, const serving::DecodeRun& decode) {
    std::map<std::string, double> f;
    add_percentiles("ttft", o.first_token, f);
    add_percentiles("tpot", o.per_token, f);
    f["input_tokens_per_s_per_node"] = o.prompt / span / p.nodes;
    f["uncached_tokens_per_s_per_node"] = o.uncached / span / p.nodes;
    f["output_tokens_per_s_per_node"] = o.output / span / d.nodes;
    f["tokens_per_s_per_request"] = 1 / f.at("tpot_mean_s");
    f["prefill_busy_share"] = prefill.busy / p.pool.units / span;
    f["decode_busy_share"] = decode.busy / d.pool.units / span;
    f["decode_requests_per_gpu"] =
        decode.held / decode.busy / static_cast<double>(d.run.workload.parallel.expert_ranks);
    f["prefill_capacity_tokens_per_s_per_node"] = p.full.figures.at("tokens_per_s_per_node");
    f["decode_capacity_tokens_per_s_per_node"] = d.full.figures.at("tokens_per_s_per_node");
    return f;
}

}  // namespace

RunResult simulate_serving(const RunConfig& config, TimerPool& timers) {
    const ServingConfig& s = config.workload.serving;
    const Prefill p = prefill_of(config, timers);
    const Decode d = decode_of(config, timers);
    check_load(s, p, d);
    const std::vector<Request> requests = serving::draw_requests(s);
    const std::size_t from = serving::warm_up_requests(s);
    const serving::Window window{from > 0 ? requests[from - 1].arrival : 0.0, requests.back().arrival};
    const serving::PrefillRun prefill = serving::run_prefill(p.pool, requests, window);
    std::vector<double> ready;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        ready.push_back(prefill.done[i] + handover_s(d.run, requests[i].prompt));
    }
    const serving::DecodeRun decode = serving::run_decode(d.pool, requests, ready, window);
    const Observed o = observe(requests, from, prefill, decode);

    RunResult r = d.full;
    r.parts.clear();
    r.time = seconds(std::accumulate(o.whole.begin(), o.whole.end(), 0.0) / static_cast<double>(o.whole.size()));
    r.figures = figures_of(o, window.to - window.from, p, d, prefill, decode);
    return r;
}

}  // namespace tessera
