// Kernel results as bytes, for the pipes between the processes of one comparison: same program, same machine, so the
// bytes of the numbers are theirs in memory.
#pragma once

#include "sim/ir/kernel_result.hpp"

#include <cstdint>
#include <string>

namespace tessera {

class MemoWriter {
public:
    void add(std::uint64_t key, const KernelResult& result);
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

class MemoReader {
public:
    explicit MemoReader(const std::string& bytes) : bytes_(bytes) {}
    bool done() const { return at_ == bytes_.size(); }
    // InternalError if the bytes end too early.
    void next(std::uint64_t& key, KernelResult& result);

private:
    const std::string& bytes_;
    std::size_t at_ = 0;
};

}  // namespace tessera
