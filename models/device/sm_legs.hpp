// Legs of an exchange that SMs drive the way DeepEP's kernels do.
#pragma once

#include "models/device/deepep.hpp"
#include "models/device/exchange_roles.hpp"
#include "models/device/pipeline.hpp"
#include "models/device/wire_sharing.hpp"
#include "models/nvlink/sm_copy.hpp"

#include <vector>

namespace tessera {

// What else uses the GPU's memory while an exchange runs. Rows that wait in a queue fall out of the L2 once as many
// bytes have passed as it holds; then a copying warp's round trips go to the HBM, where others make them longer.
struct MemoryBeside {
    Bytes l2{};          // capacity
    Time wait{};         // of an access at the HBM
    Bandwidth others{};  // HBM traffic of other kernels
    Bytes own{};         // HBM traffic of the whole exchange
    Time lasts{};        // estimate of the exchange's time
};

struct SmDrive {
    SmCopyParams copy;
    DeepEpProtocol protocol;
    DeepEpChunks chunks;
    Frequency clock{};
    int sms = 0;
    MemoryBeside memory{};
    int channels() const { return sms / protocol.sms_per_channel; }
};

// Time in which the SMs of all channels do `role`: rounds of warps in step that share their SM's port, and never
// less than all the port time of that SM (senders and receivers of a channel share one).
Leg sm_leg(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles,
           const ExchangeRole& role);

// What the role's warps alone take, all groups of an SM at its port.
Time queues_time(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role);

// The same for a queue that has its SM's port to itself, of the mean length.
Time lone_queue(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role);

// Warps of all channels that do `role` at a time.
int pushing_warps(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role);

// Lengths of the queues between a channel and a GPU of the node.
QueueSpread queues_of(const SmDrive& drive, const ExchangeFlow& flow);

// Share of a role's rows that are read from the HBM: all of a tensor's, and of a queue's those that waited too long.
double rows_from_hbm(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, const ExchangeRole& role);

// Share of the rows put on the network that the NIC finds in the HBM, not in the L2 any more.
double puts_from_hbm(const SmDrive& drive, const ExchangeFlow& flow);

// Chunks per channel in which a role hands its work on: RDMA puts between nodes, flags of the queues within a node.
double sm_chunks(const SmDrive& drive, ExchangeKind kind, const ExchangeFlow& flow, RoleKind role);
// Chunks in which rows cross the NIC: one RDMA put each, per channel.
double put_chunks(const SmDrive& drive, const ExchangeFlow& flow);

// Thread instructions of the copies and reductions: a load and a store per 16 bytes, additions apart.
double sm_instructions(const ExchangeFlow& flow, const std::vector<ExchangeRole>& roles);

}  // namespace tessera
