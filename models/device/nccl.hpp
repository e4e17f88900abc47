// NCCL's collectives on the GPUs of one node, ring algorithm, as its kernels drive SMs: one thread block per channel.
//
// Each channel passes its share of the buffer through the phases of a ring (send, receive-reduce-send, receive-copy-
// send, receive). Protocol Simple: the SM's port carries what a phase reads and writes, and every slice ends with a
// fence and a flag; the channels share the wires. Protocol LL: each thread moves 8 bytes a turn with a flag beside
// them, so latency paces it and half the wire is flags. Which of the two a size gets follows NCCL's own tuning model
// (src/graph/tuning.cc: base and per-step latencies, bandwidth by channels). Switch multicast (NVLS) and LL128 are not
// modelled: the measured kernels use neither.
#pragma once

#include "models/nvlink/sm_stream.hpp"
#include "sim/base/units.hpp"
#include "sim/config/system_config.hpp"

#include <vector>

namespace tessera {

enum class NcclOp { all_gather, reduce_scatter, all_reduce, all_to_all };

struct NcclCall {
    NcclOp op = NcclOp::all_reduce;
    int ranks = 2;
    int channels = 24;  // thread blocks
    Bytes size{};  // as nccl-tests count: gathered output, input of reduce-scatter, whole buffer, what a rank sends
};

// A phase of all channels: bytes of one rank.
struct NcclPhase {
    double read = 0, local = 0, remote = 0;  // loaded, stored to the own memory, stored to a peer's
};
// Channels start together and run the same phases, so that the wires are idle while all of them copy locally.
struct NcclFlow {
    std::vector<NcclPhase> phases;
    int steps = 0;     // hops that must follow each other
    double turns = 0;  // LL: buffer shares that pass a thread with a flag awaited or output written
    double sends = 0;  // LL: shares only sent
    double moved() const;
};
NcclFlow nccl_flow(NcclOp op, int ranks, double size);

enum class NcclProtocol { ll, simple };
// By NCCL's rule.
NcclProtocol nccl_protocol(const NcclCall& call);

// First thread block's start to the last one's end, launch included. ModelError for fewer than two ranks, no channels
// or more than the GPU has SMs, or no bytes.
Time nccl_time(const SystemConfig& system, const NcclCall& call, Frequency clock);

// Thread blocks that the library gives a call when it may use up to `coll` (collectives) and `p2p` channels.
int nccl_channels(const NcclCall& call, int coll, int p2p);

}  // namespace tessera
