// The TLM-2.0 border between L2 and HBM: a bulk access of runs, as an extension of the generic payload. Somebody
// else's memory model can be bound to the same socket; one that ignores the extension sees a plain access of
// `get_data_length()` bytes.
#pragma once

#include "sim/base/units.hpp"

#include <tlm>

namespace tessera {

struct HbmAccess : tlm::tlm_extension<HbmAccess> {
    Bytes run{};                     // contiguous bytes; 0: all of them
    Bytes pitch{};                   // between the starts of neighbouring runs; 0: far
    bool scattered = false;          // runs lie in rows of their own
    bool paired = false;             // lines are fetched with their neighbours, which are asked for a moment later
    double near_memory_ratio = 1.0;  // bytes at the pins / bytes delivered; not 1: the logic beside the memory casts
    double core_ratio = 1.0;         // bytes of the arrays / bytes delivered
    bool timed = true;               // false: count the bytes, occupy nothing
    Bytes pin_bytes{};               // answer: bytes moved at the pins, whole bursts

    tlm::tlm_extension_base* clone() const override { return new HbmAccess(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override { *this = static_cast<const HbmAccess&>(other); }
};

}  // namespace tessera
