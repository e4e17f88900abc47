// The reading half of json.hpp. nlohmann's SAX parser checks the grammar and decodes; it gives no positions, so
// the handler walks the same text in step with the events and finds where each token begins.
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <cctype>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace tessera {

namespace {

constexpr std::size_t max_depth = 128;
constexpr std::size_t linear_search_limit = 16;  // members of an object found by comparison; beyond, by a set

struct Position {
    int line = 1, column = 1;
};

// Walks over tokens the parser has already accepted.
class TokenWalker {
public:
    explicit TokenWalker(std::string_view text) : text_(text) {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") { offset_ = 3; }  // byte order mark: no column
    }

    // Position of the next token's first character; leaves the walker behind the token.
    Position next() {
        skip_separators();
        const Position at = position_;
        token_begin_ = offset_;
        const char first = peek();
        if (first == '"') {
            skip_string();
        } else if (first == '{' || first == '[' || first == '}' || first == ']') {
            advance();
        } else {
            while (!at_end() && !is_delimiter(peek())) { advance(); }
        }
        return at;
    }

    std::string_view token() const { return text_.substr(token_begin_, offset_ - token_begin_); }

    // Position of the byte at `offset` (0-based), which lies at or behind the walker.
    Position position_of(std::size_t offset) {
        while (!at_end() && offset_ < offset) { advance(); }
        return position_;
    }

private:
    bool at_end() const { return offset_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0'; }
    static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
    static bool is_delimiter(char c) {
        return is_space(c) || c == ',' || c == ':' || c == ']' || c == '}' || c == '[' || c == '{' || c == '/';
    }

    void advance() {
        if (at_end()) { return; }
        const auto c = static_cast<unsigned char>(text_[offset_++]);
        if (c == '\n') {
            ++position_.line;
            position_.column = 1;
        } else if ((c & 0xC0U) != 0x80U) {  // columns count characters, not UTF-8 continuation bytes
            ++position_.column;
        }
    }

    void skip_separators() {
        while (!at_end()) {
            if (is_space(peek()) || peek() == ',' || peek() == ':') {
                advance();
            } else if (peek() == '/' && peek(1) == '/') {
                while (!at_end() && peek() != '\n') { advance(); }
            } else if (peek() == '/' && peek(1) == '*') {
                while (!at_end() && !(peek() == '*' && peek(1) == '/')) { advance(); }
                advance();
                advance();
            } else {
                return;
            }
        }
    }

    void skip_string() {
        do {
            if (peek() == '\\') { advance(); }
            advance();
        } while (!at_end() && peek() != '"');
        advance();
    }

    std::string_view text_;
    std::size_t offset_ = 0, token_begin_ = 0;
    Position position_;
};

class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
public:
    TreeBuilder(std::string_view text, const std::string& file) : walker_(text), file_(file) {}

    JsonValue take() { return std::move(root_); }

    bool null() override { return add({}); }
    bool boolean(bool v) override { return add(JsonValue::boolean(v)); }
    bool number_integer(number_integer_t v) override { return add(JsonValue::integer(v)); }
    bool number_unsigned(number_unsigned_t v) override {
        if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) { refuse_integer(); }
        return add(JsonValue::integer(static_cast<std::int64_t>(v)));
    }
    bool number_float(number_float_t v, const string_t& text) override {
        if (text.find_first_of(".eE") == std::string::npos) { refuse_integer(); }
        const std::string digits = text.substr(0, text.find_first_of("eE"));
        if (v == 0 && digits.find_first_of("123456789") != std::string::npos) {
            fail(walker_.next(), "number " + text + " is too small for a double");
        }
        return add(JsonValue::number(v));
    }
    bool string(string_t& v) override { return add(JsonValue::string(std::move(v))); }
    bool binary(binary_t& /*v*/) override { throw InternalError("binary value in a JSON text"); }

    bool start_object(std::size_t /*count*/) override { return open(JsonValue::object()); }
    bool start_array(std::size_t /*count*/) override { return open(JsonValue::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const Position at = walker_.next();
        Frame& frame = open_.back();
        if (const JsonValue* first = find_member(frame, name)) {
            frame.key = name;
            fail(at,
                 "key \"" + name + "\" is given twice; the first value is at line " + std::to_string(first->line) +
                     ", column " + std::to_string(first->column),
                 "keep one of them");
        }
        frame.key = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& e) override {
        // what() reads "[json.exception...] parse error at line 1, column 2: <reason>"
        std::string reason = e.what();
        if (const auto end = reason.find("] "); end != std::string::npos) { reason.erase(0, end + 2); }
        if (reason.rfind("parse error at ", 0) == 0) {
            if (const auto end = reason.find(": "); end != std::string::npos) { reason.erase(0, end + 2); }
        }
        const std::string hint = names_no_number() ? "NaN and infinities are not numbers in JSON" : std::string();
        // `position` counts the bytes read, the offending one included
        fail(walker_.position_of(position == 0 ? 0 : position - 1), reason, hint);
    }

private:
    struct Frame {
        JsonValue* container = nullptr;
        std::string key;                 // of the member being read
        std::set<std::string> all_keys;  // only of large objects
    };

    [[noreturn]] void fail(Position at, const std::string& reason, std::string hint = {}) const {
        std::string pointer;
        for (const Frame& f : open_) {
            if (f.container->is_array()) {
                const std::size_t inside = &f == &open_.back() ? 0 : 1;  // an open child is already in the list
                pointer += "/" + std::to_string(f.container->items().size() - inside);
            } else if (!f.key.empty()) {
                pointer += pointer_token(f.key);
            }
        }
        throw ConfigError(file_, std::move(pointer),
                          "line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " + reason,
                          std::move(hint));
    }

    // The token that cannot be read is one of the words other tools write for NaN and infinities.
    bool names_no_number() const {
        TokenWalker ahead = walker_;
        ahead.next();
        std::string word(ahead.token());
        for (char& c : word) { c = static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
        if (!word.empty() && (word[0] == '-' || word[0] == '+')) { word.erase(0, 1); }
        return word == "nan" || word == "inf" || word == "infinity";
    }

    [[noreturn]] void refuse_integer() {
        const Position at = walker_.next();
        fail(at, "integer " + std::string(walker_.token()) + " does not fit 64 bits",
             "from -9223372036854775808 to 9223372036854775807");
    }

    static const JsonValue* find_member(Frame& frame, const std::string& name) {
        const auto& members = frame.container->members();
        if (members.size() < linear_search_limit) { return frame.container->find(name); }
        if (frame.all_keys.empty()) {
            for (const auto& m : members) { frame.all_keys.insert(m.first); }
        }
        return frame.all_keys.insert(name).second ? nullptr : frame.container->find(name);
    }

    JsonValue& place(JsonValue v) {
        const Position at = walker_.next();
        v.line = at.line;
        v.column = at.column;
        if (open_.empty()) { return root_ = std::move(v); }
        Frame& frame = open_.back();
        if (frame.container->is_array()) { return frame.container->push(std::move(v)); }
        return frame.container->mutable_members().emplace_back(std::move(frame.key), std::move(v)).second;
    }

    bool add(JsonValue v) {
        place(std::move(v));
        return true;
    }

    bool open(JsonValue v) {
        if (open_.size() >= max_depth) {
            fail(walker_.next(), "nested deeper than " + std::to_string(max_depth) + " levels");
        }
        std::string key = open_.empty() ? std::string() : open_.back().key;
        JsonValue& placed = place(std::move(v));
        if (!open_.empty()) { open_.back().key = std::move(key); }  // messages from inside name the way here
        open_.push_back({&placed, {}, {}});
        return true;
    }

    bool close() {
        walker_.next();
        open_.pop_back();
        if (!open_.empty()) { open_.back().key.clear(); }
        return true;
    }

    TokenWalker walker_;
    const std::string& file_;
    JsonValue root_;
    std::vector<Frame> open_;  // containers being read, outermost first; a parent grows only after its child closed
};

}  // namespace

std::string pointer_token(std::string_view key) {
    std::string out = "/";
    for (const char c : key) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

JsonValue parse_json(std::string_view text, const std::string& file) {
    TreeBuilder builder(text, file);
    nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::json::input_format_t::json, true, true);
    return builder.take();
}

}  // namespace tessera
