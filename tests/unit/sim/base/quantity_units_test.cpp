#include "sim/base/quantity_units.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace tessera;

TEST_CASE("every dimension has its units, ascending, one of them canonical and one typical", "[base][quantity]") {
    for (int i = 0; i <= static_cast<int>(Dimension::area); ++i) {
        const auto d = static_cast<Dimension>(i);
        const DimensionInfo dim = dimension_info(d);
        INFO(dim.name);
        std::set<std::string> symbols;
        int canonical = 0, typical = 0, written = 0;
        for (const Unit& u : dim) {
            CHECK(u.dimension == d);
            CHECK(symbols.insert(u.symbol).second);
            canonical += u.exponent == 0 && u.factor == 1.0 ? 1 : 0;
            typical += std::string(u.symbol) == dim.typical ? 1 : 0;
            written += u.written ? 1 : 0;
        }
        CHECK(canonical == 1);
        CHECK(typical == 1);
        CHECK(written > 0);
        CHECK(dim.maximum > 0);
    }
}
