// One declaration per configured value serves reading, writing, JSON Schema, hashing and --set: each config
// struct has one function `describe(FieldVisitor&, T&)` that names its fields in order, and each use is a visitor.
#pragma once

#include "sim/base/quantity_text.hpp"
#include "sim/base/units.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tessera {

// What is said about one value. Numbers and quantities are at least 0 unless a range says otherwise; ranges
// of quantities are in canonical units.
struct Field {
    const char* name;
    const char* doc;
    bool required = true;
    double minimum = 0;
    double maximum = std::numeric_limits<double>::infinity();
    bool above_minimum = false;  // the minimum itself is refused

    constexpr Field positive() const { return above(0); }
    constexpr Field above(double low) const { return {name, doc, required, low, maximum, true}; }
    constexpr Field between(double low, double high) const { return {name, doc, required, low, high, false}; }
    constexpr Field share() const { return {name, doc, required, 0, 1, true}; }  // (0, 1]
};

constexpr Field required(const char* name, const char* doc) { return Field{name, doc, true}; }
constexpr Field optional(const char* name, const char* doc) { return Field{name, doc, false}; }

struct Section {
    const char* name;
    const char* doc;
    bool file = false;  // may be given as the path of a file, and may extend one
};

// Slugs with named values of any kind, each kept as JSON text until somebody who knows its type reads it.
using NamedOptions = std::vector<std::pair<std::string, std::map<std::string, std::string>>>;

class FieldVisitor {
public:
    virtual ~FieldVisitor() = default;

    void field(const Field& f, bool& v) { on_bool(f, v); }
    void field(const Field& f, std::int64_t& v) { on_integer(f, v); }
    void field(const Field& f, int& v) { narrow(f, v); }
    void field(const Field& f, std::uint64_t& v) { narrow(f, v); }
    void field(const Field& f, double& v) { on_number(f, v); }
    void field(const Field& f, std::string& v) { on_text(f, v); }
    void field(const Field& f, std::vector<std::int64_t>& v) { on_integers(f, v); }
    void field(const Field& f, NamedOptions& v) { on_options(f, v); }
    template <class Tag, class Rep>
    void field(const Field& f, Quantity<Tag, Rep>& q) {
        constexpr Dimension d = DimensionOf<Quantity<Tag, Rep>>::value;
        Field bounded = f;
        bounded.maximum = std::min(f.maximum, plausible_maximum(d));
        Rep raw = q.raw();
        on_quantity(bounded, d, raw);
        q = Quantity<Tag, Rep>::from_raw(raw);
    }
    // A value out of a list of names.
    template <class E>
    void choice(const Field& f, E& v, const std::vector<std::pair<const char*, E>>& names) {
        std::vector<std::string> allowed;
        std::size_t index = names.size();
        for (std::size_t i = 0; i < names.size(); ++i) {
            allowed.emplace_back(names[i].first);
            if (names[i].second == v) { index = i; }
        }
        on_choice(f, allowed, index);
        if (index < names.size()) { v = names[index].second; }
    }
    // A nested struct: found by argument-dependent lookup of describe(FieldVisitor&, T&).
    template <class T>
    void section(const Section& s, T& v) {
        for (std::size_t layer = 0;; ++layer) {
            const Visit visit = begin(s, layer);
            if (visit == Visit::stop) { return; }
            if (visit == Visit::reset) { v = T{}; }
            describe(*this, v);
            end();
        }
    }

protected:
    enum class Visit { stop, visit, reset };  // reset: begin from the struct's defaults
    // Called with layer 0, 1, ... until it answers stop; each other answer is paired with end().
    virtual Visit begin(const Section& s, std::size_t layer) = 0;
    virtual void end() = 0;
    virtual void on_bool(const Field& f, bool& v) = 0;
    virtual void on_integer(const Field& f, std::int64_t& v) = 0;
    virtual void on_number(const Field& f, double& v) = 0;
    virtual void on_text(const Field& f, std::string& v) = 0;
    virtual void on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) = 0;
    virtual void on_quantity(const Field& f, Dimension d, std::int64_t& raw) = 0;
    virtual void on_quantity(const Field& f, Dimension d, double& raw) = 0;
    virtual void on_integers(const Field& f, std::vector<std::int64_t>& v) = 0;
    virtual void on_options(const Field& f, NamedOptions& v) = 0;

private:
    template <class Int>
    void narrow(const Field& f, Int& v) {
        Field bounded = f;
        constexpr double most = std::numeric_limits<Int>::max() > std::numeric_limits<int>::max()
                                    ? 9.2e18
                                    : static_cast<double>(std::numeric_limits<int>::max());
        bounded.maximum = std::min(f.maximum, most);
        auto wide = static_cast<std::int64_t>(v);
        on_integer(bounded, wide);
        v = static_cast<Int>(wide);
    }
};

}  // namespace tessera
