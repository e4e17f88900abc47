// NCCL's collectives on the GPUs of one node, ring algorithm, as its kernels drive SMs: one thread block per channel.
//
// Each channel passes its share of the buffer through the phases of a ring (send, receive-reduce-send, receive-copy-
// send, receive). Channels start together and run the same phases: in each the SM's port or the wires set the pace, and
// the wires are idle while all copy locally. Protocol Simple: a phase comes in slices of 1 MiB, at least two; each
// waits for its first load, a barrier and a fence. Send/receive has slices of its own and drifts: ports and wires
// overlap. Protocol LL: each thread moves 8 bytes a turn with a flag beside them, so latency paces it and half the wire
// is flags. LL128: lines of 128 bytes with 8 bytes of flags, no fences, but a start that NCCL itself puts at 14 us.
// Which of them a size gets follows NCCL's own tuning model (src/graph/tuning.cc: base and per-step latencies,
// bandwidth by channels). Switch multicast (NVLS) is not modelled: the measured kernels have it switched off.
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
    int channels = 24;  // that the library may use: of collectives, or of send/receive
    Bytes size{};  // as nccl-tests count: gathered output, input of reduce-scatter, whole buffer, what a rank sends
};

// A phase of all channels: bytes of one rank.
struct NcclPhase {
    double read = 0, local = 0, remote = 0;  // loaded, stored to the own memory, stored to a peer's
};
struct NcclFlow {
    std::vector<NcclPhase> phases;
    int steps = 0;     // hops that must follow each other
    double turns = 0;  // LL: buffer shares that pass a thread with a flag awaited or output written
    double sends = 0;  // LL: shares only sent
    double moved() const;
};
NcclFlow nccl_flow(NcclOp op, int ranks, double size);

enum class NcclProtocol { ll, ll128, simple };
// By NCCL's rule.
NcclProtocol nccl_protocol(const NcclCall& call);

// First thread block's start to the last one's end, launch included. ModelError for fewer than two ranks, no channels
// or more than the GPU has SMs, or no bytes.
Time nccl_time(const SystemConfig& system, const NcclCall& call, Frequency clock);

// Thread blocks of its kernel; those between the channels of two peers idle.
int nccl_blocks(const NcclCall& call);

}  // namespace tessera
