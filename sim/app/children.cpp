#include "sim/app/children.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <new>

namespace tessera {
namespace {

using How = Ended::How;

[[noreturn]] void system_failure(const char* what) {
    throw InternalError(std::string(what) + ": " + std::strerror(errno));
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

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

std::string tagged(How how, const std::string& text) { return static_cast<char>(how) + text; }

std::string outcome_of(const std::function<std::string()>& work) {
    try {
        return tagged(How::answer, work());
    } catch (const ConfigError& e) { return tagged(How::config, message_of(e)); } catch (const ModelError& e) {
        return tagged(How::model, e.what());
    } catch (const std::bad_alloc&) {
        return tagged(How::memory, "asked for more memory than it may have");
    } catch (const std::exception& e) { return tagged(How::internal, e.what()); }
}

[[noreturn]] void be_child(int fd, pid_t parent, const std::function<std::string()>& work, const ChildLimits& limits) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) { _exit(1); }  // it died before the line above
    if (limits.memory > 0) {
        const rlimit most{static_cast<rlim_t>(limits.memory), static_cast<rlim_t>(limits.memory)};
        setrlimit(RLIMIT_AS, &most);
    }
    write_all(fd, outcome_of(work));
    _exit(0);
}

void reap(pid_t pid, int& status) {
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
}

std::string death_of(int status) {
    if (WIFSIGNALED(status)) {
        return "its process died of signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) +
               ")";
    }
    return "its process ended without an answer";
}

}  // namespace

Children::~Children() {
    for (Child& c : running_) {
        int status = 0;
        close(c.fd);
        kill(c.pid, SIGKILL);
        reap(c.pid, status);
    }
}

void Children::start(std::size_t index, const std::function<std::string()>& work, const ChildLimits& limits) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) { system_failure("pipe"); }
    const pid_t parent = getpid(), pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        system_failure("fork");
    }
    if (pid == 0) {  // answers, and leaves without the parent's clean-up
        close(ends[0]);
        be_child(ends[1], parent, work, limits);
    }
    close(ends[1]);
    running_.push_back({index, pid, ends[0], limits.seconds > 0 ? now() + limits.seconds : 0, {}});
}

Ended Children::next() {
    invariant(!running_.empty(), "nobody to wait for");
    for (;;) {
        std::vector<pollfd> polled;
        double deadline = 0;
        for (const Child& c : running_) {
            polled.push_back({c.fd, POLLIN, 0});
            if (c.deadline > 0 && (deadline == 0 || c.deadline < deadline)) { deadline = c.deadline; }
        }
        const int wait_ms =
            deadline == 0 ? -1 : static_cast<int>(std::clamp(std::ceil((deadline - now()) * 1e3), 0.0, 1e9));
        if (poll(polled.data(), polled.size(), wait_ms) < 0) {
            if (errno == EINTR) { continue; }
            system_failure("poll");
        }
        for (std::size_t i = 0; i < running_.size(); ++i) {
            if (polled[i].revents != 0 && !receive(running_[i])) { return finish(i, false); }
        }
        for (std::size_t i = 0; i < running_.size(); ++i) {
            if (running_[i].deadline > 0 && now() >= running_[i].deadline) { return finish(i, true); }
        }
    }
}

// False at the end of the stream.
bool Children::receive(Child& c) {
    std::array<char, 65536> buffer;
    const ssize_t n = read(c.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) { return true; }
    if (n < 0) { system_failure("read"); }
    c.received.append(buffer.data(), static_cast<std::size_t>(n));
    return n > 0;
}

Ended Children::finish(std::size_t i, bool late) {
    Child c = std::move(running_[i]);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
    close(c.fd);
    if (late) { kill(c.pid, SIGKILL); }
    int status = 0;
    reap(c.pid, status);
    if (late) { return {c.index, How::time, "took longer than it may"}; }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || c.received.empty()) {
        return {c.index, How::died, death_of(status)};
    }
    return {c.index, static_cast<How>(c.received.front()), c.received.substr(1)};
}

std::vector<Diagnostic> diagnostics_of(const Ended& ended) {
    invariant(ended.how == How::config, "only wrong input has diagnostics");
    std::vector<Diagnostic> list;
    const JsonValue all = parse_json(ended.text, "a child's diagnostics");
    for (const JsonValue& v : all.items()) {
        const std::vector<JsonValue>& s = v.items();
        list.push_back({s.at(0).as_string(), s.at(1).as_string(), s.at(2).as_string(), s.at(3).as_string()});
    }
    return list;
}

}  // namespace tessera
