// The units of each dimension: the table behind quantity_text.hpp.
#pragma once

#include "sim/base/quantity_text.hpp"

namespace tessera {

// value = number x 10^exponent x factor, in canonical units. Factors are powers of two, hence exact.
struct Unit {
    Dimension dimension;
    const char* symbol;
    int exponent;
    double factor;
    bool written;  // may appear in the text we write
};

struct DimensionInfo {
    const char* name;
    const char* article;
    const char* typical;
    double maximum;      // canonical units; more is taken for a slip of the pen
    const Unit* begin_;  // units, ascending
    const Unit* end_;
    const Unit* begin() const { return begin_; }
    const Unit* end() const { return end_; }
};

DimensionInfo dimension_info(Dimension d);

}  // namespace tessera
