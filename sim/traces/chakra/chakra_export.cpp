// The exporting half of chakra_workload.hpp.
#include "sim/base/error.hpp"
#include "sim/traces/chakra/chakra_workload.hpp"
#include "sim/traces/kernel_form.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

constexpr std::int64_t fs_per_us = 1'000'000'000;

EtKind kind_of(const std::string& name) {
    for (const auto& [word, kind] : {std::pair("invalid", EtKind::invalid), std::pair("metadata", EtKind::metadata),
                                     std::pair("mem_load", EtKind::mem_load), std::pair("mem_store", EtKind::mem_store),
                                     std::pair("send", EtKind::send), std::pair("receive", EtKind::receive),
                                     std::pair("collective", EtKind::collective)}) {
        if (name == word) { return kind; }
    }
    return EtKind::compute;
}

std::uint64_t from_whole(std::int64_t v) { return static_cast<std::uint64_t>(std::max<std::int64_t>(v, 0)); }

EtNode node_of(const ChakraFacts& c) {
    EtNode n;
    n.id = from_whole(c.id);
    n.kind = kind_of(c.kind);
    for (const std::int64_t d : c.control) { n.ctrl_deps.push_back(from_whole(d)); }
    for (const std::int64_t d : c.data) { n.data_deps.push_back(from_whole(d)); }
    n.start_us = from_whole(c.start_us);
    n.duration_us = from_whole(c.duration_us);
    if (c.is_cpu_op >= 0) { n.is_cpu_op = c.is_cpu_op != 0; }
    n.num_ops = c.num_ops;
    n.tensor_size = c.tensor_size;
    n.comm_type = collective_number(c.collective);
    n.comm_size = c.comm_size;
    n.comm_priority = c.comm_priority;
    n.comm_src = c.comm_src;
    n.comm_dst = c.comm_dst;
    n.comm_tag = c.comm_tag;
    n.stream = c.stream;
    n.pg_name = c.group;
    return n;
}

std::int64_t whole(double v) { return v < 9e18 ? static_cast<std::int64_t>(v) : INT64_MAX; }

// Members that an imported node has of its own; here from the task.
void place(const WorkloadTask& t, std::size_t index, int before, EtNode& n) {
    n.id = index;
    n.name = t.name;
    if (before >= 0) { n.ctrl_deps.push_back(static_cast<std::uint64_t>(before)); }
    for (const int d : t.after) { n.data_deps.push_back(static_cast<std::uint64_t>(d)); }
    n.start_us = static_cast<std::uint64_t>(t.start.raw() / fs_per_us);
    n.duration_us = static_cast<std::uint64_t>((t.duration.raw() + fs_per_us / 2) / fs_per_us);
    if (n.duration_us == 0 && t.duration > Time::zero()) { n.duration_us = 1; }
    n.stream = t.stream;
    n.is_cpu_op = false;
}

ChakraFacts facts_of(const WorkloadTask& t) {
    if (t.kernel) { return chakra_facts(make_kernel(JsonCursor(*t.kernel, t.name))); }
    RecordedDesc recorded;
    recorded.hbm_bytes = t.bytes;
    return chakra_facts(recorded);
}

}  // namespace

ChakraFacts chakra_facts(const KernelDesc& kernel) {
    ChakraFacts c;
    c.kind = "compute";
    if (const auto* e = std::get_if<ExchangeDesc>(&kernel)) {
        c.kind = "collective";
        c.collective = "ALL_TO_ALL";
        c.comm_size = e->tokens * e->bytes_per_token.raw();
    } else if (const auto* b = std::get_if<BarrierDesc>(&kernel)) {
        c.kind = "collective";
        c.collective = "BARRIER";
        c.comm_size = b->metadata.raw();
    } else {
        c.num_ops = whole(flops(kernel).raw());
        c.tensor_size = compulsory_bytes(kernel).raw();
    }
    return c;
}

EtTrace export_et(const ImportedWorkload& w) {
    EtTrace trace;
    trace.version = "0.0.4";
    std::vector<int> last(w.streams.size(), -1);
    for (std::size_t i = 0; i < w.tasks.size(); ++i) {
        const WorkloadTask& t = w.tasks[i];
        int& before = last[static_cast<std::size_t>(t.stream)];
        const bool imported = t.chakra && t.chakra->id >= 0;
        EtNode n = node_of(t.chakra ? *t.chakra : facts_of(t));
        if (imported) {
            n.name = t.kernel_name;
        } else {
            place(t, i, before, n);
        }
        before = static_cast<int>(i);
        trace.nodes.push_back(std::move(n));
    }
    return trace;
}

}  // namespace tessera::traces
