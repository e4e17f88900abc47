#include "models/proposals/bounds.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"

namespace tessera {
namespace {

class UnifiedFabric final : public Proposal {
public:
    std::string_view slug() const override { return "unified-fabric"; }
    std::string_view readme() const override { return readme_text::unified_fabric; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"packet_payload", "B", 512, 32, 65536, "data of one memory-semantic packet across the network",
             "four cache lines gathered into one write, as a row of 7 KiB allows; assumed", 256, 1024},
            {"packet_header", "B", 48, 0, 1024, "header of such a packet, with address translation and ordering",
             "InfiniBand's 42 bytes and a translated address's 6 more; assumed", 42, 64},
            {"switch_rate", "", 1.0, 0.01, 1.0, "multicast and reduce throughput of the switch relative to its link",
             "line rate, as NVSwitch's in-network reduction claims; assumed for the InfiniBand side", 0.8, 1.0},
            {"latency", "ns", 3700, 100, 1000000, "one way across the fabric",
             "the published 64-byte latency of InfiniBand across leaves (ISCA 2025 paper, table 5)", 2500, 6000},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        system.nvlink.switch_multicast = true;
        system.nvlink.switch_reduce = true;
        system.nvlink.switch_rate = system.nic.switch_rate = values.at("switch_rate");
        system.nic.in_network_reduce = true;
        system.nic.direct_forward = true;
        system.nic.packet = bytes(static_cast<std::int64_t>(values.at("packet_payload")));
        system.nic.header = bytes(static_cast<std::int64_t>(values.at("packet_header")));
        system.nic.row_puts = Bandwidth::zero();  // rows need no message of their own
        system.nic.latency = nanoseconds(values.at("latency"));
    }

    GainBound bound(const RunResult& baseline, const SystemConfig&) const override {
        return {beyond_compute(baseline),
                "the compute stream's kernels alone, with no exchange to wait for or beside them"};
    }

    AreaParts area(const SystemConfig& system, const ParameterValues& values) const override {
        constexpr double clock_hz = 1.5e9;
        const double adders = std::ceil(system.nvlink.per_direction.raw() * values.at("switch_rate") / 2 / clock_hz);
        return {{Die::gpu,
                 {1, 3, 8},
                 "translation, ordering and packet formats of one address space at the ports",
                 "assumed: a memory-management unit and reorder buffers beside the link controllers"},
                {Die::nvswitch, logic(adders * block_um2::fp32_add, Die::nvswitch) * 2.0,
                 "this GPU's share of adders and multicast tables in the switches",
                 "FP32 adders at the link's rate (ISSCC 2014), tables as large again; assumed"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_unified_fabric() { return std::make_unique<UnifiedFabric>(); }

}  // namespace tessera
