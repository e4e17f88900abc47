// Small graphs and hand-set kernel prices for replay tests.
#pragma once

#include "sim/replay/replay.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace tessera::test {

// A GPU of 132 SMs, 1 GHz, HBM 1000 GB/s, L2 4000 B/clk, NVLink 100 GB/s, NIC 50 GB/s, launch gap 2 us.
inline SystemConfig small_system() {
    SystemConfig s;
    s.sm.count = 132;
    s.hbm.peak = gb_per_second(1000);
    s.hbm.read_efficiency = 1.0;
    s.l2.bandwidth = bytes_per_cycle(4000);
    s.nvlink.per_direction = gb_per_second(100);
    s.nic.per_gpu = gb_per_second(50);
    s.power.sustained_clock = megahertz(1000);
    s.launch.kernel_gap = microseconds(2);
    return s;
}

// Prices by kernel index; `add` gives a kernel that takes `us` on all SMs, scaled by 132 / SMs if `scales`.
class TestPrices : public KernelPrices {
public:
    int add(double us, double hbm_share = 0, int sms = 0, bool scales = false) {
        Entry e;
        e.result.time = microseconds(us);
        e.result.traffic.hbm_read = bytes(static_cast<std::int64_t>(hbm_share * 1e9 * us * 1e-3 + 0.5));
        e.result.sms = sms;
        e.result.limiter = hbm_share > 0.5 ? Limiter::hbm : Limiter::tensor_core;
        e.scales = scales;
        entries_.push_back(e);
        return static_cast<int>(entries_.size()) - 1;
    }
    KernelResult& result(int kernel) { return entries_[static_cast<std::size_t>(kernel)].result; }
    const KernelResult& price(int kernel, int sms) override {
        const Entry& e = entries_.at(static_cast<std::size_t>(kernel));
        auto [it, fresh] = memo_.try_emplace({kernel, sms}, e.result);
        if (fresh && e.scales && sms > 0) { it->second.time = e.result.time * (132.0 / sms); }
        if (fresh && e.result.sms == 0) { it->second.sms = sms; }
        return it->second;
    }

private:
    struct Entry {
        KernelResult result;
        bool scales = false;
    };
    std::vector<Entry> entries_;
    std::map<std::pair<int, int>, KernelResult> memo_;
};

// Builds a graph task by task; every task gets its own kernel index, in order.
class GraphBuilder {
public:
    StreamId stream(const std::string& name, StreamRole role = StreamRole::compute, int max_sms = 0) {
        graph.streams.push_back({name, role, max_sms});
        return static_cast<StreamId>(graph.streams.size()) - 1;
    }
    TaskId task(const std::string& name, StreamId stream, int kernel, std::vector<TaskId> deps = {},
                KernelDesc desc = StreamDesc{}, int sms = 0) {
        Task t;
        t.id = static_cast<TaskId>(graph.tasks.size());
        t.name = t.role = name;
        t.op_class = "test";
        t.stream = stream;
        t.kernel = std::move(desc);
        t.deps = std::move(deps);
        t.sms = sms;
        graph.tasks.push_back(t);
        kernels.push_back(kernel);
        return t.id;
    }
    TaskGraph graph;
    std::vector<int> kernels;
};

inline ReplayOutcome run(const GraphBuilder& b, TestPrices& prices, const SystemConfig& system,
                         std::vector<RankKernels> ranks = {}, bool recorded = false) {
    ReplayInput in;
    in.graph = &b.graph;
    in.system = &system;
    in.ranks = ranks.empty() ? std::vector<RankKernels>{{b.kernels}} : std::move(ranks);
    in.recorded = recorded;
    return replay(in, prices);
}

inline const Span& span(const ReplayOutcome& o, const std::string& name) {
    for (const Span& s : o.timeline.spans) {
        if (s.name == name) { return s; }
    }
    throw std::out_of_range(name);
}

}  // namespace tessera::test
