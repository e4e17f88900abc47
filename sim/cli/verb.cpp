#include "sim/cli/verb.hpp"

#include "sim/base/log.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <thread>

namespace tessera::cli {

std::size_t most_operands(const Verb& verb) {
    const bool any = !verb.operands.empty() && verb.operands.back().repeatable;
    return any ? std::numeric_limits<std::size_t>::max() : verb.operands.size();
}

std::vector<OptionSpec> common_options() {
    return {{"--json", "", "results as JSON on stdout"},
            {"--quiet", "", "only errors on stderr"},
            {"--help", "", "this text"},
            {"--version", "", "version of the program"}};
}

std::vector<OptionSpec> options_of(const Verb& verb) {
    std::vector<OptionSpec> options = verb.options;
    for (OptionSpec& o : common_options()) {
        const bool own = std::any_of(verb.options.begin(), verb.options.end(),
                                     [&](const OptionSpec& v) { return v.name == o.name; });
        if (!own) { options.push_back(std::move(o)); }
    }
    return options;
}

std::vector<OptionSpec> simulation_options() {
    return {{"--set", "PATH=VALUE", "change one value of the configuration, e.g. system.hbm.peak=\"4.8 TB/s\"", true,
             configuration_path()},
            {"--exact", "", "simulate every tile: no folding of SMs, no skipping of periods"},
            {"--seed", "N", "of everything that is drawn at random"}};
}

std::vector<std::string> sets_of(Arguments& arguments) {
    std::vector<std::string> sets = arguments.all("--set");
    if (arguments.has("--exact")) { sets.emplace_back("simulation.exact=true"); }
    if (arguments.has("--seed")) {
        sets.push_back("simulation.seed=" + std::to_string(arguments.integer("--seed", 1, 0, std::int64_t{1} << 53)));
    }
    return sets;
}

OptionSpec jobs_option() {
    return {"-j", "N", "processes that simulate variants side by side; default: one per processor"};
}

int jobs_of(Arguments& arguments) {
    const unsigned processors = std::thread::hardware_concurrency();
    return static_cast<int>(arguments.integer("-j", processors == 0 ? 1 : static_cast<int>(processors), 1, 1024));
}

ProgressFn progress_bar(const std::string& title) {
    auto bar = std::make_shared<std::unique_ptr<Progress>>();
    return [bar, title](std::size_t, std::size_t total, const std::string&) {
        if (*bar == nullptr) { *bar = std::make_unique<Progress>(title, static_cast<std::int64_t>(total)); }
        (*bar)->step();
    };
}

}  // namespace tessera::cli
