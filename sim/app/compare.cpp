#include "sim/app/compare.hpp"

#include "sim/app/outcome.hpp"
#include "sim/app/run.hpp"
#include "sim/app/variants.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"

namespace tessera {
namespace {

RunConfig with_proposals(const RunConfig& config, const std::vector<ProposalChoice>& proposals) {
    RunConfig c = config;
    c.proposals = proposals;
    return c;
}

}  // namespace

std::string code_version() { return TESSERA_VERSION; }

Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress, const Simulate& simulate) {
    const std::vector<Variant> variants = variants_of(config.compare, config.name);
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
        work.push_back({v.id, [&] { return to_json(simulate(with_proposals(config, v.proposals), v.id)); }});
    }
    const ProgressFn after_baseline = [&](std::size_t done, std::size_t, const std::string& name) {
        if (progress) { progress(done + 1, total, name); }
    };
    const std::vector<std::string> answers = run_in_processes(work, jobs, after_baseline);
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const auto active = select_proposals(variants[i].proposals, config.name);
        c.variants.push_back(outcome_of(c.baseline, run_result_from_json(answers[i], variants[i].id), active,
                                        configured(config.system, active)));
    }
    return c;
}

Comparison compare(const RunConfig& config, int jobs, const ProgressFn& progress) {
    TimerPool timers(simulated_devices());
    return compare(config, jobs, progress,
                   [&timers](const RunConfig& c, const std::string& id) { return run(c, timers, id); });
}

}  // namespace tessera
