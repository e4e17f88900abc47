#include "sim/cli/values.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>

namespace tessera::cli {
namespace {

// "/system/hbm/peak" -> "system.hbm.peak=", as --set takes it.
std::string set_path(const std::string& pointer) {
    std::string path = pointer.substr(1);
    std::replace(path.begin(), path.end(), '/', '.');
    return path + "=";
}

std::vector<std::string> set_paths() {
    std::vector<std::string> paths;
    const JsonValue values = parse_json(provenance_json(default_run_config()), "default run");
    for (const auto& [pointer, value] : values.members()) {
        if (pointer.size() > 1) { paths.push_back(set_path(pointer)); }
    }
    return paths;
}

}  // namespace

Values one_of(std::vector<std::string> words) {
    Values v;
    v.words = std::move(words);
    return v;
}

Values a_file() {
    Values v;
    v.files = true;
    return v;
}

Values a_folder() {
    Values v;
    v.folders = true;
    return v;
}

Values configuration(const std::string& kind) {
    Values v = a_file();
    v.names = [kind] { return shipped_configs(kind); };
    return v;
}

Values configuration_path() {
    Values v;
    v.names = set_paths;
    return v;
}

std::vector<std::string> all_words(const Values& values) {
    std::vector<std::string> words = values.words;
    try {
        if (values.names) {
            for (std::string& name : values.names()) { words.push_back(std::move(name)); }
        }
    } catch (const ConfigError&) {
        return values.words;  // no configurations installed: nothing more to offer
    }
    return words;
}

Values values_of(const OptionSpec& option) {
    const Values& own = option.values;
    const bool described = !own.words.empty() || own.names || own.files || own.folders;
    if (described) { return own; }
    if (option.value == "FILE") { return a_file(); }
    if (option.value == "DIR") { return a_folder(); }
    return {};
}

}  // namespace tessera::cli
