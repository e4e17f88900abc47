#include "sim/cli/verbs.hpp"

namespace tessera::cli {

const std::vector<Verb>& verbs() {
    static const std::vector<Verb> all = {
        compare_verb(),  sweep_verb(),  run_verb(),        kernel_verb(), network_verb(), validate_verb(),
        numerics_verb(), report_verb(), import_verb(),     export_verb(), init_verb(),    explain_verb(),
        list_verb(),     schema_verb(), completion_verb(), man_verb(),
    };
    return all;
}

}  // namespace tessera::cli
