// How configuration files compose (see json_reader.hpp): a file, what it extends, and values typed on the command
// line become layers, each an object whose values override those of the layers before it.
#pragma once

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tessera {

extern const char* const extends_key;

// One JSON object that gives values to a section; `root` keeps the document alive.
struct JsonLayer {
    std::shared_ptr<const JsonValue> root;
    const JsonValue* object = nullptr;
    std::string file;       // as shown in messages and provenance
    std::string directory;  // where relative paths in it begin
    std::string pointer;    // of the object inside its file
    std::string origin() const { return command_line ? "--set" : file; }
    bool command_line = false;
};

class JsonLayers {
public:
    using FileNamer = std::string (*)(const std::string& path);
    // The file that a bare word stands for where no file of that name is there, or "".
    using FileFinder = std::string (*)(const std::string& word);
    explicit JsonLayers(FileNamer name_of, FileFinder find = nullptr) : name_of_(name_of), find_(find) {}

    // The layers of a file, what it extends first. A file that is missing, malformed or extends itself becomes a
    // problem, reported at `at` (a path, inside `from` at `from`'s pointer + `below`).
    std::vector<JsonLayer> of_path(const JsonLayer& from, const std::string& below, const JsonValue* at,
                                   const std::string& path);
    // The layers of an object that may extend a file.
    std::vector<JsonLayer> of_object(const JsonLayer& object);
    // The layers of a file named by the user.
    std::vector<JsonLayer> of_root(const std::string& path);
    // One "a.b.c=value": the value is JSON if it parses as such, else text.
    std::vector<JsonLayer> of_assignment(const std::string& assignment);

    // A problem at `below` under the layer's pointer, with the position of `at` if that has one.
    void report(const JsonLayer& layer, const std::string& below, const JsonValue* at, const std::string& message,
                const std::string& hint = {});

    std::vector<Diagnostic> problems;
    bool unreadable = false;  // a file is missing or malformed: what it would have given is unknown

private:
    struct Link {
        std::string id, shown;
    };
    void chain(const JsonLayer& from, const std::string& below, const JsonValue* at, const std::string& path,
               std::vector<Link> trail, std::vector<JsonLayer>& out);
    void with_base(const JsonLayer& layer, std::vector<Link> trail, std::vector<JsonLayer>& out);
    std::string file_of(const JsonLayer& from, const std::string& path) const;
    std::string hint_for(const std::string& missing) const;
    std::string shown_name(const std::string& path) const { return name_of_ == nullptr ? path : name_of_(path); }

    FileNamer name_of_;
    FileFinder find_;
};

}  // namespace tessera
