// Where the SMs of a device sit in the network to the L2: graphics processing clusters (GPCs) of texture processing
// clusters (TPCs) of two SMs; three TPCs share a way for stores (a CPC).
#pragma once

#include <vector>

namespace tessera {

struct SmPlace {
    int gpc = 0;
    int cpc = 0;   // within its GPC
    int half = 0;  // of the network: half of the GPCs share a way to the memory
    int side = 0;  // L2 partition of the SM's own
};

// Places of SMs 0..sms-1 in the order in which a grid of one block an SM fills them, so that the first n are those that
// a grid of n blocks gets: the TPCs of the first GPC that no large cluster can use (`lone_tpcs` of them) come first,
// then one SM of each TPC, round the GPCs, then the second ones. TPCs are shared out evenly, the last GPCs have one
// more. H200: 132 SMs, 8 GPCs, 4 lone TPCs: GPCs of 16 SMs and two of 18
// (scripts/silicon/memory_network/memory_network.cu).
std::vector<SmPlace> sm_places(int sms, int gpcs, int lone_tpcs);

// The same SMs in the order of a grid of clusters of `size` blocks: cluster i on SMs i * size .. i * size + size - 1 of
// one GPC, dealt round the GPCs. The lone TPCs come first where a cluster fits one (two SMs) and otherwise hold none.
// SMs that no cluster gets stand at the end. `clusters`: how many there are (H200 micro J.clusters: 66, 30, 15, 7 of 2,
// 4, 8, 16).
struct ClusterPlaces {
    std::vector<SmPlace> places;
    int clusters = 0;
};
ClusterPlaces cluster_places(const std::vector<SmPlace>& places, int size, int lone_tpcs);

// `n` of those SMs, as evenly over GPCs as can be: SM ids picked by hand.
std::vector<int> balanced_sms(const std::vector<SmPlace>& places, int n);

}  // namespace tessera
