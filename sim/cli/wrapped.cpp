#include "sim/cli/wrapped.hpp"

namespace tessera::cli {

std::string wrapped(const std::string& text, const std::string& indent) {
    std::string out = indent, word;
    std::size_t column = indent.size();
    const auto flush = [&] {
        if (word.empty()) { return; }
        if (column + word.size() + 1 > kTerminalWidth && column > indent.size()) {
            out += "\n" + indent;
            column = indent.size();
        } else if (column > indent.size()) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
        word.clear();
    };
    for (const char c : text) {
        if (c == ' ' || c == '\n') {
            flush();
        } else {
            word += c;
        }
    }
    flush();
    return out + "\n";
}

}  // namespace tessera::cli
