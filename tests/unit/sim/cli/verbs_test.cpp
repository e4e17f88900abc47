#include "sim/cli/verbs.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

TEST_CASE("every verb can be run and has a name of its own") {
    for (const cli::Verb& v : cli::verbs()) {
        CHECK(v.run != nullptr);
        int same = 0;
        for (const cli::Verb& w : cli::verbs()) { same += v.name == w.name ? 1 : 0; }
        CHECK(same == 1);
    }
}
