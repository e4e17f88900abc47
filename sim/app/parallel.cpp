#include "sim/app/parallel.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tessera {
namespace {

// First byte of what a child sends.
enum class Outcome : char { answer = 'A', config = 'C', model = 'M', internal = 'I' };

[[noreturn]] void system_failure(const char* what) {
    throw InternalError(std::string(what) + ": " + std::strerror(errno));
}

void write_all(int fd, const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n = write(fd, bytes.data() + sent, bytes.size() - sent);
        if (n < 0 && errno == EINTR) { continue; }
        if (n < 0) { _exit(1); }  // the parent is gone
        sent += static_cast<std::size_t>(n);
    }
}

JsonValue to_value(const Diagnostic& d) {
    JsonValue v = JsonValue::array();
    for (const std::string* s : {&d.file, &d.pointer, &d.message, &d.hint}) { v.push(JsonValue::string(*s)); }
    return v;
}

std::string message_of(const ConfigError& e) {
    JsonValue list = JsonValue::array();
    for (const Diagnostic& d : e.diagnostics()) { list.push(to_value(d)); }
    return write_json(list, 0);
}

std::string tagged(Outcome o, const std::string& text) { return static_cast<char>(o) + text; }

std::string outcome_of(const Work& work) {
    try {
        return tagged(Outcome::answer, work.work());
    } catch (const ConfigError& e) { return tagged(Outcome::config, message_of(e)); } catch (const ModelError& e) {
        return tagged(Outcome::model, e.what());
    } catch (const std::exception& e) { return tagged(Outcome::internal, e.what()); }
}

[[noreturn]] void rethrow(const std::string& name, const std::string& outcome) {
    const std::string text = outcome.substr(1);
    switch (static_cast<Outcome>(outcome.front())) {
        case Outcome::config: {
            std::vector<Diagnostic> diagnostics;
            const JsonValue list = parse_json(text, name);
            for (const JsonValue& v : list.items()) {
                const auto& s = v.items();
                diagnostics.push_back(
                    {s[0].as_string(), s[1].as_string(), name + ": " + s[2].as_string(), s[3].as_string()});
            }
            throw ConfigError(std::move(diagnostics));
        }
        case Outcome::model: throw ModelError(name + ": " + text);
        case Outcome::internal: throw InternalError(name + ": " + text);
        case Outcome::answer: break;
    }
    throw InternalError(name + ": answered with nonsense");
}

struct Child {
    std::size_t index = 0;
    pid_t pid = -1;
    int fd = -1;
    std::string received;
};

// The children that run now. Whatever happens, none outlives it.
class Children {
public:
    ~Children() {
        for (Child& c : running_) {
            close(c.fd);
            kill(c.pid, SIGKILL);
            waitpid(c.pid, nullptr, 0);
        }
    }

    std::size_t count() const { return running_.size(); }

    void start(const Work& work, std::size_t index) {
        std::array<int, 2> ends{};
        if (pipe(ends.data()) != 0) { system_failure("pipe"); }
        const pid_t pid = fork();
        if (pid < 0) {
            close(ends[0]);
            close(ends[1]);
            system_failure("fork");
        }
        if (pid == 0) {  // the child: answer, and leave without the parent's clean-up
            close(ends[0]);
            write_all(ends[1], outcome_of(work));
            _exit(0);
        }
        close(ends[1]);
        running_.push_back({index, pid, ends[0], {}});
    }

    // Waits until one child has sent all it had and is gone; returns it.
    Child next(const std::vector<Work>& list) {
        for (;;) {
            std::vector<pollfd> polled;
            for (const Child& c : running_) { polled.push_back({c.fd, POLLIN, 0}); }
            if (poll(polled.data(), polled.size(), -1) < 0) {
                if (errno == EINTR) { continue; }
                system_failure("poll");
            }
            for (std::size_t i = 0; i < running_.size(); ++i) {
                if (polled[i].revents != 0 && !receive(running_[i])) { return finish(i, list); }
            }
        }
    }

private:
    // False at the end of the stream.
    static bool receive(Child& c) {
        std::array<char, 65536> buffer;
        const ssize_t n = read(c.fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) { return true; }
        if (n < 0) { system_failure("read"); }
        c.received.append(buffer.data(), static_cast<std::size_t>(n));
        return n > 0;
    }

    Child finish(std::size_t i, const std::vector<Work>& list) {
        Child c = std::move(running_[i]);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
        close(c.fd);
        int status = 0;
        while (waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {}
        const std::string& name = list[c.index].name;
        if (WIFSIGNALED(status)) {
            throw InternalError(name + ": its process died of signal " + std::to_string(WTERMSIG(status)) + " (" +
                                strsignal(WTERMSIG(status)) + ")");
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || c.received.empty()) {
            throw InternalError(name + ": its process ended without an answer");
        }
        return c;
    }

    std::vector<Child> running_;
};

}  // namespace

std::vector<std::string> run_in_processes(const std::vector<Work>& list, int jobs, const ProgressFn& progress,
                                          const std::function<void(std::string&)>& on_answer) {
    const auto most = static_cast<std::size_t>(std::max(jobs, 1));
    std::vector<std::string> answers(list.size());
    Children children;
    std::size_t started = 0, done = 0;
    while (done < list.size()) {
        while (started < list.size() && children.count() < most) {
            children.start(list[started], started);
            ++started;
        }
        const Child c = children.next(list);
        if (c.received.front() != static_cast<char>(Outcome::answer)) { rethrow(list[c.index].name, c.received); }
        answers[c.index] = c.received.substr(1);
        ++done;
        if (on_answer) { on_answer(answers[c.index]); }
        if (progress) { progress(done, list.size(), list[c.index].name); }
    }
    return answers;
}

}  // namespace tessera
