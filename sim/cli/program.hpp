// The program without main(): dispatch, help, and the way from an exception to an exit code.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace tessera::cli {

// `words` are the arguments after the program's name. Results go to `out`, one line per problem to `err`.
// Exit codes: 0 done, 1 a stated tolerance was missed, 2 the input is wrong, 3 outside the model, 4 our bug.
int run_program(const std::vector<std::string>& words, std::ostream& out, std::ostream& err);

std::string version();

}  // namespace tessera::cli
