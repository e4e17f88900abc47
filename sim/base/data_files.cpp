#include "sim/base/data_files.hpp"

#include <cstdlib>
#include <filesystem>

namespace tessera {

namespace fs = std::filesystem;

std::vector<std::string> data_roots() {
    std::vector<std::string> roots;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is never written
    if (const char* named = std::getenv("TESSERA_DATA"); named != nullptr && *named != '\0') {
        roots.emplace_back(named);
    }
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    if (!error) { roots.push_back((program.parent_path().parent_path() / "share" / "tessera").string()); }
    roots.emplace_back(TESSERA_SOURCE_DIR);
    roots.emplace_back("/usr/local/share/tessera");
    roots.emplace_back("/usr/share/tessera");
    return roots;
}

std::string find_data(const std::string& relative) {
    std::error_code error;
    for (const std::string& root : data_roots()) {
        const fs::path path = fs::path(root) / relative;
        if (fs::exists(path, error)) { return path.string(); }
    }
    return {};
}

}  // namespace tessera
