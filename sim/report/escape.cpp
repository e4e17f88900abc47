#include "sim/report/escape.hpp"

namespace tessera::report {

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            case '\n': out += '\n'; break;
            case '\t': out += ' '; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) { out += c; }
        }
    }
    return out;
}

std::string escape_markdown(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : text) {
        switch (c) {
            case '\n':
            case '\r':
            case '\t': out += ' '; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '\\':
            case '`':
            case '*':
            case '_':
            case '[':
            case ']':
            case '|':
                out += '\\';
                out += c;
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20) { out += c; }
        }
    }
    return out;
}

std::string escape_csv(std::string_view text) {
    if (text.find_first_of(",\"\n\r") == std::string_view::npos) { return std::string(text); }
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') { out += '"'; }
        out += c;
    }
    out += '"';
    return out;
}

}  // namespace tessera::report
