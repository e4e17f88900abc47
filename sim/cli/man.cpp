#include "sim/cli/man_page.hpp"
#include "sim/cli/verbs.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

int run(Arguments& arguments, std::ostream& out) {
    arguments.finish();
    out << man_page();
    return 0;
}

}  // namespace

Verb man_verb() {
    Verb v;
    v.name = "man";
    v.usage = "man";
    v.summary = "the manual page, tessera(1), for man -l";
    v.examples = {{"tessera man > tessera.1", "then: man ./tessera.1"}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
