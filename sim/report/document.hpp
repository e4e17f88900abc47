// The report as a value, before any output format: sections of blocks. HTML and Markdown are two renderings of
// the same document, so that they cannot say different things.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tessera::report {

enum class Tone { plain, good, bad, quiet };

// A run of text in one style. Text is raw: each renderer escapes it.
struct Inline {
    enum class Style { plain, strong, code, link } style = Style::plain;
    std::string text;
    std::string target;  // of a link
};

class Line {
public:
    Line() = default;
    Line(std::string plain) { text(std::move(plain)); }  // NOLINT(google-explicit-constructor): text is a line
    Line(const char* plain) { text(plain); }             // NOLINT(google-explicit-constructor)
    Line& text(std::string s) { return add(Inline::Style::plain, std::move(s)); }
    Line& strong(std::string s) { return add(Inline::Style::strong, std::move(s)); }
    Line& code(std::string s) { return add(Inline::Style::code, std::move(s)); }
    Line& link(std::string s, std::string target) {
        runs_.push_back({Inline::Style::link, std::move(s), std::move(target)});
        return *this;
    }
    const std::vector<Inline>& runs() const { return runs_; }
    bool empty() const { return runs_.empty(); }

private:
    Line& add(Inline::Style style, std::string s) {
        runs_.push_back({style, std::move(s), {}});
        return *this;
    }
    std::vector<Inline> runs_;
};

struct Cell {
    std::string text;
    std::optional<double> value;  // sorts the column; cells with a value are right-aligned
    Tone tone = Tone::plain;
    double meter = -1;  // 0..1 draws a bar of that length behind the number; -1: none
    double heat = 0;    // -1..1 tints the cell: negative one colour, positive the other; 0: none
    bool code = false;
};

inline Cell text_cell(std::string s) { return Cell{std::move(s), {}, Tone::plain, -1, 0, false}; }
inline Cell code_cell(std::string s) { return Cell{std::move(s), {}, Tone::plain, -1, 0, true}; }
// A value that is not finite is not sorted by.
inline Cell number_cell(std::string s, double value) {
    Cell cell = text_cell(std::move(s));
    if (std::isfinite(value)) { cell.value = value; }
    return cell;
}

struct Table {
    std::string caption;
    std::vector<std::string> columns;  // with unit where the cells are bare numbers: "time (ms)"
    std::vector<std::vector<Cell>> rows;
    bool wide_text = false;  // cells are sentences: left to wrap
};

// Any cell of the column has a value to sort by: such columns are set to the right.
bool numeric_column(const Table& table, std::size_t column);

struct Figure {
    std::string svg;      // drawn by this library; text inside is escaped by it
    std::string caption;  // also the description for readers who do not see the picture
};

struct Image {  // a file drawn by somebody else, embedded as a data URI
    std::string mime, base64, caption;
    std::string file;  // relative path, for Markdown
};

struct Tile {  // one large figure at the head of the report
    std::string label, value, detail;
};

struct Block;
struct Paragraph {
    Line line;
};
struct Bullets {
    std::vector<Line> lines;
};
struct Heading {
    std::string text, id;
};
struct Tiles {
    std::vector<Tile> tiles;
};
struct Details {  // folded until opened
    std::string summary;
    std::vector<Block> blocks;
};

struct Block {
    std::variant<Paragraph, Bullets, Heading, Table, Figure, Image, Tiles, Details> content;
};

struct Section {
    std::string id, title;
    std::vector<Block> blocks;

    Section& paragraph(Line line) { return push(Paragraph{std::move(line)}); }
    Section& bullets(std::vector<Line> lines) { return lines.empty() ? *this : push(Bullets{std::move(lines)}); }
    Section& heading(std::string text, std::string anchor) { return push(Heading{std::move(text), std::move(anchor)}); }
    // A table without rows is left out: an empty table says nothing.
    Section& table(Table t) { return t.rows.empty() ? *this : push(std::move(t)); }
    Section& figure(Figure f) { return f.svg.empty() ? *this : push(std::move(f)); }
    template <class T>
    Section& push(T content) {
        blocks.push_back(Block{std::move(content)});
        return *this;
    }
};

struct Document {
    std::string title, subtitle, footer;
    std::vector<Section> sections;
};

std::string to_markdown(const Table& table);
std::string to_markdown(const Document& document);
std::string to_html(const Table& table);
// One self-contained page: style, script and pictures inside, no request to anywhere.
std::string to_html(const Document& document);

}  // namespace tessera::report
