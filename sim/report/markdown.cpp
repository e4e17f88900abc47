#include "sim/report/document.hpp"
#include "sim/report/escape.hpp"

namespace tessera::report {
namespace {

std::string code_span(const std::string& raw) {
    std::string text;
    for (const char c : raw) {
        if (c == '|') { text += '\\'; }  // a bar ends the cell even inside code
        text += c == '\n' ? ' ' : c;
    }
    const bool has_tick = text.find('`') != std::string::npos;
    return has_tick ? "`` " + text + " ``" : "`" + text + "`";
}

std::string line(const Line& l) {
    std::string out;
    for (const Inline& run : l.runs()) {
        switch (run.style) {
            case Inline::Style::plain: out += escape_markdown(run.text); break;
            case Inline::Style::strong: out += "**" + escape_markdown(run.text) + "**"; break;
            case Inline::Style::code: out += code_span(run.text); break;
            case Inline::Style::link: out += "[" + escape_markdown(run.text) + "](" + run.target + ")"; break;
        }
    }
    return out;
}

void write(std::string& out, const std::vector<Block>& blocks);

struct Writer {
    std::string& out;
    void operator()(const Paragraph& p) const { out += line(p.line) + "\n\n"; }
    void operator()(const Bullets& b) const {
        for (const Line& l : b.lines) { out += "- " + line(l) + "\n"; }
        out += "\n";
    }
    void operator()(const Heading& h) const { out += "### " + escape_markdown(h.text) + "\n\n"; }
    void operator()(const Table& t) const { out += to_markdown(t) + "\n"; }
    // Pictures inside the page have no file of their own: their tables carry the same figures.
    void operator()(const Figure& f) const { out += "*Figure in report.html: " + escape_markdown(f.caption) + "*\n\n"; }
    void operator()(const Image& i) const { out += "![" + escape_markdown(i.caption) + "](" + i.file + ")\n\n"; }
    void operator()(const Tiles& t) const {
        for (const Tile& tile : t.tiles) {
            out += "- " + escape_markdown(tile.label) + ": **" + escape_markdown(tile.value) + "**";
            out += (tile.detail.empty() ? "" : " (" + escape_markdown(tile.detail) + ")") + "\n";
        }
        out += "\n";
    }
    void operator()(const Details& d) const {
        out += "#### " + escape_markdown(d.summary) + "\n\n";
        write(out, d.blocks);
    }
};

void write(std::string& out, const std::vector<Block>& blocks) {
    for (const Block& b : blocks) { std::visit(Writer{out}, b.content); }
}

}  // namespace

std::string to_markdown(const Table& table) {
    std::string out;
    if (!table.caption.empty()) { out += escape_markdown(table.caption) + "\n\n"; }
    out += "|";
    for (const std::string& c : table.columns) { out += " " + escape_markdown(c) + " |"; }
    out += "\n|";
    for (std::size_t c = 0; c < table.columns.size(); ++c) { out += numeric_column(table, c) ? "---:|" : "---|"; }
    out += "\n";
    for (const auto& row : table.rows) {
        out += "|";
        for (const Cell& cell : row) {
            out += " " + (cell.code ? code_span(cell.text) : escape_markdown(cell.text)) + " |";
        }
        out += "\n";
    }
    return out;
}

std::string to_markdown(const Document& document) {
    std::string out = "# " + escape_markdown(document.title) + "\n\n";
    if (!document.subtitle.empty()) { out += escape_markdown(document.subtitle) + "\n\n"; }
    for (const Section& s : document.sections) {
        if (s.blocks.empty()) { continue; }
        out += "## " + escape_markdown(s.title) + "\n\n";
        write(out, s.blocks);
    }
    if (!document.footer.empty()) { out += "---\n\n" + escape_markdown(document.footer) + "\n"; }
    return out;
}

}  // namespace tessera::report
