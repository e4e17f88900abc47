// How DeepEP's kernels (deepseek-ai/DeepEP V1, csrc/kernels/{intranode,internode}.cu, deep_ep/buffer.py) spend SMs on
// an exchange: two SMs per channel, warps by role, chunk sizes by the number of ranks. Software facts, the same on
// every GPU.
#pragma once

namespace tessera {

struct DeepEpProtocol {
    int sms_per_channel = 2;
    // Between nodes, one channel: SM A holds RDMA senders and NVLink receivers, SM B forwards.
    int dispatch_sender_warps = 7;
    int forward_warps = 8;  // one per NVLink target; each looks at every row that reaches its relay
    int receive_warps = 8;  // one per NVLink source
    int combine_sender_warps = 8;
    int combine_forward_warps = 16;
    int combine_receive_warps = 24;
    // Within a node, one channel: one SM sends, one receives, their warps divided over the peers.
    int node_warps = 24;
    int load_unroll = 5;    // 16-byte loads in flight per lane of a copying warp
    int row_trips = 3;      // dependent loads per row beside its payload: routing or slot, scales, top-k
    int reduce_unroll = 1;  // a reducing warp keeps one 16-byte step per input in flight
};

// Rows a sender pushes between two updates of the queue's tail.
struct DeepEpChunks {
    int nvlink = 0, rdma = 0;
};
DeepEpChunks deepep_chunks(bool combine, int ranks);

}  // namespace tessera
