#include "sim/traces/form_reader.hpp"

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

constexpr std::int64_t largest = std::int64_t{1} << 40U, largest_setting = std::int64_t{1} << 24U;
constexpr double largest_volume = 18014398509481984.0;  // 2^54
constexpr std::size_t most_items = 65536;

}  // namespace

std::int64_t FormReader::number(const std::string& name, std::int64_t most) const {
    const JsonCursor at = form_->at(name);
    const std::int64_t v = at.integer();
    if (v <= 0 || v > most) {
        at.fail("expected a whole number from 1 to " + std::to_string(most) + ", found " + std::to_string(v));
    }
    return v;
}

std::int64_t FormReader::counted(const std::string& name) {
    const std::int64_t v = number(name, largest);
    volume_ *= static_cast<double>(v);
    if (volume_ > largest_volume) { form_->at(name).fail("the kernel's extents together are beyond 2^54 elements"); }
    return v;
}

std::int64_t FormReader::integer(const std::string& name) {
    asked_.push_back({name, FormParameter::Kind::integer, true, {}});
    return form_ ? counted(name) : 128;
}

std::int64_t FormReader::extent(const std::string& name, std::int64_t otherwise) {
    asked_.push_back({name, FormParameter::Kind::integer, false, {}});
    return given(name) ? counted(name) : otherwise;
}

std::int64_t FormReader::integer(const std::string& name, std::int64_t otherwise) {
    asked_.push_back({name, FormParameter::Kind::integer, false, {}});
    return given(name) ? number(name, largest_setting) : otherwise;
}

bool FormReader::flag(const std::string& name, bool otherwise) {
    asked_.push_back({name, FormParameter::Kind::flag, false, {}});
    return given(name) ? form_->at(name).boolean() : otherwise;
}

std::vector<std::int64_t> FormReader::integers(const std::string& name) {
    asked_.push_back({name, FormParameter::Kind::integers, false, {}});
    std::vector<std::int64_t> out;
    if (!given(name)) { return out; }
    for (const JsonCursor& item : form_->at(name).items()) {
        const std::int64_t v = item.integer();
        if (v < 0 || v > largest || out.size() >= most_items) {
            item.fail("expected at most 65536 whole numbers from 0 to 2^40");
        }
        out.push_back(v);
    }
    return out;
}

std::size_t FormReader::choice_index(const std::string& name, const std::vector<std::string>& choices) {
    asked_.push_back({name, FormParameter::Kind::choice, false, choices});
    if (!given(name)) { return 0; }
    const JsonCursor at = form_->at(name);
    const std::string word = at.text();
    const auto it = std::find(choices.begin(), choices.end(), word);
    if (it == choices.end()) { at.fail("\"" + word + "\" is none of: " + join(choices, ", ")); }
    return static_cast<std::size_t>(it - choices.begin());
}

void FormReader::finish() const {
    std::vector<std::string> names;
    for (const FormParameter& p : asked_) { names.push_back(p.name); }
    for (const auto& [key, value] : form_->members()) {
        if (key != "kind" && std::find(names.begin(), names.end(), key) == names.end()) {
            throw ConfigError(value.file(), value.pointer(), "no parameter of this kind of kernel",
                              suggestion(key, names));
        }
    }
}

}  // namespace tessera::traces
