// What a sweep has found so far: one file to which a line is added for every point that ended, so that a sweep that is
// killed at any moment loses at most the points that were running.
//
//   {"schema": "tessera.sweep.store/1", "code": "0.1.0-..."}
//   {"key": "...", "stage": "simulation", "status": "done", "result": {...}}
//
// Lines are found by stage and key (point.hpp); there is at most one of each that counts. A last line without its end
// is what a kill left: it is cut off.
#pragma once

#include "sim/base/json.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace tessera::sweep {

enum class Stage { estimate, simulation };
std::string to_string(Stage stage);

enum class Status {
    done,
    skipped,  // the configuration, or the model, does not take this point
    time,     // it ran longer than its limit
    memory,   // it asked for more memory than its limit
    failed    // its process died
};
std::string to_string(Status status);

struct Record {
    std::string key;
    Stage stage = Stage::simulation;
    Status status = Status::done;
    std::string reason;  // unless done
    JsonValue result;    // if done
};
std::string to_line(const Record& record);  // one line of JSON, without its end
// ConfigError naming `where` if the line is not one.
Record record_from(const std::string& line, const std::string& where);

class Store {
public:
    // In memory only: nothing is kept.
    Store() = default;
    // In the file `path`, made if it is not there, for results of the program `code` alone. `resume` says that it may
    // hold points already. ConfigError: it holds some and `resume` is false, it was made by another program, a line
    // is damaged, another sweep is writing to it, or it cannot be read or written.
    Store(std::string path, const std::string& code, bool resume);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Points that ended for good; those that hit a limit or died are tried again.
    bool has(Stage stage, const std::string& key) const;
    // The same without trying again; they count once the sweep is over.
    bool knows(Stage stage, const std::string& key) const { return lines_.count(name(stage, key)) != 0; }
    Record get(Stage stage, const std::string& key) const;
    // On the disk when it returns. ConfigError if it cannot be written; the file then ends where it did before.
    void add(const Record& record);

private:
    struct Place {
        std::int64_t offset = 0;
        bool final = true;
        std::string line;  // in memory only
    };
    static std::string name(Stage stage, const std::string& key) { return to_string(stage) + key; }
    void open(bool resume, const std::string& code);
    void load(const std::string& code);
    void append(const std::string& line);
    std::string read_line(std::int64_t offset) const;

    std::string path_;
    int fd_ = -1;
    std::int64_t size_ = 0;
    std::unordered_map<std::string, Place> lines_;  // looked up, never iterated
};

}  // namespace tessera::sweep
