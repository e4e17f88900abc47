// How DeepEP's kernels (deepseek-ai/DeepEP V1, csrc/kernels/{intranode,internode}.cu, deep_ep/buffer.py) spend SMs on
// an exchange: two SMs per channel, warps by role, chunk sizes by the number of ranks. Software facts, the same on
// every GPU.
#pragma once

#include "sim/base/units.hpp"

#include <functional>

namespace tessera {

struct DeepEpProtocol {
    int sms_per_channel = 2;  // 1: one SM does what the two below do
    // Between nodes, one channel: SM A holds RDMA senders and NVLink receivers, SM B forwards.
    int dispatch_sender_warps = 7;
    int forward_warps = 8;  // one per NVLink target; each looks at every row that reaches its relay
    int receive_warps = 8;  // one per NVLink source
    int combine_sender_warps = 8;
    int combine_forward_warps = 16;
    int combine_receive_warps = 24;
    // Within a node, one channel: one SM sends, one receives, their warps divided over the peers.
    int node_warps = 24;
    int node_dispatch_warps = 0;  // of a peer, dispatch; 0: its share of node_warps
    int node_combine_unroll = 4;  // as load_unroll, of its combine senders
    // Dependent ones per token that a dispatch sender looks at, beside a load of its routing flag: remainders of the
    // token's number by the warps (64 bits, 12) and of the slot by the buffer's rows (10), addresses and the loop (6).
    int walk_instructions = 28;
    int load_unroll = 5;       // 16-byte loads in flight per lane of a copying warp
    int row_trips = 3;         // dependent loads per row beside its payload: routing or slot, scales, top-k
    int nvlink_chunk = 0;      // rows between two updates of a queue's tail; 0: the library's default for the ranks
    int nvlink_buffer = 288;   // rows that a receiver's queue holds, of each channel and source
    bool proxied_puts = true;  // a CPU thread hands puts to the NIC: rows_rate; false: warps do (IBGDA), wire rate
    int reduce_unroll = 1;     // a reducing warp keeps one 16-byte step per input in flight
};

// The second public baseline, DeepEP V2 (README of deepseek-ai/DeepEP at b306af0): the same hops driven by bulk copies,
// which keep a whole row in flight, every SM in every role, so that 4 to 6 SMs suffice for V3-like training where V1
// takes 20 to 24.
DeepEpProtocol deepep_v2();

// As first released (deepseek-ai/DeepEP at ebfe47e), which the first published tables were measured with: one warp for
// each peer in a node's dispatch.
DeepEpProtocol deepep_first_release();

// Rows a sender pushes between two updates of the queue's tail.
struct DeepEpChunks {
    int nvlink = 0, rdma = 0;
};
DeepEpChunks deepep_chunks(bool combine, int ranks);

// A queue's senders within a node: the warps of a group copy the rows of a chunk, a row a warp at a time, and meet at a
// barrier; then the first warp releases the queue's tail while the others go on.
struct ChunkSenders {
    int rows = 6;          // of a chunk
    int warps = 12;        // of the group
    bool in_turn = false;  // rows go on to the next warp from chunk to chunk (dispatch), else each chunk starts anew
    Time fence{};          // for which the first warp waits
};
// Mean time from one chunk to the next; `round` is the time in which that many warps copy a row each. A chunk that does
// not fill its last round leaves the first warp without a row there, which hides its fence.
Time chunk_period(const ChunkSenders& senders, const std::function<Time(int)>& round);

}  // namespace tessera
