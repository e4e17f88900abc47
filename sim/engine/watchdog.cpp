#include "sim/engine/watchdog.hpp"

#include "sim/base/error.hpp"

#include <utility>

namespace tessera {

void Watchdog::watch(Describe describe) {
    describe_ = std::move(describe);
    since_ = 0;
}

void Watchdog::fail(const char* why) const {
    std::string text = "simulation stopped: ";
    text += why;
    if (describe_) { text += "; waiting: " + describe_(); }
    throw InternalError(text);
}

}  // namespace tessera
