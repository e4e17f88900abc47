#include "sim/sweep/uncertainty.hpp"

#include "models/proposals/selection.hpp"
#include "sim/app/shared_memo.hpp"
#include "sim/app/validation_report.hpp"
#include "sim/base/error.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/base/text.hpp"
#include "sim/config/ranges.hpp"
#include "sim/sweep/point.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace tessera::sweep {
namespace {

using report::Uncertainty;

constexpr std::size_t fewest_draws = 4, named_assumptions = 3;
constexpr double changed_share = 0.01;

// One assumed value: of the system, or of a proposal's parameter if `slug` is not empty.
struct Assumption {
    std::string path, slug, name, unit, source;
    AssumedRange range;

    std::string text(double v) const {
        if (slug.empty()) { return range.text(v); }
        if (unit.empty()) { return write_json(plain_number(v), 0); }
        return write_json(JsonValue::string(write_json(plain_number(v), 0) + " " + unit), 0);
    }
    // Half of the shares below the nominal value, half above; what comes in steps is one of three.
    double draw(double share) const {
        const bool stepped = range.whole && (!range.dimension || *range.dimension == Dimension::bytes);
        if (stepped) { return share < 1.0 / 3 ? range.low : share < 2.0 / 3 ? range.nominal : range.high; }
        return share < 0.5 ? range.low + (range.nominal - range.low) * 2 * share
                           : range.nominal + (range.high - range.nominal) * (2 * share - 1);
    }
};

std::vector<Assumption> of_system(const SweepConfig& base) {
    std::vector<Assumption> list;
    for (const auto& [pointer, range] : assumed_ranges(base.base, base.sets)) {
        if (range.low == range.high) { continue; }
        Assumption a;
        a.path = pointer.substr(1);
        std::replace(a.path.begin(), a.path.end(), '/', '.');
        a.source = range.source;
        a.range = range;
        list.push_back(std::move(a));
    }
    return list;
}

std::vector<Assumption> of_proposals(const std::vector<RunConfig>& configs) {
    std::vector<Assumption> list;
    for (const Proposal* p : proposal_registry()) {
        const std::string slug(p->slug());
        for (const ProposalParameter& q : p->parameters()) {
            // A candidate that gives a value of its own has decided; the others are not sure of it.
            const bool open = std::any_of(configs.begin(), configs.end(), [&](const RunConfig& c) {
                return std::any_of(c.proposals.begin(), c.proposals.end(), [&](const ProposalChoice& choice) {
                    return choice.slug == slug && choice.parameters.count(q.name) == 0;
                });
            });
            if (!q.assumed() || !open) { continue; }
            Assumption a{"proposals." + slug + "." + q.name, slug, q.name, q.unit, q.provenance, {}};
            a.range.low = q.low;
            a.range.nominal = q.value;
            a.range.high = q.high;
            if (q.unit == "B") {  // whole bytes
                a.range.whole = true;
                a.range.dimension = Dimension::bytes;
            }
            list.push_back(std::move(a));
        }
    }
    return list;
}

// Times of the reference and of every candidate, and their time by operator class.
struct Run {
    double time_s = 0;
    std::map<std::string, double> classes;
};

std::string encode(const std::vector<JsonValue>& results) {
    JsonValue list = JsonValue::array();
    for (const JsonValue& r : results) {
        JsonValue& one = list.push(JsonValue::object());
        one.set("time_s", *r.find("time_s"));
        one.set("breakdown", *r.find("breakdown"));
    }
    return write_json(list, 0);
}

std::vector<Run> decode(const std::string& text) {
    std::vector<Run> runs;
    const JsonValue list = parse_json(text, "a draw's answer");
    for (const JsonValue& one : list.items()) {
        Run r{one.find("time_s")->as_double(), {}};
        for (const auto& [name, time] : one.find("breakdown")->members()) { r.classes[name] = time.as_double(); }
        runs.push_back(std::move(r));
    }
    return runs;
}

class Assessment {
public:
    Assessment(const SweepConfig& base, const std::vector<Candidate>& candidates, const UncertaintyOptions& options)
        : base_(base), candidates_(candidates), options_(options) {
        for (const Candidate& c : candidates) { nominal_.push_back(configure(base, c.settings)); }
        assumptions_ = of_system(base);
        for (Assumption& a : of_proposals(nominal_)) { assumptions_.push_back(std::move(a)); }
    }

