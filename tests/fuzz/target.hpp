// What every fuzz target shares: bytes as a file that is never on disk, and which failures are findings.
#pragma once

#include "sim/base/error.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace tessera::fuzz {

class MemoryFile {
public:
    MemoryFile(const std::uint8_t* data, std::size_t size) : fd_(memfd_create("fuzz", 0)) {
        for (std::size_t done = 0; done < size;) {
            const ssize_t n = ::write(fd_, data + done, size - done);
            if (n <= 0) { std::abort(); }
            done += static_cast<std::size_t>(n);
        }
    }
    ~MemoryFile() { ::close(fd_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

private:
    int fd_;
};

// Wrong input and what the model cannot represent are answers; anything else that is thrown is a finding.
template <class Read>
int answer(Read read) {
    try {
        read();
    } catch (const ConfigError&) {
    } catch (const ModelError&) {
    } catch (const std::exception& e) {
        std::cerr << "finding: " << e.what() << "\n";
        std::abort();
    }
    return 0;
}

inline std::string text(const std::uint8_t* data, std::size_t size) {
    return std::string(reinterpret_cast<const char*>(data), size);
}

}  // namespace tessera::fuzz
