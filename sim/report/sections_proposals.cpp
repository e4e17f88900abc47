#include "sim/base/text.hpp"
#include "sim/report/analysis.hpp"
#include "sim/report/format.hpp"
#include "sim/report/sections.hpp"

namespace tessera::report {
namespace {

struct Sum {
    Time time{};
    Bytes bytes{};
    int kernels = 0;
};

Sum sum_of(const std::vector<ClassTotal>& rows) {
    Sum s;
    for (const ClassTotal& r : rows) {
        s.time += r.time;
        s.bytes += r.traffic.hbm();
        s.kernels += r.kernels;
    }
    return s;
}

Table change_table(const VariantOutcome& v) {
    Table t;
    t.columns = {"", "operator class", "kernels", "kernel time (ms)", "HBM (GB)", "L2 (GB)"};
    const auto add = [&](const std::vector<ClassTotal>& rows, const char* what, double sign) {
        for (const ClassTotal& r : rows) {
            const double ms = sign * to_milliseconds(r.time), gb = sign * to_double(r.traffic.hbm()) * 1e-9;
            const double l2 = sign * to_double(r.traffic.l2()) * 1e-9;
            t.rows.push_back({text_cell(what), text_cell(words(r.op_class)),
                              number_cell(std::to_string(r.kernels), r.kernels), number_cell(signed_fixed(ms, 3), ms),
                              number_cell(signed_fixed(gb, 3), gb), number_cell(signed_fixed(l2, 3), l2)});
        }
    };
    add(v.removed, "removed", -1);
    add(v.added, "added", +1);
    return t;
}

std::string verdict(const Interaction& row, Time noticeable) {
    if (!row.has_alone || !row.has_last) { return "not compared"; }
    const bool alone = row.alone > noticeable, last = row.last > noticeable;
    if (row.last < -noticeable) {
        return alone ? "pays alone, costs time beside the others" : "costs time beside the others";
    }
    if (!alone && !last) { return row.alone < -noticeable ? "costs time alone" : "no effect on time"; }
    if (!alone) { return "only pays with the others"; }
    if (!last) { return "the others already do its work"; }
    const double ratio = row.last / row.alone;
    if (ratio > 1.05) { return "worth more with the others"; }
    return ratio < 0.95 ? "partly done by the others" : "independent";
}

Table interaction_table(const Comparison& c, const Interactions& in) {
    Table t;
    t.caption =
        "Alone: saved as the only proposal. Last: lost again when it alone is taken out of the full set. "
        "A last value above alone means that the others make room for it.";
    t.columns = {"proposal", "alone (ms)", "last (ms)", "last / alone", "all but it (ms)", "reading"};
    const Time noticeable = c.baseline.time * 0.001;
    for (const Interaction& row : in.rows) {
        const VariantOutcome* without = find_without(c, row.slug);
        Cell ratio = text_cell("\u2013");
        if (row.has_alone && row.has_last && row.alone > noticeable && row.last > -noticeable) {
            ratio = number_cell(percent(row.last / row.alone, 0), row.last / row.alone);
        }
        t.rows.push_back({code_cell(row.slug), row.has_alone ? saving_cell(row.alone) : text_cell("\u2013"),
                          row.has_last ? saving_cell(row.last) : text_cell("\u2013"), ratio,
                          without != nullptr ? time_cell(without->result.time) : text_cell("\u2013"),
                          text_cell(verdict(row, noticeable))});
    }
    return t;
}

Table overlap_table(const Overlap& o) {
    Table t;
    t.caption =
        "Kernel time (ms) that both of two proposals remove, by operator class; on the diagonal what each removes.";
    t.columns = {"proposal"};
    for (const std::string& slug : o.slugs) { t.columns.push_back(slug); }
    Time most = femtoseconds(1);
    for (std::size_t i = 0; i < o.slugs.size(); ++i) {
        for (std::size_t j = 0; j < o.slugs.size(); ++j) {
            if (i != j) { most = max(most, o.time[i][j]); }
        }
    }
    for (std::size_t i = 0; i < o.slugs.size(); ++i) {
        std::vector<Cell> row{code_cell(o.slugs[i])};
        for (std::size_t j = 0; j < o.slugs.size(); ++j) {
            Cell cell = time_cell(o.time[i][j]);
            if (i != j) { cell.heat = o.time[i][j] / most; }
            if (o.time[i][j] == Time::zero()) { cell.tone = Tone::quiet; }
            row.push_back(cell);
        }
        t.rows.push_back(std::move(row));
    }
    return t;
}

// A bold lead, then text in which `backticks` mark code, as the proposals' own pages write it.
Line prose(const std::string& lead, const std::string& text) {
    Line line;
    line.strong(lead).text(" ");
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t open = text.find('`', at);
        const std::size_t close = open == std::string::npos ? open : text.find('`', open + 1);
        if (close == std::string::npos) { break; }
        line.text(text.substr(at, open - at)).code(text.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    return line.text(text.substr(at));
}

Details proposal_card(const ProposalCard& p) {
    Details d{p.slug + ": " + p.title, {}};
    d.blocks.push_back(Block{Paragraph{Line("Source: " + p.source)}});
    d.blocks.push_back(Block{Bullets{{prose("Removes.", p.removes), prose("Adds.", p.adds),
                                      prose("Limited by.", p.limits), prose("Worthless if.", p.worthless)}}});
    if (p.parameters.empty()) { return d; }
    Table t;
    t.wide_text = true;
    t.columns = {"parameter", "value", "range", "meaning", "where it comes from"};
    for (const ParameterCard& q : p.parameters) {
        t.rows.push_back(
            {code_cell(q.name), text_cell(q.value), text_cell(q.range), text_cell(q.doc), text_cell(q.provenance)});
    }
    d.blocks.push_back(Block{std::move(t)});
    return d;
}

}  // namespace

Section removed_added_section(const Comparison& c) {
    Section s{"changes", "What each proposal removed and added", {}};
    Table t;
    t.caption =
        "Sums over operator classes whose time or bytes fell (removed) or grew (added). Kernel time is not wall "
        "time: what other streams hide is saved nowhere, so compare with the last column. A changed clock changes "
        "every "
        "kernel a little.";
    t.columns = {"proposal",
                 "removed (ms)",
                 "added (ms)",
                 "removed HBM (GB)",
                 "added HBM (GB)",
                 "net kernel time saved (ms)",
                 "wall time saved (ms)"};
    std::vector<Block> details;
    for (const VariantOutcome* v : alone_by_gain(c)) {
        const Sum out = sum_of(v->removed), in = sum_of(v->added);
        t.rows.push_back({code_cell(v->result.id), time_cell(out.time), time_cell(in.time), gigabytes_cell(out.bytes),
                          gigabytes_cell(in.bytes), saving_cell(out.time - in.time), saving_cell(saved(c, *v))});
        Table changes = change_table(*v);
        if (!changes.rows.empty()) {
            details.push_back(Block{Details{"Classes that " + v->result.id + " changed", {Block{std::move(changes)}}}});
        }
    }
    s.table(std::move(t));
    for (Block& b : details) { s.blocks.push_back(std::move(b)); }
    return s;
}

Section interaction_section(const Comparison& c) {
    Section s{"interactions", "How the proposals combine", {}};
    const Interactions in = interactions(c);
    if (in.rows.empty()) { return s; }
    if (in.has_together && in.sum_alone > Time::zero()) {
        const Time gap = in.together - in.sum_alone;
        s.paragraph(Line()
                        .text("Single gains add up to ")
                        .strong(human(in.sum_alone))
                        .text("; together they save ")
                        .strong(human(in.together))
                        .text(", " + human(gap < Time::zero() ? -gap : gap) +
                              (gap < Time::zero() ? " less (sub-additive)." : " more (super-additive).")));
    }
    s.table(interaction_table(c, in));
    const Overlap o = overlap_of_removed(c);
    if (o.slugs.size() > 1) { s.table(overlap_table(o)); }
    return s;
}

Section proposals_section(const std::vector<ProposalCard>& proposals) {
    Section s{"proposals", "The proposals", {}};
    for (const ProposalCard& p : proposals) { s.push(proposal_card(p)); }
    return s;
}

}  // namespace tessera::report
