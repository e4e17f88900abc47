// Single accesses and their order: what a load, an atomic, a fence or a flag takes alone, to the own memory and to a
// peer's.
#pragma once

#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

namespace tessera {

enum class HeldIn { l1, l2, hbm };
enum class FenceScope { none, gpu, system };

// A dependent load. ModelError if the system has no such latency.
Time load_latency(const SystemConfig& system, Frequency clock, HeldIn held, bool peer);
// An atomic whose result is waited for: at a peer it takes as long as a load from there.
Time atomic_latency(const SystemConfig& system, Frequency clock, bool peer);

// A turn of a loop of one thread block: `stores` 16-byte stores per thread, a fence, a barrier. The stores leave
// through the SM's port; a block counts as large from 128 threads on.
Time fence_turn(const SystemConfig& system, Frequency clock, FenceScope scope, int threads, int stores, bool peer);

// Additions without result per second: `blocks` thread blocks of `threads` threads, each adding `each` times to its
// own word or all to one; first issue to the last one's fence.
struct Reductions {
    int blocks = 1, threads = 256, each = 100;
    bool one_word = false, peer = false;
};
double reductions_per_second(const SystemConfig& system, Frequency clock, const Reductions& work);

// How a flag reaches the other GPU.
enum class Signal {
    release_to_peer,     // st.release.sys into the peer's memory, which polls it
    fence_then_store,    // fence.sys and a plain store or reduction, the peer polls and fences
    peer_polls_remotely  // released in the own memory, the peer polls across the link
};
// One way, `payload` bytes copied to the peer by `threads` threads before the flag.
Time signal_latency(const SystemConfig& system, Frequency clock, Signal how, Bytes payload, int threads);

}  // namespace tessera
