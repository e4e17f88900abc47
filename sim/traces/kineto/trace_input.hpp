// The bytes of a trace file, plain or gzip, in blocks: a stream buffer that never holds more than one of them.
#pragma once

#include <cstdint>
#include <memory>
#include <streambuf>
#include <string>
#include <vector>

namespace tessera::traces {

class TraceInput final : public std::streambuf {
public:
    // ConfigError: no such file, a folder, not readable.
    explicit TraceInput(const std::string& path);
    ~TraceInput() override;
    TraceInput(const TraceInput&) = delete;
    TraceInput& operator=(const TraceInput&) = delete;

    std::int64_t bytes() const { return bytes_; }        // given out so far, unpacked
    const std::string& problem() const { return why_; }  // why the data end early ("the gzip data are damaged"), or ""

protected:
    // ConfigError if one text or number of the JSON is longer than any profiler writes (16 MiB): the parser behind
    // would have to hold it whole.
    int_type underflow() override;

private:
    void guard(const char* begin, const char* end);
    struct Handle;
    std::unique_ptr<Handle> file_;
    std::string path_, why_;
    std::vector<char> block_;
    std::int64_t bytes_ = 0;
    std::int64_t token_ = 0;  // bytes since a text or number began
    bool in_text_ = false, escaped_ = false;
};

}  // namespace tessera::traces
