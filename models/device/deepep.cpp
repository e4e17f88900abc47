#include "models/device/deepep.hpp"

#include "sim/base/error.hpp"

#include <array>

namespace tessera {

namespace {

struct Row {
    int ranks;
    DeepEpChunks dispatch, combine;
};

// The recommended configurations of deep_ep/buffer.py.
constexpr std::array<Row, 10> recommended = {{{2, {24, 6}, {10, 6}},
                                              {4, {6, 6}, {9, 6}},
                                              {8, {6, 6}, {4, 6}},
                                              {16, {16, 20}, {2, 28}},
                                              {24, {8, 32}, {1, 20}},
                                              {32, {8, 32}, {1, 20}},
                                              {64, {20, 28}, {1, 20}},
                                              {128, {20, 32}, {1, 12}},
                                              {144, {32, 12}, {2, 8}},
                                              {160, {28, 12}, {2, 8}}}};

}  // namespace

DeepEpProtocol deepep_v2() {
    DeepEpProtocol p;
    p.sms_per_channel = 1;
    p.dispatch_sender_warps = p.forward_warps = p.receive_warps = p.combine_sender_warps = 16;
    p.combine_forward_warps = p.combine_receive_warps = 16;
    p.load_unroll = 64;  // one bulk copy per row: 32 KiB and more in flight
    p.row_trips = 1;
    p.proxied_puts = false;
    p.reduce_unroll = 8;  // inputs staged in shared memory by bulk copies
    return p;
}

DeepEpProtocol deepep_first_release() {
    DeepEpProtocol p;
    p.node_dispatch_warps = 1;
    return p;
}

DeepEpChunks deepep_chunks(bool combine, int ranks) {
    const Row* best = &recommended.front();
    for (const Row& row : recommended) {
        if (row.ranks <= ranks) { best = &row; }
    }
    return combine ? best->combine : best->dispatch;
}

Time chunk_period(const ChunkSenders& s, const std::function<Time(int)>& round) {
    if (s.rows < 1 || s.warps < 1) { throw ModelError("senders of an exchange need rows and warps"); }
    const int whole = s.rows / s.warps, left = s.rows % s.warps;
    Time period = whole > 0 ? round(s.warps) * static_cast<double>(whole) : Time::zero();
    if (left == 0) { return period + s.fence; }
    const Time last = round(left);
    const double busy = s.in_turn ? static_cast<double>(left) / s.warps : 1.0;  // the first warp has a row in it
    return period + (last + s.fence) * busy + max(last, s.fence) * (1 - busy);
}

}  // namespace tessera
