// Rows of an exchange copied by SMs without a library's protocol around them: the bounds that any dispatch or combine
// in a node meets.
//
// Warps (or one bulk thread of each) take rows in turn. A row is read once and written to each target, or read from
// several places, added up and written once. The SM's port, the bytes in flight, the wires, HBM and the last uneven
// turn bound them.
#pragma once

#include "models/nvlink/sm_stream.hpp"

namespace tessera {

struct RowJob {
    int sms = 0;
    bool bulk = false;
    int warps = 20;     // per SM
    Bytes row{};        // read at once
    Bytes tail{};       // of which a copy of its own (scales)
    double rows = 0;    // that all warps of this GPU take
    double copies = 1;  // written per row, mean
    bool to_peers = true;
    double copy_bandwidth = 0;  // bytes per second of HBM for reads and writes together
};

// First row's descriptor to the last one's fence. `wire`: all of it on the busiest GPU's wires.
Time send_rows_time(const SmLinkParams& params, const RowJob& job, Time wire, Frequency clock);

struct AddJob {
    int sms = 0;
    int warps = 32;      // per SM
    Bytes row{};         // of one input and of the output
    double tokens = 0;   // outputs of this GPU
    int inputs = 8;      // per output
    double remote = 0;   // share of the inputs that lie in peers' memories
    double missing = 1;  // share of the inputs that L2 does not hold when they are read
    double copy_bandwidth = 0;
    double issue_slots = 4;  // warp instructions of an SM per clock
};

// Rows read from wherever they lie with one step of each input in flight, added in FP32, written.
Time add_rows_time(const SmLinkParams& params, const AddJob& job, Time wire, Frequency clock);

}  // namespace tessera