    Uncertainty run() {
        simulate_all();
        Uncertainty u;
        u.samples = static_cast<int>(draws_.size());
        u.dropped = options_.samples - u.samples;
        u.model_error = options_.model_error;
        for (const Assumption& a : assumptions_) {
            u.assumed.push_back({a.path, plain(a.text(a.range.low)), plain(a.text(a.range.nominal)),
                                 plain(a.text(a.range.high)), a.source});
        }
        for (std::size_t c = 0; c < candidates_.size(); ++c) { u.bands.push_back(band(c)); }
        return u;
    }

private:
    static std::string plain(const std::string& json) {
        const JsonValue v = parse_json(json, "a value");
        return v.is_string() ? v.as_string() : json;
    }

    // The draws: share of each assumption's range, by draw.
    Sampler sampler() {
        plan_ = base_;
        plan_.method = Method::latin_hypercube;
        plan_.sampled = static_cast<std::size_t>(options_.samples);
        plan_.seed = options_.seed;
        plan_.axes.clear();
        for (const Assumption& a : assumptions_) {
            Axis axis;
            axis.path = a.path;
            axis.to = 1;
            plan_.axes.push_back(std::move(axis));
        }
        return Sampler(plan_);
    }

    void simulate_all() {
        if (options_.samples < static_cast<int>(fewest_draws)) {
            throw ConfigError("--uncertainty", "", "a band needs at least " + std::to_string(fewest_draws) + " draws");
        }
        const Sampler sampler = this->sampler();
        std::vector<std::vector<double>> values(static_cast<std::size_t>(options_.samples));
        std::vector<Work> work = {{"the nominal values", [this] { return simulate_draw(nullptr); }}};
        for (std::size_t d = 0; d < values.size(); ++d) {
            const std::vector<Setting> shares = sampler.settings(d);
            for (std::size_t a = 0; a < assumptions_.size(); ++a) {
                values[d].push_back(assumptions_[a].draw(std::stod(shares[a].value)));
            }
            work.push_back({"draw " + std::to_string(d + 1), [this, &values, d] { return simulate_draw(&values[d]); }});
        }
        const std::vector<std::string> answers = run_in_processes(work, options_.jobs, options_.progress);
        at_nominal_ = decode(answers[0]);
        for (std::size_t d = 0; d < values.size(); ++d) {
            if (answers[d + 1].empty()) { continue; }
            draws_.push_back(decode(answers[d + 1]));
            values_.push_back(values[d]);
        }
        if (draws_.size() < fewest_draws) {
            throw ConfigError("--uncertainty", "",
                              "only " + std::to_string(draws_.size()) + " of " + std::to_string(options_.samples) +
                                  " draws hold together as a configuration");
        }
    }

    // Empty: the values do not hold together. nullptr: the nominal ones.
    std::string simulate_draw(const std::vector<double>* values) {
        TimerPool timers(options_.devices ? options_.devices : simulated_devices(), &shared_);
        try {
            std::vector<JsonValue> results;
            for (std::size_t c = 0; c <= candidates_.size(); ++c) {
                RunConfig config = configured_at(c, values);
                results.push_back(simulate(config, timers));
            }
            return encode(results);
        } catch (const ConfigError&) {
            if (values == nullptr) { throw; }
        } catch (const ModelError&) {
            if (values == nullptr) { throw; }
        }
        return {};
    }

    // Candidate c - 1, or the reference for 0.
    RunConfig configured_at(std::size_t c, const std::vector<double>* values) const {
        SweepConfig base = base_;
        std::vector<Setting> settings = c > 0 ? candidates_[c - 1].settings : std::vector<Setting>{};
        for (std::size_t a = 0; values != nullptr && a < assumptions_.size(); ++a) {
            const Assumption& assumption = assumptions_[a];
            const std::string text = assumption.text((*values)[a]);
            if (assumption.slug.empty()) {
                base.sets.push_back(assumption.path + "=" + text);
            } else if (c > 0 && open_in(c - 1, assumption)) {
                settings.push_back({assumption.path, text});
            }
        }
        RunConfig config = configure(base, settings);
        if (c == 0) { config.proposals.clear(); }
        return config;
    }

    bool open_in(std::size_t candidate, const Assumption& a) const {
        const std::vector<ProposalChoice>& on = nominal_[candidate].proposals;
        return std::any_of(on.begin(), on.end(), [&](const ProposalChoice& choice) {
            return choice.slug == a.slug && choice.parameters.count(a.name) == 0;
        });
    }

