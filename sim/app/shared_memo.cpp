#include "sim/app/shared_memo.hpp"

#include "sim/app/memo_codec.hpp"
#include "sim/base/error.hpp"
#include "sim/base/hash.hpp"

#include <sys/mman.h>
#include <array>
#include <atomic>
#include <cstring>
#include <string>

namespace tessera {
namespace {

constexpr std::size_t words = SharedMemo::slot_bytes / sizeof(std::uint64_t);
static_assert(SharedMemo::slot_bytes % sizeof(std::uint64_t) == 0);

std::uint64_t hash_of(const std::array<std::uint64_t, words>& payload, std::uint64_t key, std::uint64_t size) {
    Hasher h;
    h.word(key).word(size);
    for (std::size_t i = 0; i * sizeof(std::uint64_t) < size; ++i) { h.word(payload[i]); }
    return h.value();
}

}  // namespace

struct SharedMemo::Slot {
    std::atomic<std::uint64_t> sequence, key, size, hash;
    std::array<std::atomic<std::uint64_t>, words> payload;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "processes share no locks");

SharedMemo::SharedMemo(std::size_t capacity) : count_(ways) {
    while (count_ < capacity) { count_ *= 2; }
    void* memory =
        mmap(nullptr, count_ * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) { throw InternalError("no address space for kernels that processes share"); }
    slots_ = static_cast<Slot*>(memory);  // zeroed: all places empty
}

SharedMemo::~SharedMemo() { munmap(slots_, count_ * sizeof(Slot)); }

SharedMemo::Slot* SharedMemo::bucket(std::uint64_t key) const {
    return slots_ + Hasher().word(key).value() % (count_ / ways) * ways;
}

void SharedMemo::put(std::uint64_t key, const KernelResult& result) {
    MemoWriter writer;
    writer.add(key, result);
    put_bytes(key, writer.bytes());
}

bool SharedMemo::find(std::uint64_t key, KernelResult& result) const {
    std::string bytes;
    if (!find_bytes(key, bytes)) { return false; }
    MemoReader reader(bytes);
    std::uint64_t same = 0;
    reader.next(same, result);
    return true;
}

void SharedMemo::put_figure(std::uint64_t key, double figure) {
    std::string bytes(sizeof figure, '\0');
    std::memcpy(bytes.data(), &figure, sizeof figure);
    put_bytes(key, bytes);
}

bool SharedMemo::find_figure(std::uint64_t key, double& figure) const {
    std::string bytes;
    if (!find_bytes(key, bytes) || bytes.size() != sizeof figure) { return false; }
    std::memcpy(&figure, bytes.data(), sizeof figure);
    return true;
}

void SharedMemo::put_bytes(std::uint64_t key, const std::string& bytes) {
    if (bytes.size() > slot_bytes) { return; }
    std::array<std::uint64_t, words> payload{};
    std::memcpy(payload.data(), bytes.data(), bytes.size());

    Slot* const first = bucket(key);
    Slot* oldest = nullptr;
    std::uint64_t oldest_sequence = 0;
    for (Slot* s = first; s != first + ways; ++s) {
        const std::uint64_t sequence = s->sequence.load(std::memory_order_acquire);
        if (sequence % 2 == 1) { continue; }  // being written, or its writer is gone
        if (sequence != 0 && s->key.load(std::memory_order_relaxed) == key) { return; }
        if (oldest == nullptr || sequence < oldest_sequence) {
            oldest = s;
            oldest_sequence = sequence;
        }
    }
    if (oldest == nullptr) { return; }
    std::uint64_t expected = oldest_sequence;
    if (!oldest->sequence.compare_exchange_strong(expected, oldest_sequence + 1, std::memory_order_acq_rel)) { return; }
    oldest->key.store(key, std::memory_order_relaxed);
    oldest->size.store(bytes.size(), std::memory_order_relaxed);
    oldest->hash.store(hash_of(payload, key, bytes.size()), std::memory_order_relaxed);
    for (std::size_t i = 0; i < words; ++i) { oldest->payload[i].store(payload[i], std::memory_order_relaxed); }
    oldest->sequence.store(oldest_sequence + 2, std::memory_order_release);
}

bool SharedMemo::find_bytes(std::uint64_t key, std::string& bytes) const {
    const Slot* const first = bucket(key);
    for (const Slot* s = first; s != first + ways; ++s) {
        const std::uint64_t sequence = s->sequence.load(std::memory_order_acquire);
        if (sequence == 0 || sequence % 2 == 1 || s->key.load(std::memory_order_relaxed) != key) { continue; }
        const std::uint64_t size = s->size.load(std::memory_order_relaxed);
        const std::uint64_t hash = s->hash.load(std::memory_order_relaxed);
        std::array<std::uint64_t, words> payload{};
        for (std::size_t i = 0; i < words; ++i) { payload[i] = s->payload[i].load(std::memory_order_relaxed); }
        std::atomic_thread_fence(std::memory_order_acquire);
        const bool whole = s->sequence.load(std::memory_order_relaxed) == sequence && size <= slot_bytes &&
                           hash_of(payload, key, size) == hash;
        if (!whole) { continue; }
        bytes.assign(reinterpret_cast<const char*>(payload.data()), size);
        return true;
    }
    return false;
}

}  // namespace tessera
