// The verbs, one file each.
#pragma once

#include "sim/cli/verb.hpp"

namespace tessera::cli {

Verb run_verb();
Verb compare_verb();
Verb sweep_verb();
Verb kernel_verb();
Verb network_verb();
Verb explain_verb();
Verb list_verb();
Verb schema_verb();
Verb validate_verb();
Verb numerics_verb();
Verb report_verb();
Verb init_verb();
Verb completion_verb();
Verb man_verb();
Verb import_verb();
Verb export_verb();

std::vector<std::string> measurement_sets();  // that validate knows, in its order

const std::vector<Verb>& verbs();  // in the order of help

}  // namespace tessera::cli
