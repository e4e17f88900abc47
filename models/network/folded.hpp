// Traffic of thousands of GPUs without following each: GPUs whose nodes share a leaf with equally many others behave
// alike, and so do their links and what they send each other. Cost does not grow with the number of GPUs.
#pragma once

#include "models/network/fabrics.hpp"

namespace tessera::network {

// Bytes that a GPU sends to each of the others, by how far they are.
struct Spread {
    double node = 0;    // to each GPU of its node
    double rail = 0;    // to each GPU of the same index elsewhere
    double others = 0;  // to each other GPU
};

struct FoldedTime {
    Time last{};                                   // last byte, latencies included
    Time nvlink{}, nic{}, spine{};                 // each kind of link alone, its busiest
    double on_nvlink = 0, on_nic = 0, across = 0;  // bytes a GPU sends on its NVLink, its NIC, up from its leaf
    int flows = 0, links = 0;                      // classes followed
};

// All GPUs start together. Traffic spreads evenly over a leaf's uplinks. ModelError as check().
FoldedTime send_folded(const FabricShape& shape, const Spread& spread);

// Every GPU sends `each` bytes in equal parts to all others.
FoldedTime all_to_all_folded(const FabricShape& shape, Bytes each);

}  // namespace tessera::network
