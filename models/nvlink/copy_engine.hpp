// Copies between GPUs by the driver's copy engines.
//
// The copies of a stream follow each other, each with its own start and end; streams to one peer share that peer's
// engine, streams to different peers have engines of their own and share the wires. A batch, and the rows of a 2D
// copy, are one operation. A copy out of a peer's memory is handed from one GPU's engine to the other's.
#pragma once

#include "models/nvlink/wire.hpp"

namespace tessera {

enum class CopyCall { single, batch, rows };

struct EngineCopies {
    CopyCall call = CopyCall::single;
    bool pull = false;
    int peers = 1;
    int streams_per_peer = 1;
    int copies = 1;           // of a stream, one after another
    Bytes size{};             // of one copy
    bool host_bound = false;  // queued while they run: the host's pace counts
};

// First start to last end of one GPU's streams; `wire` is what all bytes take on the busiest GPU's wires. ModelError
// if the system has no copy engines.
Time engine_copies_time(const NvlinkConfig& config, const EngineCopies& work, Time wire);

// A kernel sets a flag, the engine copies `size` bytes (none: answers at once), the kernel sees the flag behind it.
Time triggered_copy_time(const NvlinkConfig& config, Bytes size, bool host_flags);

}  // namespace tessera
