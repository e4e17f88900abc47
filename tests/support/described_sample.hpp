// A small described struct with one value of every kind, for tests of what visits fields.
#pragma once

#include "sim/base/field_visitor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sample {

enum class Colour { red, green };

struct Part {
    int count = 1;
    tessera::Time delay{};
};

struct Whole {
    std::string name;
    bool on = false;
    std::int64_t total = 7;
    std::uint64_t seed = 1;
    double share = 0.5;
    Colour colour = Colour::red;
    tessera::Bandwidth rate{};
    tessera::Bytes size{};
    std::vector<std::int64_t> rows;
    tessera::NamedOptions options;
    Part part;  // may be a file
    Part inner;
};

inline void describe(tessera::FieldVisitor& v, Part& p) {
    v.field(tessera::required("count", "how many").between(1, 10), p.count);
    v.field(tessera::optional("delay", "how late"), p.delay);
}

inline void describe(tessera::FieldVisitor& v, Whole& w) {
    v.field(tessera::required("name", "what it is called"), w.name);
    v.field(tessera::optional("on", "whether it runs"), w.on);
    v.field(tessera::optional("total", "sum of all"), w.total);
    v.field(tessera::optional("seed", "of the draw"), w.seed);
    v.field(tessera::optional("share", "part of one").share(), w.share);
    v.choice(tessera::optional("colour", "of the paint"), w.colour, {{"red", Colour::red}, {"green", Colour::green}});
    v.field(tessera::required("rate", "how fast").positive(), w.rate);
    v.field(tessera::optional("size", "how large"), w.size);
    v.field(tessera::optional("rows", "one by one"), w.rows);
    v.field(tessera::optional("options", "by name"), w.options);
    v.section(tessera::Section{"part", "a part that may be a file", true}, w.part);
    v.section(tessera::Section{"inner", "a part of this file"}, w.inner);
}

}  // namespace sample
