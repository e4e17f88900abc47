#include "sim/sweep/store.hpp"

#include "sim/base/error.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

namespace tessera::sweep {
namespace {

constexpr char schema[] = "tessera.sweep.store/1";
constexpr std::array<const char*, 2> stage_names = {"estimate", "simulation"};
constexpr std::array<const char*, 5> status_names = {"done", "skipped", "time limit", "memory limit", "failed"};

template <class E, std::size_t N>
E named(const std::array<const char*, N>& names, const JsonValue* v, const std::string& where) {
    for (std::size_t i = 0; v != nullptr && v->is_string() && i < N; ++i) {
        if (v->as_string() == names[i]) { return static_cast<E>(i); }
    }
    throw ConfigError(where, "", "this line is no result of a sweep");
}

// The children of a sweep that was killed hold its lock until they are gone too, which is at once but not at the same
// time.
bool lock(int fd) {
    constexpr int tries = 50;
    for (int i = 0; i < tries; ++i) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) { return true; }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

std::string header(const std::string& code) {
    JsonValue v = JsonValue::object();
    v.set("schema", JsonValue::string(schema));
    v.set("code", JsonValue::string(code));
    return write_json(v, 0);
}

}  // namespace

std::string to_string(Stage stage) { return stage_names[static_cast<std::size_t>(stage)]; }
std::string to_string(Status status) { return status_names[static_cast<std::size_t>(status)]; }

std::string to_line(const Record& r) {
    JsonValue v = JsonValue::object();
    v.set("key", JsonValue::string(r.key));
    v.set("stage", JsonValue::string(to_string(r.stage)));
    v.set("status", JsonValue::string(to_string(r.status)));
    if (r.status == Status::done) {
        v.set("result", r.result);
    } else {
        v.set("reason", JsonValue::string(r.reason));
    }
    return write_json(v, 0);
}

Record record_from(const std::string& line, const std::string& where) {
    const JsonValue v = parse_json(line, where);
    Record r;
    const JsonValue* key = v.is_object() ? v.find("key") : nullptr;
    if (key == nullptr || !key->is_string()) { throw ConfigError(where, "", "this line is no result of a sweep"); }
    r.key = key->as_string();
    r.stage = named<Stage>(stage_names, v.find("stage"), where);
    r.status = named<Status>(status_names, v.find("status"), where);
    const JsonValue* rest = v.find(r.status == Status::done ? "result" : "reason");
    const bool whole = rest != nullptr && (r.status == Status::done ? rest->is_object() : rest->is_string());
    if (!whole) { throw ConfigError(where, "", "this line is no result of a sweep"); }
    if (r.status == Status::done) {
        r.result = *rest;
    } else {
        r.reason = rest->as_string();
    }
    return r;
}

Store::Store(std::string path, const std::string& code, bool resume) : path_(std::move(path)) {
    try {
        open(resume, code);
    } catch (...) {
        if (fd_ >= 0) { close(fd_); }
        throw;
    }
}

Store::~Store() {
    if (fd_ >= 0) { close(fd_); }
}

void Store::open(bool resume, const std::string& code) {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd_ < 0) { throw ConfigError(path_, "", std::string("cannot be opened: ") + std::strerror(errno)); }
    if (!lock(fd_)) {
        throw ConfigError(path_, "", "another sweep is writing here", "wait for it, or name another folder");
    }
    load(code);
    if (!lines_.empty() && !resume) {
        throw ConfigError(path_, "", "holds points of an earlier sweep", "go on with --resume, or name another folder");
    }
    if (size_ == 0) { append(header(code)); }
}

void Store::load(const std::string& code) {
    std::ifstream file(path_, std::ios::binary);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (file.eof()) { break; }  // no end of line: cut off by a kill
        const std::string where = path_ + ": line " + std::to_string(number);
        if (number == 1) {
            const JsonValue v = parse_json(line, where);
            const JsonValue* made_by = v.is_object() ? v.find("code") : nullptr;
            const JsonValue* kind = v.is_object() ? v.find("schema") : nullptr;
            if (made_by == nullptr || !made_by->is_string() || kind == nullptr || !kind->is_string() ||
                kind->as_string() != schema) {
                throw ConfigError(where, "", "this is no store of a sweep");
            }
            if (made_by->as_string() != code) {
                throw ConfigError(
                    path_, "", "made by another version of tessera, " + made_by->as_string() + "; this one is " + code,
                    "results of two versions do not compare: name another folder");
            }
        } else {
            const Record r = record_from(line, where);
            const bool again = r.status == Status::time || r.status == Status::memory || r.status == Status::failed;
            lines_[name(r.stage, r.key)] = {size_, !again, {}};
        }
        size_ += static_cast<std::int64_t>(line.size()) + 1;
    }
    if (ftruncate(fd_, size_) != 0) {
        throw ConfigError(path_, "", std::string("cannot be written: ") + std::strerror(errno));
    }
}

void Store::append(const std::string& line) {
    const std::string text = line + "\n";
    std::size_t written = 0;
    int problem = 0;
    while (written < text.size()) {
        const ssize_t n = write(fd_, text.data() + written, text.size() - written);
        if (n < 0 && errno == EINTR) { continue; }
        if (n < 0) {
            problem = errno;
            break;
        }
        written += static_cast<std::size_t>(n);
    }
    if (problem == 0 && fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS) { problem = errno; }
    if (problem != 0) {
        const bool cut = ftruncate(fd_, size_) == 0;  // no half line stays behind; the next sweep would cut it too
        throw ConfigError(
            path_, "",
            std::string("cannot be written: ") + std::strerror(problem) + (cut ? "" : "; its last line is not whole"),
            "points that ended before are kept: make room and go on with --resume");
    }
    size_ += static_cast<std::int64_t>(text.size());
}

bool Store::has(Stage stage, const std::string& key) const {
    const auto found = lines_.find(name(stage, key));
    return found != lines_.end() && found->second.final;
}

std::string Store::read_line(std::int64_t offset) const {
    std::string line;
    std::array<char, 4096> block{};
    for (;;) {
        const ssize_t n = pread(fd_, block.data(), block.size(), offset);
        if (n < 0 && errno == EINTR) { continue; }
        if (n <= 0) { throw ConfigError(path_, "", "was changed while a sweep used it"); }
        const void* end = std::memchr(block.data(), '\n', static_cast<std::size_t>(n));
        if (end != nullptr) {
            return line.append(block.data(), static_cast<std::size_t>(static_cast<const char*>(end) - block.data()));
        }
        line.append(block.data(), static_cast<std::size_t>(n));
        offset += n;
    }
}

Record Store::get(Stage stage, const std::string& key) const {
    const auto found = lines_.find(name(stage, key));
    invariant(found != lines_.end(), "a store was asked for a point that it does not have");
    return record_from(fd_ < 0 ? found->second.line : read_line(found->second.offset), path_);
}

void Store::add(const Record& record) {
    const std::string line = to_line(record);
    Place place{size_, true, fd_ < 0 ? line : std::string()};
    if (fd_ >= 0) { append(line); }
    lines_[name(record.stage, record.key)] = std::move(place);
}

}  // namespace tessera::sweep
