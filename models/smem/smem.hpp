// Shared memory of every SM, one module for all: one data port per SM that serves accesses in order.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/server.hpp"
#include "models/if/smem_if.hpp"
#include "sim/config/system_config.hpp"

#include <systemc>
#include <vector>

namespace tessera {

struct SmemStats {
    Bytes bytes{};
    Time busy{};
};

class Smem : public sc_core::sc_module, public SmemIf {
public:
    sc_core::sc_export<SmemIf> port;

    Smem(sc_core::sc_module_name name, const SharedMemoryConfig& config, int sms);

    void reset(Time now, const Clock& clock);
    SmemStats stats() const;

    Time access(int sm, Bytes bytes, double conflict, Time when) override;
    void count(int sm, Bytes bytes) override;

private:
    SharedMemoryConfig config_;
    Clock clock_;
    Time latency_{};
    std::vector<Server> ports_;
    SmemStats stats_;
};

}  // namespace tessera
