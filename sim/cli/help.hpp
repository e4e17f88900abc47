// Help texts, made from what the verbs declare.
#pragma once

#include "sim/cli/verb.hpp"

#include <string>

namespace tessera::cli {

std::string program_help();
std::string verb_help(const Verb& verb);

}  // namespace tessera::cli
