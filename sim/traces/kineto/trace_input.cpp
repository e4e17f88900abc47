#include "sim/traces/kineto/trace_input.hpp"

#include "sim/base/error.hpp"

#include <zlib.h>
#include <filesystem>

namespace tessera::traces {
namespace {

constexpr std::size_t block_size = std::size_t{1} << 18U;
constexpr std::int64_t longest_token = std::int64_t{16} << 20U;

}  // namespace

struct TraceInput::Handle {
    gzFile file = nullptr;
    ~Handle() {
        if (file != nullptr) { gzclose(file); }
    }
};

TraceInput::TraceInput(const std::string& path) : file_(std::make_unique<Handle>()), path_(path), block_(block_size) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) { throw ConfigError(path, "", "no such file"); }
    if (std::filesystem::is_directory(path, error)) {
        throw ConfigError(path, "", "expected a file, this is a folder");
    }
    file_->file = gzopen(path.c_str(), "rb");  // reads files that are not packed as they are
    if (file_->file == nullptr) { throw ConfigError(path, "", "cannot read"); }
    gzbuffer(file_->file, static_cast<unsigned>(block_size));
}

TraceInput::~TraceInput() = default;

TraceInput::int_type TraceInput::underflow() {
    if (gptr() < egptr()) { return traits_type::to_int_type(*gptr()); }
    if (!why_.empty()) { return traits_type::eof(); }
    const int n = gzread(file_->file, block_.data(), static_cast<unsigned>(block_.size()));
    if (n <= 0) {
        int code = Z_OK;
        gzerror(file_->file, &code);
        if (n < 0 || code == Z_BUF_ERROR) {
            why_ = code == Z_BUF_ERROR ? "the gzip data end early" : "the gzip data are damaged";
        }
        return traits_type::eof();
    }
    bytes_ += n;
    guard(block_.data(), block_.data() + n);
    setg(block_.data(), block_.data(), block_.data() + n);
    return traits_type::to_int_type(block_[0]);
}

void TraceInput::guard(const char* begin, const char* end) {
    for (const char* p = begin; p != end; ++p) {
        ++token_;
        if (in_text_) {
            if (escaped_) {
                escaped_ = false;
            } else if (*p == '\\') {
                escaped_ = true;
            } else if (*p == '"') {
                in_text_ = false;
                token_ = 0;
            }
        } else if (*p == '"') {
            in_text_ = true;
            token_ = 0;
        } else if (*p == ',' || *p == ':' || *p == '{' || *p == '}' || *p == '[' || *p == ']' || *p == ' ' ||
                   *p == '\n' || *p == '\r' || *p == '\t') {
            token_ = 0;
        }
        if (token_ > longest_token) {
            throw ConfigError(path_, "", "a text or number of over 16 MiB; no profiler writes such a trace");
        }
    }
}

}  // namespace tessera::traces
