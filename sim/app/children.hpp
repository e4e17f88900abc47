// Child processes that each do one piece of work and send one answer: SystemC allows one simulation per process, a fork
// inherits what the parent knows, and a child that hangs, runs out of memory or dies takes nobody with it.
#pragma once

#include <sys/types.h>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tessera {

struct ChildLimits {
    double seconds = 0;       // of wall time; 0: none
    std::int64_t memory = 0;  // bytes of address space, what the parent already has included; 0: none
};

// How a child ended. `text` is its answer, or what went wrong.
struct Ended {
    enum class How : char {
        answer = 'A',
        config = 'C',    // ConfigError, its diagnostics as JSON: see diagnostics_of()
        model = 'M',     // ModelError
        internal = 'I',  // any other exception
        memory = 'B',    // it asked for more memory than it may have
        time = 'T',      // it ran longer than it may; it was killed
        died = 'D'       // of a signal, or without an answer
    };
    std::size_t index = 0;  // of the work
    How how = How::answer;
    std::string text;
};

class Children {
public:
    Children() = default;
    ~Children();  // none outlives this; children also die with this process
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    std::size_t count() const { return running_.size(); }
    // Runs `work` in a child; `index` comes back with its end. InternalError if there can be no more processes.
    void start(std::size_t index, const std::function<std::string()>& work, const ChildLimits& limits = {});
    // Waits until one child has ended; there must be one.
    Ended next();

private:
    struct Child {
        std::size_t index = 0;
        pid_t pid = -1;
        int fd = -1;
        double deadline = 0;  // monotonic seconds; 0: none
        std::string received;
    };
    static bool receive(Child& c);
    Ended finish(std::size_t i, bool late);

    std::vector<Child> running_;
};

struct Diagnostic;
// The diagnostics of an Ended::How::config.
std::vector<Diagnostic> diagnostics_of(const Ended& ended);

}  // namespace tessera
