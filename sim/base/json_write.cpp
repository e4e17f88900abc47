// The writing half of json.hpp.
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/base/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tessera {

namespace {

void write_string(std::string& out, const std::string& s) {
    const bool plain =
        std::all_of(s.begin(), s.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    if (plain) {
        out += '"';
        out += s;
        out += '"';
    } else {
        using nlohmann::json;
        out += json(s).dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

void write_number(std::string& out, double v) {
    const std::string text = format_shortest(v);
    out += text;
    if (text.find_first_of(".e") == std::string::npos) { out += ".0"; }  // reads back as a number, not an integer
}

bool is_container(const JsonValue& v) { return v.is_array() || v.is_object(); }

class Writer {
public:
    explicit Writer(int indent) : indent_(indent) {}

    void value(const JsonValue& v, int depth) {
        switch (v.kind()) {
            case JsonValue::Kind::null: out_ += "null"; break;
            case JsonValue::Kind::boolean: out_ += v.as_boolean() ? "true" : "false"; break;
            case JsonValue::Kind::integer: out_ += std::to_string(v.as_integer()); break;
            case JsonValue::Kind::number: write_number(out_, v.as_double()); break;
            case JsonValue::Kind::string: write_string(out_, v.as_string()); break;
            case JsonValue::Kind::array: array(v.items(), depth); break;
            case JsonValue::Kind::object: object(v.members(), depth); break;
        }
    }

    std::string take() { return std::move(out_); }

private:
    void new_line(int depth) {
        if (indent_ > 0) {
            out_ += '\n';
            out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
        }
    }

    void array(const std::vector<JsonValue>& items, int depth) {
        const bool one_line = std::none_of(items.begin(), items.end(), is_container);
        out_ += '[';
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) { out_ += one_line && indent_ > 0 ? ", " : ","; }
            if (!one_line) { new_line(depth + 1); }
            value(items[i], depth + 1);
        }
        if (!one_line) { new_line(depth); }
        out_ += ']';
    }

    void object(const std::vector<JsonValue::Member>& members, int depth) {
        out_ += '{';
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i > 0) { out_ += ','; }
            new_line(depth + 1);
            write_string(out_, members[i].first);
            out_ += indent_ > 0 ? ": " : ":";
            value(members[i].second, depth + 1);
        }
        if (!members.empty()) { new_line(depth); }
        out_ += '}';
    }

    int indent_;
    std::string out_;
};

}  // namespace

std::string write_json(const JsonValue& v, int indent) {
    invariant(indent >= 0, "negative JSON indent");
    Writer writer(indent);
    writer.value(v, 0);
    return writer.take();
}

}  // namespace tessera
