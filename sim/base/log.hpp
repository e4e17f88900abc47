// Messages and progress for the person at the terminal. Everything goes to stderr: stdout belongs to results.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tessera {

enum class LogLevel : std::uint8_t { error, warning, info, debug };

class Logger {
public:
    using Sink = std::function<void(std::string_view)>;

    // Messages up to `level` go to `sink` as "tessera: warning: text\n"; info carries no level word.
    explicit Logger(Sink sink, bool terminal = false, LogLevel level = LogLevel::info);

    void set_level(LogLevel level) { level_ = level; }  // --quiet: LogLevel::error
    LogLevel level() const { return level_; }
    bool terminal() const { return terminal_; }

    void error(std::string_view text) { message(LogLevel::error, text); }
    void warning(std::string_view text) { message(LogLevel::warning, text); }
    void info(std::string_view text) { message(LogLevel::info, text); }
    void debug(std::string_view text) { message(LogLevel::debug, text); }

    void raw(std::string_view text) { sink_(text); }  // as it is: the progress bar

private:
    void message(LogLevel level, std::string_view text);
    Sink sink_;
    bool terminal_;
    LogLevel level_;
};

// The process's logger on stderr.
Logger& logger();

// A bar on the terminal for a job of `total` steps, from its second second on; silent where stderr is no
// terminal or the level is below info. Erased when it goes out of scope.
class Progress {
public:
    using Clock = std::function<double()>;  // seconds, monotonic

    Progress(std::string label, std::int64_t total, Logger& log = logger(), Clock clock = {});
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void step(std::int64_t count = 1);

private:
    std::string label_;
    std::int64_t total_, done_ = 0;
    Logger& log_;
    Clock clock_;
    double start_ = 0, last_ = 0;
    bool drawn_ = false;
};

// "label [#####-----]  50 % (3/6), 4 s left"
std::string progress_line(std::string_view label, std::int64_t done, std::int64_t total, double elapsed_s);

}  // namespace tessera
