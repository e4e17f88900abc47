// The Tensor Memory Accelerator of each SM: bulk copies between global and shared memory.
#pragma once

#include "models/if/memory_if.hpp"

namespace tessera {

struct TmaCopy {
    MemoryRequest memory;  // memory.sm names the SM (the first of the cluster for multicast)
    int descriptors = 1;   // copies issued together with this one (scales); memory.bytes counts them all
    double lines = 1.0;    // lines of L2 that its rows touch / lines that hold their bytes (rows off line boundaries)
    int requests = 0;      // lines of box rows, each a request of its own to L2; 0: their pace does not matter
    bool cast = false;     // BF16 -> FP8 with group scales on the way (proposal); memory.bytes counts BF16
};

struct TmaReply {
    Time done{};    // load: bytes and mbarrier update visible in shared memory; store: written to L2
    Time issued{};  // the producer thread may issue its next copy
    Bytes from_hbm{};
    Time settled{};      // store: nothing of it is left in the queues of the memory system
    Time source_free{};  // store: shared memory may be reused
};

class TmaIf : virtual public sc_core::sc_interface {
public:
    virtual TmaReply load(const TmaCopy& copy, Time when) = 0;
    virtual TmaReply store(const TmaCopy& copy, Time when) = 0;
};

}  // namespace tessera
