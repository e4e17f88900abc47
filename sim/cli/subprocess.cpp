#include "sim/cli/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

namespace tessera::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostText = 65536;
constexpr int kCannotStart = 127;  // as a shell reports a program that is not there

[[noreturn]] void become(const std::vector<char*>& arguments, int error_pipe) {
    setpgid(0, 0);
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(error_pipe, STDERR_FILENO);
    execv(arguments.front(), arguments.data());
    _exit(kCannotStart);
}

// Reads until the other end closes (true) or the time is over (false).
bool drain(int fd, Clock::time_point end, std::string& text) {
    std::array<char, 4096> buffer{};
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) { return false; }
        pollfd wait{fd, POLLIN, 0};
        const int ready = poll(&wait, 1, static_cast<int>(left));
        if (ready < 0 && errno == EINTR) { continue; }
        if (ready <= 0) { return false; }
        const ssize_t n = read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) { continue; }
        if (n <= 0) { return true; }
        if (text.size() < kMostText) { text.append(buffer.data(), static_cast<std::size_t>(n)); }
    }
}

}  // namespace

SubprocessResult run_subprocess(const std::vector<std::string>& arguments, double limit_s) {
    SubprocessResult result;
    if (arguments.empty() || access(arguments.front().c_str(), X_OK) != 0) { return result; }
    std::vector<std::string> copies = arguments;
    std::vector<char*> pointers;
    pointers.reserve(copies.size() + 1);
    for (std::string& a : copies) { pointers.push_back(a.data()); }
    pointers.push_back(nullptr);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) { return result; }
    const pid_t child = fork();
    if (child == 0) { become(pointers, ends[1]); }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return result;
    }
    result.started = true;
    const auto limit = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limit_s));
    result.timed_out = !drain(ends[0], Clock::now() + limit, result.error_text);
    close(ends[0]);
    if (result.timed_out) { kill(-child, SIGKILL); }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (result.exit_code == kCannotStart) { result.started = false; }
    return result;
}

}  // namespace tessera::cli
