// The TMA of every SM, one module for all: descriptors are issued at a fixed interval, bytes stream into shared
// memory at the unit's rate, an optional cast unit (proposal) turns BF16 into FP8 with group scales on the way.
#pragma once

#include "models/if/clock.hpp"
#include "models/if/server.hpp"
#include "models/if/tma_if.hpp"
#include "sim/config/system_config.hpp"

#include <systemc>
#include <vector>

namespace tessera {

struct TmaStats {
    std::int64_t loads = 0, stores = 0;
    Bytes loaded{}, stored{}, cast{};
    Time busy{}, cast_busy{};
};

class Tma : public sc_core::sc_module, public TmaIf {
public:
    sc_core::sc_export<TmaIf> port;
    sc_core::sc_port<MemoryIf> memory;

    Tma(sc_core::sc_module_name name, const TmaConfig& config, int sms);

    void reset(Time now, const Clock& clock);
    TmaStats stats() const;

    // Throws ModelError for a cast without the capability and for a multicast wider than the hardware's.
    TmaReply load(const TmaCopy& copy, Time when) override;
    TmaReply store(const TmaCopy& copy, Time when) override;

private:
    MemoryReply fetch(const TmaCopy& copy, Time sent);

    struct Lane {
        Server issue, stream, cast;
    };
    TmaConfig config_;
    Clock clock_;
    Time interval_{}, overhead_{}, cast_latency_{};
    std::vector<Lane> lanes_;
    TmaStats stats_;
};

}  // namespace tessera
