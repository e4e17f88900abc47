// Links between GPUs, time-annotated: a call books the wire and returns when, nothing waits.
#pragma once

#include "sim/base/units.hpp"

#include <systemc>
#include <vector>

namespace tessera {

// One GPU's end of a link.
class LinkIf : virtual public sc_core::sc_interface {
public:
    // Sends `payload` from `when` on or as soon as the wire is free; returns when its last byte is at the far end.
    virtual Time send(Bytes payload, Time when) = 0;
    // Takes `payload` that arrives from `when` on; returns when its last byte is in memory.
    virtual Time receive(Bytes payload, Time when) = 0;
};

// What joins the links of a node.
class SwitchIf : virtual public sc_core::sc_interface {
public:
    // `payload` from GPU `from` to each of `to`; returns when the last of them has it.
    virtual Time deliver(int from, const std::vector<int>& to, Bytes payload, Time when) = 0;
    // One `payload` from each of `from`, to be added at GPU `to`; returns when the sum can be read there (the sums
    // apart if the switch does not reduce).
    virtual Time gather(const std::vector<int>& from, int to, Bytes payload, Time when) = 0;
};

}  // namespace tessera
