// Where the shipped configurations are.
#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"

#include <algorithm>
#include <filesystem>

namespace tessera {

namespace fs = std::filesystem;

std::string config_root() {
    const std::string found = find_data("configs");
    if (!found.empty()) { return found; }
    throw ConfigError("", "", "the shipped configurations were not found below " + join(data_roots(), " or "),
                      "set TESSERA_DATA to the folder that holds configs/");
}

const std::vector<std::string>& config_kinds() {
    static const std::vector<std::string> kinds = {"systems", "models", "runs", "sweeps"};
    return kinds;
}

std::vector<std::string> shipped_configs(const std::string& kind) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(config_root()) / kind, ignored)) {
        if (entry.path().extension() == ".json") { names.push_back(entry.path().stem().string()); }
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string find_config(const std::string& kind, const std::string& name) {
    std::error_code ignored;
    if (fs::is_regular_file(name, ignored)) { return name; }
    const fs::path shipped = fs::path(config_root()) / kind / (name + ".json");
    if (fs::is_regular_file(shipped, ignored)) { return shipped.string(); }
    const std::vector<std::string> names = shipped_configs(kind);
    const std::string near = nearest(name, names);
    throw ConfigError(
        name, "", "no such file, and no shipped " + kind + " of that name",
        (near.empty() ? "" : "did you mean " + near + "? ") + "shipped " + kind + ": " + join(names, ", "));
}

}  // namespace tessera
