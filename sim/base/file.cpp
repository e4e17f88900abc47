// Files whole or not at all, behind json.hpp.
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace tessera {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t max_file_size = std::uintmax_t{1} << 30U;

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    bool is_open() const { return fd_ >= 0; }
    int get() const { return fd_; }
    bool close() {
        const int fd = fd_;
        fd_ = -1;
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int fd_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& message, std::string hint = {}) {
    throw ConfigError(path, "", message, std::move(hint));
}

std::string reason(int error) { return std::strerror(error); }  // NOLINT(concurrency-mt-unsafe): no threads here

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) { continue; }
        if (n <= 0) { return false; }
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

// A device, pipe or terminal cannot be renamed onto: it takes the bytes as they come.
void write_stream(const std::string& path, std::string_view content) {
    Descriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd.is_open() || !write_all(fd.get(), content)) { refuse(path, "cannot write: " + reason(errno)); }
}

fs::path checked_target(const std::string& path) {
    std::error_code error;
    fs::path target = path;
    if (path.empty()) { refuse("", "cannot write a file: the name is empty"); }
    if (fs::is_symlink(target, error) && fs::exists(target, error)) { target = fs::canonical(target, error); }
    if (fs::is_directory(target, error)) { refuse(path, "cannot write: this is a folder", "give a file name"); }
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!fs::exists(folder, error)) {
        refuse(path, "cannot write: folder " + folder.string() + " does not exist", "create it first");
    }
    if (!fs::is_directory(folder, error)) { refuse(path, "cannot write: " + folder.string() + " is not a folder"); }
    return target;
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view content) {
    const fs::path target = checked_target(path);
    std::error_code error;
    if (fs::exists(target, error) && !fs::is_regular_file(target, error)) { return write_stream(path, content); }

    static std::atomic<unsigned> counter{0};
    const std::string temporary =
        target.string() + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(counter++);
    Descriptor fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd.is_open()) { refuse(path, "cannot write: " + reason(errno)); }
    const bool done = write_all(fd.get(), content) && ::fsync(fd.get()) == 0 && fd.close() &&
                      ::rename(temporary.c_str(), target.c_str()) == 0;
    if (!done) {
        const std::string why = reason(errno);
        ::unlink(temporary.c_str());
        refuse(path, "cannot write: " + why);
    }
}

JsonValue read_json_file(const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) { refuse(path, "no such file"); }
    if (fs::is_directory(path, error)) { refuse(path, "expected a file, this is a folder"); }
    if (fs::is_regular_file(path, error) && fs::file_size(path, error) > max_file_size) {
        refuse(path, "file is larger than 1 GiB");
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) { refuse(path, "cannot read: " + reason(errno)); }
    std::string text;
    std::string block(std::size_t{1} << 16U, '\0');
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        text.append(block, 0, static_cast<std::size_t>(in.gcount()));
        if (text.size() > max_file_size) { refuse(path, "file is larger than 1 GiB"); }
    }
    if (in.bad()) { refuse(path, "cannot read: " + reason(errno)); }
    return parse_json(text, path);
}

}  // namespace tessera
