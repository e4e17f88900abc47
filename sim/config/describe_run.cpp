#include "sim/config/describe.hpp"

namespace tessera {
namespace {

void proposals(FieldVisitor& v, const Field& f, std::vector<ProposalChoice>& choices) {
    NamedOptions options;
    for (const ProposalChoice& c : choices) { options.emplace_back(c.slug, c.parameters); }
    v.field(f, options);
    choices.clear();
    for (auto& [slug, parameters] : options) { choices.push_back({slug, std::move(parameters)}); }
}

}  // namespace

void describe(FieldVisitor& v, CompareConfig& c) {
    proposals(v, optional("proposals", "what to weigh: names, or names with parameters; empty: all that exist"),
              c.proposals);
    v.field(optional("each_alone", "one variant per proposal"), c.each_alone);
    v.field(optional("all_but_one", "one variant per proposal left out"), c.all_but_one);
    v.field(optional("all_together", "one variant with all of them"), c.all_together);
    NamedOptions combinations;
    for (const std::string& name : c.combinations) { combinations.push_back({name, {}}); }
    v.field(optional("combinations", "further variants: names joined by +, \"warp-cast+transposed-gemm\""),
            combinations);
    c.combinations.clear();
    for (const auto& named : combinations) { c.combinations.push_back(named.first); }
}

void describe(FieldVisitor& v, SimulationConfig& c) {
    v.choice(
        optional("clock", "SM clock: the system's sustained clock, the power model's, or fixed_clock"), c.clock,
        {{"sustained", ClockMode::sustained}, {"power_model", ClockMode::power_model}, {"fixed", ClockMode::fixed}});
    v.field(optional("fixed_clock", "SM clock if clock is fixed"), c.fixed_clock);
    v.field(optional("exact", "simulate every tile; no folding, no memoising"), c.exact);
    v.field(optional("replay_recorded", "use recorded durations instead of predicted ones"), c.replay_recorded);
    v.field(optional("simulated_ranks", "ranks whose load is simulated for barrier waits; 0: all").between(0, 1 << 20),
            c.simulated_ranks);
    v.field(optional("seed", "of everything that is drawn at random"), c.seed);
}

void describe(FieldVisitor& v, RunConfig& c) {
    v.field(required("name", "short name of the run, shown in reports"), c.name);
    v.section(Section{"system", "accelerator and cluster", true}, c.system);
    v.section(Section{"workload", "what is run", true}, c.workload);
    proposals(v, optional("proposals", "switched on in a plain run: names, or names with parameters"), c.proposals);
    v.section(Section{"compare", "which variants a comparison makes"}, c.compare);
    v.section(Section{"simulation", "how to simulate"}, c.simulation);
}

}  // namespace tessera
