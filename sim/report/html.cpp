#include "sim/base/text.hpp"
#include "sim/report/document.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/format.hpp"
#include "sim/report/html_assets.hpp"

namespace tessera::report {
namespace {

std::string line(const Line& l) {
    std::string out;
    for (const Inline& run : l.runs()) {
        const std::string text = escape_html(run.text);
        switch (run.style) {
            case Inline::Style::plain: out += text; break;
            case Inline::Style::strong: out += "<strong>" + text + "</strong>"; break;
            case Inline::Style::code: out += "<code>" + text + "</code>"; break;
            case Inline::Style::link: out += "<a href=\"" + escape_html(run.target) + "\">" + text + "</a>"; break;
        }
    }
    return out;
}

std::string cell_html(const Cell& c, bool numeric, bool wrap) {
    std::string classes, attributes;
    const auto add_class = [&](const char* name) { classes += (classes.empty() ? "" : " ") + std::string(name); };
    if (numeric) {
        add_class("n");
    } else if (wrap) {
        add_class("wrap");
    }
    if (c.value) { attributes += " data-v=\"" + format_shortest(*c.value) + "\""; }
    if (c.tone == Tone::good) { add_class("good"); }
    if (c.tone == Tone::bad) { add_class("bad"); }
    if (c.tone == Tone::quiet) { add_class("quiet"); }
    if (c.meter >= 0) {
        add_class("m");
        attributes += " style=\"--m:" + fixed(c.meter > 1 ? 1.0 : c.meter, 3) + "\"";
    } else if (c.heat != 0) {
        add_class(c.heat > 0 ? "hp" : "hn");
        const double strength = c.heat > 0 ? c.heat : -c.heat;
        attributes += " style=\"--h:" + fixed(strength > 1 ? 1.0 : strength, 3) + "\"";
    }
    const std::string text = escape_html(c.text);
    return "<td" + (classes.empty() ? "" : " class=\"" + classes + "\"") + attributes + ">" +
           (c.code ? "<code>" + text + "</code>" : text) + "</td>";
}

// A heading that links to itself, so that its address can be copied; `id` is empty if something around it has it.
std::string heading(const std::string& tag, const std::string& id, const std::string& text,
                    const std::string& target = {}) {
    const std::string place = id.empty() ? target : id;
    return "<" + tag + (id.empty() ? "" : " id=\"" + escape_html(id) + "\"") + "><a href=\"#" + escape_html(place) +
           "\">" + escape_html(text) + "</a></" + tag + ">\n";
}

void write(std::string& out, const std::vector<Block>& blocks);

struct Writer {
    std::string& out;
    void operator()(const Paragraph& p) const { out += "<p>" + line(p.line) + "</p>\n"; }
    void operator()(const Bullets& b) const {
        out += "<ul>\n";
        for (const Line& l : b.lines) { out += "<li>" + line(l) + "</li>\n"; }
        out += "</ul>\n";
    }
    void operator()(const Heading& h) const { out += heading("h3", h.id, h.text); }
    void operator()(const Table& t) const { out += to_html(t); }
    void operator()(const Figure& f) const {
        out += "<figure><div class=\"scroll\">" + f.svg + "</div><figcaption>" + escape_html(f.caption) +
               "</figcaption></figure>\n";
    }
    void operator()(const Image& i) const {
        out += "<figure><img alt=\"" + escape_html(i.caption) + "\" src=\"data:" + escape_html(i.mime) + ";base64," +
               i.base64 + "\"><figcaption>" + escape_html(i.caption) + "</figcaption></figure>\n";
    }
    void operator()(const Tiles& t) const {
        out += "<div class=\"tiles\">\n";
        for (const Tile& tile : t.tiles) {
            out += R"(<div class="tile"><div class="l">)" + escape_html(tile.label) + "</div><div class=\"v\">" +
                   escape_html(tile.value) + "</div><div class=\"d\">" + escape_html(tile.detail) + "</div></div>\n";
        }
        out += "</div>\n";
    }
    void operator()(const Details& d) const {
        out += "<details><summary>" + escape_html(d.summary) + "</summary>\n";
        write(out, d.blocks);
        out += "</details>\n";
    }
};

void write(std::string& out, const std::vector<Block>& blocks) {
    for (const Block& b : blocks) { std::visit(Writer{out}, b.content); }
}

}  // namespace

std::string to_html(const Table& table) {
    std::string out = "<figure class=\"t\">";
    if (!table.caption.empty()) { out += "<figcaption>" + escape_html(table.caption) + "</figcaption>"; }
    out += "<div class=\"scroll\"><table>\n<thead><tr>";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const std::string name = escape_html(table.columns[c]);
        out += numeric_column(table, c) ? R"(<th scope="col" class="n">)" : R"(<th scope="col">)";
        out += table.rows.size() > 1 ? "<button type=\"button\">" + name + "</button></th>" : name + "</th>";
    }
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        out += "<tr>";
        for (std::size_t c = 0; c < row.size(); ++c) {
            out += cell_html(row[c], numeric_column(table, c), table.wide_text);
        }
        out += "</tr>\n";
    }
    return out + "</tbody></table></div></figure>\n";
}

std::string to_html(const Document& document) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n";
    out += "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + escape_html(document.title) +
           "</title>\n<style>" + std::string(page_style()) + "</style>\n";
    out += "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<div class=\"page\">\n";
    out += "<nav aria-label=\"Sections\"><strong>tessera</strong>\n";
    for (const Section& s : document.sections) {
        if (s.blocks.empty()) { continue; }
        out += "<a href=\"#" + escape_html(s.id) + "\">" + escape_html(s.title) + "</a>\n";
    }
    out += "</nav>\n<main id=\"main\">\n<h1>" + escape_html(document.title) + "</h1>\n";
    out += "<p class=\"sub\">" + escape_html(document.subtitle) + "</p>\n";
    for (const Section& s : document.sections) {
        if (s.blocks.empty()) { continue; }
        out += "<section id=\"" + escape_html(s.id) + "\">\n" + heading("h2", "", s.title, s.id);
        write(out, s.blocks);
        out += "</section>\n";
    }
    out += "<footer>" + escape_html(document.footer) + "</footer>\n</main>\n</div>\n<script>";
    return out + std::string(page_script()) + "</script>\n</body>\n</html>\n";
}

}  // namespace tessera::report
