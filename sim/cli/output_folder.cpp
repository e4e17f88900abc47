#include "sim/cli/output_folder.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace tessera::cli {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const char* option, const std::string& path, const std::string& why) {
    throw ConfigError(option, "", "\"" + path + "\" " + why, "name a folder that can be written");
}

// The nearest folder above (or at) `path` that exists; refuses if something else stands in the way.
fs::path existing_ancestor(const char* option, const std::string& path) {
    std::error_code ec;
    fs::path at = fs::absolute(path, ec).lexically_normal();
    if (ec) { refuse(option, path, "is not a usable path"); }
    if (!at.has_filename()) { at = at.parent_path(); }
    while (true) {
        const fs::file_status status = fs::status(at, ec);
        if (fs::is_directory(status)) { return at; }
        if (fs::exists(status)) {
            refuse(option, path,
                   fs::equivalent(at, path, ec) ? "is a file, not a folder"
                                                : "lies below \"" + at.string() + "\", which is a file");
        }
        if (status.type() != fs::file_type::not_found || at == at.parent_path()) {
            refuse(option, path, "cannot be reached: " + ec.message());
        }
        at = at.parent_path();
    }
}

// A hidden folder in `parent`, made now: the only sure proof that one may write there.
std::string make_hidden(const char* option, const std::string& path, const fs::path& parent) {
    std::string name = (parent / ".tessera-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        refuse(option, path, "cannot be written: " + std::error_code(errno, std::generic_category()).message());
    }
    return name;
}

}  // namespace

OutputFolder::OutputFolder(std::string path, const char* option) : option_(option), path_(std::move(path)) {
    fs::remove(make_hidden(option_, path_, existing_ancestor(option_, path_)));
}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    if (!staging_.empty()) { fs::remove_all(staging_, ignored); }
    if (created_) { fs::remove(path_, ignored); }  // only if still empty
}

std::string OutputFolder::staging() {
    if (staging_.empty()) {
        std::error_code ec;
        created_ = fs::create_directories(path_, ec);
        if (ec) { refuse(option_, path_, "cannot be created: " + ec.message()); }
        staging_ = make_hidden(option_, path_, path_);
    }
    return staging_;
}

void OutputFolder::write(const std::string& name, std::string_view content) {
    const fs::path target = fs::path(staging()) / name;
    std::error_code ec;
    fs::create_directories(target.parent_path(), ec);
    if (ec) { refuse(option_, path_, "cannot be written: " + ec.message()); }
    write_file_atomically(target.string(), content);
}

void OutputFolder::commit() {
    if (staging_.empty()) { return; }
    std::error_code ec;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staging_)) {
        if (!entry.is_regular_file()) { continue; }
        const fs::path target = fs::path(path_) / entry.path().lexically_relative(staging_);
        fs::create_directories(target.parent_path(), ec);
        if (ec) { refuse(option_, path_, "cannot be written: " + ec.message()); }
        fs::rename(entry.path(), target, ec);
        if (ec) { refuse(option_, target.string(), "cannot be replaced: " + ec.message()); }
    }
    fs::remove_all(staging_, ec);
    staging_.clear();
    created_ = false;
}

}  // namespace tessera::cli
