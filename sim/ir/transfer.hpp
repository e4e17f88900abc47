// A loop that only moves bytes: persistent blocks, one an SM, that read, write or copy a region. What microbenchmarks
// of the memory run; no kernel of a workload.
#pragma once

#include "sim/base/units.hpp"

#include <cstdint>

namespace tessera {

enum class TransferOp : std::uint8_t { read, write, copy };

enum class TransferEngine : std::uint8_t {
    vector,  // 16-byte loads and stores; every warp waits for its own
    bulk,    // one thread keeps a ring of TMA copies going
    chase    // one thread loads a line of a step's bytes to learn where the next one is
};

enum class TransferWalk : std::uint8_t {
    in_turn,    // pieces are dealt to the blocks round and round, also from pass to pass
    own_slice,  // every block walks its own pieces again and again
    everything  // every block walks the whole region
};

// Which SMs a partial grid runs on.
enum class TransferPlace : std::uint8_t { as_launched, balanced };

struct TransferDesc {
    TransferOp op = TransferOp::read;
    TransferEngine engine = TransferEngine::vector;
    TransferWalk walk = TransferWalk::in_turn;
    TransferPlace place = TransferPlace::as_launched;
    Bytes region{};        // of the source, and as much of the destination of a copy
    Bytes moved{};         // each way, by all blocks together
    Bytes step{};          // a warp's loads between two waits; a stage of the ring
    int lanes = 1;         // warps of a block; stages of the ring
    int batch = 1;         // vector: loads of a thread between two waits
    BytesPerCycle path{};  // vector: what the load path of an SM takes with these instructions; 0: its port's rate
    int blocks = 1;        // SMs
    bool held = false;     // the whole chip has read the region before
    Bytes run{};           // contiguous bytes of a stage that is a box of a tensor; 0: all of it
};

// Throws ModelError naming the member if a loop like this cannot exist.
void validate(const TransferDesc& t);

}  // namespace tessera
