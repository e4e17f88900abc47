#include "sim/cli/report_files.hpp"

#include "sim/cli/plots.hpp"
#include "sim/cli/proposal_cards.hpp"
#include "sim/report/not_modelled.hpp"
#include "sim/report/perfetto.hpp"
#include "sim/report/plots.hpp"
#include "sim/result/result_json.hpp"

namespace tessera::cli {
namespace {

std::vector<report::ProposalCard> cards_of(std::vector<ProposalChoice> choices) {
    if (choices.empty()) {
        for (const Proposal* p : proposal_registry()) { choices.push_back({std::string(p->slug()), {}}); }
    }
    std::vector<report::ProposalCard> cards;
    for (const ActiveProposal& active : weighed_proposals(choices)) { cards.push_back(proposal_card(active)); }
    return cards;
}

std::string timeline_name(const RunResult& r) { return "timelines/" + r.id + ".json"; }

std::vector<std::pair<std::string, std::string>> file_list(bool plots) {
    std::vector<std::pair<std::string, std::string>> files = {
        {"result.json", "every figure of this report, schema tessera.compare/1"},
        {"report.html", "the report as one self-contained page"},
        {"report.md", "the report as Markdown"},
        {"variants.csv", "one line per variant, SI units"},
        {"classes.csv", "one line per variant and operator class, SI units"},
        {"timelines/*.json", "a timeline per variant for ui.perfetto.dev or chrome://tracing"}};
    if (plots) { files.emplace_back("plots/*", "the plots as PNG and SVG"); }
    return files;
}

}  // namespace

void write_comparison(OutputFolder& folder, const ComparisonFiles& files, const std::string& inside) {
    const Comparison& c = files.comparison;
    folder.write(inside + "result.json", to_json(c) + "\n");
    folder.write(inside + "variants.csv", report::variants_csv(c));
    folder.write(inside + "classes.csv", report::classes_csv(c));
    const report::PerfettoOptions tracks{files.recorded ? &*files.recorded : nullptr, files.sms};
    folder.write(inside + timeline_name(c.baseline), report::perfetto_json(c.baseline, tracks));
    for (const VariantOutcome& v : c.variants) {
        folder.write(inside + timeline_name(v.result), report::perfetto_json(v.result, tracks));
    }
    const PlotRequest plots = comparison_plots(folder.staging() + "/" + inside + "result.json",
                                               folder.staging() + "/" + inside + "plots", report::families_json(c));
    report::ReportInput input{
        c, cards_of(files.proposals), files.validation, report::not_modelled(), draw_plots(plots), files.command, {}};
    input.files = file_list(!input.plots.empty());
    if (files.uncertainty) {
        input.uncertainty = files.uncertainty;
        input.files.emplace_back("uncertainty.json", "the bands and what they come from, schema tessera.uncertainty/1");
        folder.write(inside + "uncertainty.json", write_json(to_json(*files.uncertainty)) + "\n");
    }
    const report::Document document = report::comparison_report(input);
    folder.write(inside + "report.html", report::to_html(document));
    folder.write(inside + "report.md", report::to_markdown(document));
}

}  // namespace tessera::cli
