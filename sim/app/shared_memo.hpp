// Kernel results that processes share while they run: a table of constant size in memory that a process and all its
// forks see. Who has simulated a kernel puts it in; who needs it next takes it, in whichever process. It only saves
// time: what is missing, pushed out or half written by a process that was killed is simulated again, to the same bits.
#pragma once

#include "sim/ir/kernel_result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tessera {

// Each place holds one result of at most `slot_bytes` encoded bytes under a sequence number that is odd while somebody
// writes; readers take a copy and keep it only if the number and the copy's own hash say that it is whole. A key has
// `ways` places; if all are taken the oldest is overwritten.
class SharedMemo {
public:
    // `capacity`: results, rounded up to a power of two. Memory is taken as it is used. InternalError if the system
    // has no address space left.
    explicit SharedMemo(std::size_t capacity = std::size_t{1} << 16);
    ~SharedMemo();
    SharedMemo(const SharedMemo&) = delete;
    SharedMemo& operator=(const SharedMemo&) = delete;

    void put(std::uint64_t key, const KernelResult& result);
    bool find(std::uint64_t key, KernelResult& result) const;
    // A single figure that takes long to work out; its key is of another kind than those of kernels.
    void put_figure(std::uint64_t key, double figure);
    bool find_figure(std::uint64_t key, double& figure) const;

    static constexpr std::size_t slot_bytes = 744;
    static constexpr std::size_t ways = 8;

private:
    struct Slot;
    Slot* bucket(std::uint64_t key) const;
    void put_bytes(std::uint64_t key, const std::string& bytes);
    bool find_bytes(std::uint64_t key, std::string& bytes) const;
    Slot* slots_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace tessera
