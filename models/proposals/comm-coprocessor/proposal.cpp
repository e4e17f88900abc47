#include <algorithm>
#include <cmath>

#include "models/proposals/bounds.hpp"
#include "models/proposals/graph_edit.hpp"
#include "models/proposals/proposals.hpp"
#include "models/proposals/readme_texts.hpp"
#include "sim/base/text.hpp"

namespace tessera {
namespace {

// SMs that the communication kernels hold in this graph.
int communication_sms(const TaskGraph& graph) {
    int held = 0;
    for (const Task& task : graph.tasks) {
        if (const auto* exchange = std::get_if<ExchangeDesc>(&task.kernel)) { held = std::max(held, exchange->sms); }
        if (const auto* barrier = std::get_if<BarrierDesc>(&task.kernel)) { held = std::max(held, barrier->sms); }
    }
    return held;
}

class HandOverCommunication final : public GraphPass {
public:
    std::string_view name() const override { return "comm-coprocessor"; }

    TaskGraph run(TaskGraph graph, const SystemConfig& system) const override {
        const int partition = system.sm.count - communication_sms(graph);
        for (Stream& stream : graph.streams) {
            if (stream.max_sms == partition) { stream.max_sms = system.sm.count; }
        }
        for (Task& task : graph.tasks) {
            if (auto* exchange = std::get_if<ExchangeDesc>(&task.kernel)) {
                exchange->sms = 0;
                task.sms = 0;
            } else if (auto* barrier = std::get_if<BarrierDesc>(&task.kernel)) {
                barrier->sms = 0;
                task.sms = 0;
            } else if (task.sms == partition) {
                task.sms = system.sm.count;
            }
        }
        return graph;
    }
};

class CommCoprocessor final : public Proposal {
public:
    std::string_view slug() const override { return "comm-coprocessor"; }
    std::string_view readme() const override { return readme_text::comm_coprocessor; }

    std::vector<ProposalParameter> parameters() const override {
        return {
            {"engines", "", 8, 1, 64, "engines that work side by side",
             "enough for the ten channels of today's kernels less forwarding; a choice"},
            {"copy_throughput", "GB/s", 100, 0.1, 4000, "bytes copied per second and engine",
             "one Hopper copy engine moves a peer copy at several hundred GB/s; a quarter is assumed for "
             "small chunks",
             50, 150},
            {"reduce_throughput", "GB/s", 100, 0.1, 4000, "input bytes reduced per second and engine",
             "as copy: one 64-byte adder lane at 1.6 GHz; assumed", 50, 150},
            {"start_latency", "ns", 1000, 0, 1000000, "job posted to its first byte",
             "launch of a copy-engine job on Hopper, about a microsecond; assumed", 500, 3000},
            {"queue_depth", "", 64, 1, 65536, "jobs an engine holds in flight",
             "a choice: covers the round trip of the fabric at 64 KiB chunks"},
            {"multicast", "bool", 1, 0, 1, "a row is read once for all its copies, not once for each",
             "the report asks for multicast beside read, write and reduce"},
            {"forwarding", "bool", 1, 0, 1,
             "rows pass between InfiniBand and NVLink inside the engine, not by way of memory",
             "the report asks for forwarding between the two domains"},
            {"layout_rate", "", 1, 0.01, 1, "rate of copies that put rows in order, relative to plain ones",
             "addresses come from a table of rows; assumed free, as a scatter of whole rows of 7 KiB is", 0.5, 1},
            {"copy_pj_per_byte", "", 4, 0, 1000, "picojoules of an engine per byte copied, memory and links apart",
             "two small SRAM buffers of 1 pJ per byte and their wiring, twice; assumed", 2, 8},
            {"reduce_pj_per_byte", "", 5, 0, 1000, "picojoules of an engine per input byte added in FP32",
             "as a copy, and an FP32 addition of 1 to 2 pJ for each two bytes; assumed", 2.5, 10},
        };
    }

    void configure(SystemConfig& system, const ParameterValues& values) const override {
        CoprocessorConfig& c = system.coprocessor;
        c.present = true;
        c.engines = static_cast<int>(values.at("engines"));
        c.copy_throughput = gb_per_second(values.at("copy_throughput"));
        c.reduce_throughput = gb_per_second(values.at("reduce_throughput"));
        c.start_latency = nanoseconds(values.at("start_latency"));
        c.queue_depth = static_cast<int>(values.at("queue_depth"));
        c.multicast = values.at("multicast") >= 0.5;
        c.forwarding = values.at("forwarding") >= 0.5;
        c.layout_rate = values.at("layout_rate");
        c.copy_pj_per_byte = values.at("copy_pj_per_byte");
        c.reduce_pj_per_byte = values.at("reduce_pj_per_byte");
    }

    void passes(PassList& list, const ParameterValues&) const override {
        list.push_back(std::make_unique<HandOverCommunication>());
    }

    GainBound bound(const RunResult& baseline, const SystemConfig& system) const override {
        int held = 0;
        for (const Span& s : baseline.timeline.spans) {
            if (s.op_class.rfind("comm_", 0) == 0) { held = std::max(held, s.sms); }
        }
        const double returned = static_cast<double>(held) / static_cast<double>(system.sm.count);
        // A kernel may also lose a whole wave of thread blocks: at most half of its time.
        const auto share = [returned](const Span& s) {
            if (s.op_class.rfind("comm_", 0) == 0) { return 0.0; }
            return s.op_class.rfind("norm_", 0) == 0 ? 0.5 : returned;
        };
        return {removable_time(baseline, system, share),
                "compute kernels on all SMs at the same clock, second waves gone; the exchange no faster"};
    }

    AreaParts area(const SystemConfig&, const ParameterValues& values) const override {
        constexpr double clock_hz = 1.5e9, descriptor_bytes = 64, controller_um2 = 1.5e6;
        const double engines = values.at("engines");
        const double adders = std::ceil(values.at("reduce_throughput") * 1e9 / 2 / clock_hz);
        const double flight = values.at("copy_throughput") * 1e9 * values.at("start_latency") * 1e-9;
        const double buffer = 2 * flight + descriptor_bytes * values.at("queue_depth");
        return {
            {Die::gpu, logic(adders * block_um2::fp32_add + controller_um2) * engines,
             format_shortest(engines) + " engines, each a controller and " + format_shortest(adders) + " FP32 adders",
             "adders of ISSCC 2014; a controller as large as 200 32-bit multipliers with its wiring, assumed"},
            {Die::gpu, sram(buffer) * engines, "what is in flight while a job starts, and the queues",
             "twice throughput x start latency in SRAM (IEDM 2019 cells)"}};
    }
};

}  // namespace

std::unique_ptr<Proposal> make_comm_coprocessor() { return std::make_unique<CommCoprocessor>(); }

}  // namespace tessera
