#include "sim/app/compare.hpp"

#include "sim/app/outcome.hpp"
#include "sim/app/run.hpp"
#include "sim/app/variants.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"

namespace tessera {
namespace {

RunConfig with_proposals(const RunConfig& config, const std::vector<ProposalChoice>& proposals) {
    RunConfig c = config;
    c.proposals = proposals;
    return c;
}

// What a child sends: its result, and the kernels that it had to simulate for it.
struct Answer {
    std::string result, learned;

    std::string joined() const { return std::to_string(result.size()) + ' ' + result + learned; }
    static Answer split(const std::string& text) {
        const std::size_t space = text.find(' ');
        invariant(space != std::string::npos, "a variant's answer has no length");
        const std::size_t size = std::stoull(text.substr(0, space));
        return {text.substr(space + 1, size), text.substr(space + 1 + size)};
    }
};

// The file that gave the value at `pointer`, or the nearest one around it.
std::string origin_of(const RunConfig& config, std::string pointer) {
    while (!pointer.empty()) {
        const auto known = config.provenance.find(pointer);
        if (known != config.provenance.end()) { return known->second.origin; }
        pointer.erase(pointer.rfind('/'));
    }
    return config.name;
}

std::vector<Variant> checked_variants(const RunConfig& config) {
    try {
        return variants_of(config.compare, config.name);
    } catch (const ConfigError& e) {
        std::vector<Diagnostic> problems = e.diagnostics();
        for (Diagnostic& d : problems) { d.file = origin_of(config, d.pointer); }
        throw ConfigError(std::move(problems));
    }
}

}  // namespace

Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress, const Simulate& simulate,
                   TimerPool* timers) {
    if (config.workload.kind == "serving") {
        throw ConfigError(origin_of(config, "/workload/kind"), "/workload/kind",
                          "a service has no bound to hold variants against: compare its prefill and its decode run, "
                          "or run it with proposals");
    }
    const std::vector<Variant> variants = checked_variants(config);
    Comparison c;
    c.workload = config.workload.name;
    c.system = config.system.name;
    c.code_version = code_version();
    c.provenance_json = provenance_json(config);
    const std::size_t total = variants.size() + 1;
    // First in this process: the children find its kernels in their copy of the memory.
    c.baseline = simulate(with_proposals(config, {}), "baseline");
    if (progress) { progress(1, total, c.baseline.id); }

    std::vector<Work> work;
    for (const Variant& v : variants) {
        work.push_back({v.id, [&config, &simulate, &v, timers] {
                            const std::size_t mark = timers != nullptr ? timers->mark() : 0;
                            Answer a;
                            a.result = to_json(simulate(with_proposals(config, v.proposals), v.id));
                            if (timers != nullptr) { a.learned = timers->learned_since(mark); }
                            return a.joined();
                        }});
    }
    const ProgressFn after_baseline = [&](std::size_t done, std::size_t, const std::string& name) {
        if (progress) { progress(done + 1, total, name); }
    };
    std::vector<std::string> answers = run_in_processes(work, jobs, after_baseline, [timers](std::string& answer) {
        Answer a = Answer::split(answer);
        if (timers != nullptr) { timers->learn(a.learned); }
        answer = std::move(a.result);
    });
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const auto active = select_proposals(variants[i].proposals, config.name);
        c.variants.push_back(outcome_of(
            c.baseline, run_result_from_json(answers[i], variants[i].id), active, configured(config.system, active),
            [&](const std::vector<Time>& parts) { return recomposed(config, c.baseline, parts); }));
    }
    return c;
}

Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress) {
    TimerPool timers(simulated_devices());
    return compare(
        config, jobs, progress, [&timers](const RunConfig& c, const std::string& id) { return run(c, timers, id); },
        &timers);
}

}  // namespace tessera
