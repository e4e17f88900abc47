// A folder of results that appears as a whole: files are gathered in a hidden folder beside their destination
// and moved in at the end, so that a failure on the way leaves nothing behind.
#pragma once

#include <string>
#include <string_view>

namespace tessera::cli {

class OutputFolder {
public:
    // Throws ConfigError if `path` is a file, cannot be created or cannot be written: call it before the work.
    // Creates nothing that stays. `option` is named in messages.
    explicit OutputFolder(std::string path, const char* option = "--out");
    ~OutputFolder();  // removes what was not committed
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    // `name` is relative and may have folders in it.
    void write(const std::string& name, std::string_view content);
    // Where other programs may put further files: under it, until commit().
    std::string staging();
    // Moves every file to its place, replacing older ones of the same name.
    void commit();
    const std::string& path() const { return path_; }

private:
    const char* option_;
    std::string path_, staging_;
    bool created_ = false;  // path_ did not exist before
};

}  // namespace tessera::cli