    // What the model's error makes of a candidate's speed-up: see the header.
    double model_width(const Run& before, const Run& after) const {
        std::map<std::string, std::pair<double, double>> classes;
        for (const auto& [name, time] : before.classes) { classes[name].first = time; }
        for (const auto& [name, time] : after.classes) { classes[name].second = time; }
        double squares = 0;
        for (const auto& entry : classes) {
            const auto [was, is] = entry.second;
            const double most = std::max(was, is), share = most / before.time_s;
            if (std::abs(is - was) > changed_share * most) { squares += share * share; }
        }
        return options_.model_error * std::min(std::sqrt(squares), 1.0);
    }

    Uncertainty::Band band(std::size_t c) const {
        Uncertainty::Band b;
        b.id = candidates_[c].id;
        const auto speedup = [c](const std::vector<Run>& runs) { return runs[0].time_s / runs[c + 1].time_s; };
        b.speedup = speedup(at_nominal_);
        std::vector<double> drawn;
        for (const std::vector<Run>& runs : draws_) { drawn.push_back(speedup(runs)); }
        b.drawn_low = std::min(quantile(drawn, 0.05), b.speedup);
        b.drawn_high = std::max(quantile(drawn, 0.95), b.speedup);
        b.model = model_width(at_nominal_[0], at_nominal_[c + 1]);
        b.low = b.speedup * (1 - std::hypot(1 - b.drawn_low / b.speedup, b.model));
        b.high = b.speedup * (1 + std::hypot(b.drawn_high / b.speedup - 1, b.model));
        b.most = weights(c, drawn);
        return b;
    }

    std::vector<Uncertainty::Weight> weights(std::size_t c, const std::vector<double>& drawn) const {
        std::vector<Uncertainty::Weight> list;
        for (std::size_t a = 0; a < assumptions_.size(); ++a) {
            if (!assumptions_[a].slug.empty() && !open_in(c, assumptions_[a])) { continue; }
            std::vector<double> x;
            for (const std::vector<double>& values : values_) { x.push_back(values[a]); }
            Uncertainty::Weight w{assumptions_[a].path, rank_correlation(x, drawn), 0};
            const double middle = quantile(x, 0.5);
            double sums[2] = {0, 0};
            int counts[2] = {0, 0};
            for (std::size_t d = 0; d < x.size(); ++d) {
                const int upper = x[d] > middle ? 1 : 0;
                sums[upper] += drawn[d];
                ++counts[upper];
            }
            if (counts[0] > 0 && counts[1] > 0) { w.swing = sums[1] / counts[1] - sums[0] / counts[0]; }
            list.push_back(std::move(w));
        }
        std::stable_sort(list.begin(), list.end(), [](const auto& x, const auto& y) {
            return std::abs(x.correlation) > std::abs(y.correlation);
        });
        if (list.size() > named_assumptions) { list.resize(named_assumptions); }
        return list;
    }

    const SweepConfig& base_;
    const std::vector<Candidate>& candidates_;
    const UncertaintyOptions& options_;
    SweepConfig plan_;
    SharedMemo shared_;
    std::vector<RunConfig> nominal_;  // by candidate
    std::vector<Assumption> assumptions_;
    std::vector<Run> at_nominal_;              // the reference, then the candidates
    std::vector<std::vector<Run>> draws_;      // likewise, by draw
    std::vector<std::vector<double>> values_;  // of the assumptions, by draw
};

std::vector<double> ranks(const std::vector<double>& x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
    std::vector<double> rank(x.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && x[order[end]] == x[order[i]]) { ++end; }
        const double shared = static_cast<double>(i + end - 1) / 2;
        for (; i < end; ++i) { rank[order[i]] = shared; }
    }
    return rank;
}

}  // namespace

double rank_correlation(const std::vector<double>& x, const std::vector<double>& y) {
    invariant(x.size() == y.size() && !x.empty(), "a correlation needs pairs");
    const std::vector<double> a = ranks(x), b = ranks(y);
    const double mean = static_cast<double>(x.size() - 1) / 2;
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - mean) * (b[i] - mean);
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

Uncertainty assess(const SweepConfig& base, const std::vector<Candidate>& candidates,
                   const UncertaintyOptions& options) {
    return Assessment(base, candidates, options).run();
}

}  // namespace tessera::sweep
