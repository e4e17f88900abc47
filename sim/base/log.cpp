#include "sim/base/log.hpp"

#include "sim/base/text.hpp"

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

namespace tessera {

namespace {

constexpr double quiet_seconds = 1.0;  // jobs shorter than this show no bar
constexpr double redraw_seconds = 0.1;
constexpr int bar_width = 30;

void to_stderr(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string_view word(LogLevel level) {
    switch (level) {
        case LogLevel::error: return "error: ";
        case LogLevel::warning: return "warning: ";
        case LogLevel::info: return "";
        case LogLevel::debug: return "debug: ";
    }
    return "";
}

}  // namespace

Logger::Logger(Sink sink, bool terminal, LogLevel level) : sink_(std::move(sink)), terminal_(terminal), level_(level) {}

void Logger::message(LogLevel level, std::string_view text) {
    if (level > level_) { return; }
    std::string line = "tessera: ";
    line += word(level);
    line += text;
    line += '\n';
    sink_(line);
}

Logger& logger() {
    static Logger instance(to_stderr, ::isatty(STDERR_FILENO) == 1);
    return instance;
}

Progress::Progress(std::string label, std::int64_t total, Logger& log, Clock clock)
    : label_(std::move(label)),
      total_(total),
      log_(log),
      clock_(clock ? std::move(clock) : steady_seconds),
      start_(clock_()) {}

Progress::~Progress() {
    if (drawn_) { log_.raw("\r\x1B[K"); }
}

void Progress::step(std::int64_t count) {
    done_ = std::min(total_, done_ + count);
    if (!log_.terminal() || log_.level() < LogLevel::info) { return; }
    const double now = clock_();
    if (now - start_ < quiet_seconds || (drawn_ && now - last_ < redraw_seconds)) { return; }
    log_.raw("\r\x1B[K" + progress_line(label_, done_, total_, now - start_));
    last_ = now;
    drawn_ = true;
}

std::string progress_line(std::string_view label, std::int64_t done, std::int64_t total, double elapsed_s) {
    const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1.0;
    const auto filled = static_cast<std::size_t>(share * bar_width);
    std::string line(label);
    line += " [" + std::string(filled, '#') + std::string(bar_width - filled, '-') + "] ";
    line += format_fixed(share * 100, 0) + " % (" + std::to_string(done) + "/" + std::to_string(total) + ")";
    if (done > 0 && done < total) { line += ", " + format_fixed(elapsed_s * (1 / share - 1), 0) + " s left"; }
    return line;
}

}  // namespace tessera
