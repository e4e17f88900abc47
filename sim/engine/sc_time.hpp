// Time of tessera to and from SystemC's; both count femtoseconds.
#pragma once

#include "sim/base/units.hpp"

#include <systemc>

namespace tessera {

inline sc_core::sc_time to_sc_time(Time t) { return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(t.raw())); }
inline Time from_sc_time(const sc_core::sc_time& t) { return femtoseconds(static_cast<std::int64_t>(t.value())); }

}  // namespace tessera
