// Help texts, made from what the verbs declare.
#pragma once

#include "sim/cli/verb.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera::cli {

std::string program_help();
std::string verb_help(const Verb& verb);

// What the man page says as well.
constexpr const char* kPurpose = "what would a proposed piece of accelerator hardware be worth?";
const std::vector<std::pair<std::string, std::string>>& exit_codes();  // "0", "done"

// "--out DIR", and the text beside it.
std::string option_words(const OptionSpec& o);
std::string option_text(const OptionSpec& o);

}  // namespace tessera::cli
