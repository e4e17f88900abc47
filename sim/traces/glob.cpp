#include "sim/traces/glob.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <set>

namespace tessera::traces {
namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t most_digits = 18;  // below 2^63

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool identifier(std::string_view name) {
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || digit(c); });
}

[[noreturn]] void refuse(const std::string& pattern, const std::string& why) {
    throw ConfigError("", "", "pattern \"" + pattern + "\": " + why, "* for any text, {name} for a number to keep");
}

}  // namespace

Glob::Glob(const std::string& pattern) {
    if (pattern.empty()) { refuse(pattern, "it is empty"); }
    open_front_ = pattern.front() == '*';
    open_back_ = pattern.back() == '*';
    std::set<std::string> names;
    Segment segment;
    std::string literal;
    const auto close_segment = [&] {
        if (!literal.empty()) { segment.push_back({std::move(literal), {}}); }
        literal.clear();
        if (!segment.empty()) { segments_.push_back(std::move(segment)); }
        segment.clear();
    };
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '*') {
            close_segment();
        } else if (pattern[i] == '{') {
            const std::size_t end = pattern.find('}', i);
            if (end == npos) { refuse(pattern, "a { is not closed"); }
            std::string name = pattern.substr(i + 1, end - i - 1);
            if (!identifier(name)) { refuse(pattern, "\"" + name + "\" is not a name"); }
            if (!names.insert(name).second) { refuse(pattern, "\"" + name + "\" stands twice"); }
            segment.push_back({std::move(literal), std::move(name)});
            literal.clear();
            i = end;
        } else {
            literal += pattern[i];
        }
    }
    close_segment();
}

std::size_t Glob::match_here(const Segment& segment, std::string_view text, std::size_t from, Captures* into) {
    std::size_t at = from;
    for (const Piece& p : segment) {
        if (text.compare(at, p.literal.size(), p.literal) != 0) { return npos; }
        at += p.literal.size();
        if (p.capture.empty()) { continue; }
        std::int64_t value = 0;
        const std::size_t begin = at;
        while (at < text.size() && digit(text[at]) && at - begin <= most_digits) {
            value = value * 10 + (text[at++] - '0');
        }
        if (at == begin || at - begin > most_digits) { return npos; }
        if (into != nullptr) { (*into)[p.capture] = value; }
    }
    return at - from;
}

std::optional<Captures> Glob::match(std::string_view text) const {
    Captures captures;
    if (segments_.empty()) { return captures; }
    std::size_t at = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
        const Segment& segment = segments_[s];
        const bool first = s == 0 && !open_front_, last = s + 1 == segments_.size() && !open_back_;
        const std::size_t latest = first ? at : text.size();
        bool found = false;
        for (std::size_t from = at; from <= latest && !found; ++from) {
            const std::size_t length = match_here(segment, text, from, nullptr);
            if (length == npos || (last && from + length != text.size())) { continue; }
            match_here(segment, text, from, &captures);
            at = from + length;
            found = true;
        }
        if (!found) { return std::nullopt; }
    }
    return captures;
}

}  // namespace tessera::traces
