// The strict reader of configurations: JSON into described structs (field_visitor.hpp). Every problem of every
// file is reported at once, with file, JSON pointer, line and column, what was expected and what may have been meant.
//
// Files compose: "extends" names a file whose values are the starting point, a section that allows it may be the
// path of a file, and later layers override earlier ones value by value. Paths are relative to the naming file.
// A section may carry "sources": an object from value names (one, or several separated by commas) to the text
// that says where these values come from, and "ranges": an object from value names to [low, high], what a value that
// is assumed may as well be. The value itself lies between them.
#pragma once

#include "sim/base/error.hpp"
#include "sim/base/field_visitor.hpp"
#include "sim/base/json.hpp"
#include "sim/base/provenance.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tessera {

// A value that is assumed: what it may be, in canonical units.
struct AssumedRange {
    std::optional<Dimension> dimension;  // none: a plain number
    bool whole = false;                  // integers only
    double low = 0, nominal = 0, high = 0;
    std::string source;
    std::string text(double v) const;  // as JSON, as a file would give it
};

class JsonReader final : public FieldVisitor {
public:
    // `name_of` turns a path into the name shown in messages and provenance; by default the path itself.
    using FileNamer = std::string (*)(const std::string& path);
    // `find` gives the file that a bare word stands for where a path is expected ("h800"), or "".
    using FileFinder = std::string (*)(const std::string& word);
    explicit JsonReader(FileNamer name_of = nullptr, FileFinder find = nullptr);
    ~JsonReader() override;

    // Reads a file and all that it extends or includes.
    template <class T>
    void read_file(const std::string& path, T& config) {
        push_root_file(path);
        section(Section{"", "", true}, config);
    }
    // One "a.b.c=value" of the command line. The value is JSON if it parses as such, else text; paths in it are
    // relative to the working directory.
    template <class T>
    void apply_set(const std::string& assignment, T& config) {
        push_assignment(assignment);
        section(Section{"", "", true}, config);
    }
    // Checks that every required value was given, then throws ConfigError if there was any problem.
    template <class T>
    void finish(T& config) {
        if (begin_required_check()) { section(Section{"", "", true}, config); }
        throw_problems();
    }

    const std::map<std::string, Provenance>& provenance() const;  // by JSON pointer of the whole
    // Values whose last giver names a range, likewise.
    const std::map<std::string, AssumedRange>& ranges() const;

protected:
    Visit begin(const Section& s, std::size_t layer) override;
    void end() override;
    void on_bool(const Field& f, bool& v) override;
    void on_integer(const Field& f, std::int64_t& v) override;
    void on_number(const Field& f, double& v) override;
    void on_text(const Field& f, std::string& v) override;
    void on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) override;
    void on_quantity(const Field& f, Dimension d, std::int64_t& raw) override;
    void on_quantity(const Field& f, Dimension d, double& raw) override;
    void on_integers(const Field& f, std::vector<std::int64_t>& v) override;
    void on_options(const Field& f, NamedOptions& v) override;

private:
    struct State;
    void push_root_file(const std::string& path);
    void push_assignment(const std::string& assignment);
    bool begin_required_check();  // false: a file could not be read, so nobody knows what is missing
    void throw_problems();
    const JsonValue* take(const Field& f);  // the value of `f` in the current object, nullptr if absent
    std::unique_ptr<State> state_;
};

}  // namespace tessera
