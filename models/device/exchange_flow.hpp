// What an exchange moves, counted in rows of one token: pure bookkeeping of node-limited routing, no time.
//
// Dispatch sends a token once to each node that holds one of its experts, to the GPU of the same index there (the
// relay), which forwards it over NVLink to every GPU of the node that needs it. Combine is the same in reverse: each
// GPU returns its rows to the relay, which adds those of one token and sends one row back, and the home GPU adds the
// rows of the nodes. Nodes are equally likely, so the own node is one of a token's nodes with probability
// nodes_per_token / nodes. All ranks send alike; this rank receives `unique_tokens`, which may differ from the mean.
#pragma once

#include "models/switch/nv_switch.hpp"
#include "sim/base/units.hpp"
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

struct ExchangeFlow {
    int nodes = 1;
    int node_ranks = 1;      // ranks per node
    Bytes row{};             // one token
    double home_rows = 0;    // tokens of this rank
    double node_rows = 0;    // (token, node) pairs of its tokens
    double nic_out = 0;      // rows this rank writes to other nodes
    double nic_in = 0;       // rows that reach it from other nodes
    double relayed = 0;      // (token, node) pairs that pass it as relay, own node's included
    double copies = 0;       // (token, rank) pairs it forwards (dispatch) or gathers (combine) as relay
    double expert_rows = 0;  // rows this rank receives (dispatch) or returns (combine)
    double nvlink_out = 0;   // rows on its outgoing links
    double nvlink_in = 0;    // rows on its incoming links
    // Receive load of this rank against the mean of all ranks; 1: balanced.
    double skew() const;
};

// ModelError naming the field: ranks that do not fill their nodes, more nodes or ranks per token than there are.
// `in_network`: the NICs reduce on the way (combine): one row per token comes home.
ExchangeFlow exchange_flow(const ExchangeDesc& exchange, const SwitchParams& nv_switch, bool in_network);

// Rows in = rows out over all ranks: what the mean rank sends on each network the mean rank receives, reductions and
// multicasts counted. InternalError otherwise.
void check_conservation(const ExchangeDesc& exchange, const ExchangeFlow& flow, const SwitchParams& nv_switch,
                        bool in_network);

// `rows` rows as bytes, to the nearest byte.
Bytes rows_to_bytes(double rows, Bytes row);

}  // namespace tessera
