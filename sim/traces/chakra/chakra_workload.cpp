#include "sim/traces/chakra/chakra_workload.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/config/link_rates.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <queue>

namespace tessera::traces {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 8> kinds = {"invalid", "metadata", "mem_load", "mem_store",
                                              "compute", "send",     "receive",  "collective"};
constexpr std::uint64_t longest_us = 1800ULL * 1000 * 1000;  // half an hour: Time reaches 2.5 hours

bool communicates(const EtNode& n) {
    return n.kind == EtKind::collective || n.kind == EtKind::send || n.kind == EtKind::receive;
}
bool moves_memory(const EtNode& n) { return n.kind == EtKind::mem_load || n.kind == EtKind::mem_store; }

struct StreamName {
    std::string name;
    StreamRole role = StreamRole::compute;
    bool operator<(const StreamName& o) const { return name < o.name; }
};

StreamName stream_of(const EtNode& n) {
    const StreamRole role = communicates(n)   ? StreamRole::communication
                            : moves_memory(n) ? StreamRole::copy
                                              : StreamRole::compute;
    if (n.stream >= 0) { return {"stream " + std::to_string(n.stream), role}; }
    if (communicates(n)) { return {"communication", role}; }
    if (moves_memory(n)) { return {"memory", role}; }
    const bool host = n.is_cpu_op.value_or(false) || n.kind == EtKind::metadata || n.kind == EtKind::invalid;
    return {host ? "host" : "compute", host ? StreamRole::copy : StreamRole::compute};
}

// Bytes that every rank puts on its link, as a multiple of the collective's size, over `ranks` in a ring.
double link_share(const std::string& collective, double ranks) {
    if (ranks <= 1) { return 0; }
    if (collective == "ALL_REDUCE") { return 2 * (ranks - 1) / ranks; }
    if (collective == "BARRIER") { return 0; }
    if (collective == "BROADCAST" || collective == "REDUCE") { return 1; }
    return (ranks - 1) / ranks;
}

class Importer {
public:
    Importer(const EtTrace& trace, const RankGroups& groups, const SystemConfig& system)
        : trace_(trace), groups_(groups), system_(system) {}

    ImportedWorkload run() {
        w_.source = "chakra";
        w_.device = system_.name;
        w_.groups = groups_;
        for (const auto& [name, ranks] : groups_) { w_.ranks = std::max(w_.ranks, static_cast<int>(ranks.size())); }
        origin_ = trace_.nodes.front().start_us;
        for (const EtNode& n : trace_.nodes) {
            started_ = started_ || n.start_us > 0;
            origin_ = std::min(origin_, n.start_us);
        }
        for (std::size_t i = 0; i < trace_.nodes.size(); ++i) {
            if (!index_.try_emplace(trace_.nodes[i].id, i).second) {
                throw ConfigError("", "", "two nodes have the id " + std::to_string(trace_.nodes[i].id));
            }
        }
        for (const std::size_t i : order()) { add(trace_.nodes[i]); }
        for (const auto& [what, entry] : trace_.left_out.entries()) {
            w_.notes.push_back({what, entry.count, entry.first});
        }
        if (missing_ > 0) { w_.notes.push_back({"dependencies on nodes that do not exist", missing_, {}}); }
        if (estimated_ > 0) {
            w_.notes.push_back(
                {"nodes without a duration: what they need at least on " + system_.name, estimated_, {}});
        }
        return std::move(w_);
    }

private:
    // Every node after those it depends on; of several that could be next the one that started first, then by id.
    std::vector<std::size_t> order() {
        const auto& nodes = trace_.nodes;
        std::vector<std::vector<std::size_t>> followers(nodes.size());
        std::vector<int> open(nodes.size(), 0);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            for (const auto* deps : {&nodes[i].ctrl_deps, &nodes[i].data_deps}) {
                for (const std::uint64_t d : *deps) {
                    const auto at = index_.find(d);
                    if (at == index_.end()) {
                        ++missing_;
                        continue;
                    }
                    followers[at->second].push_back(i);
                    ++open[i];
                }
            }
        }
        using Entry = std::tuple<std::uint64_t, std::uint64_t, std::size_t>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
        const auto push = [&](std::size_t i) { ready.emplace(nodes[i].start_us, nodes[i].id, i); };
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (open[i] == 0) { push(i); }
        }
        std::vector<std::size_t> out;
        while (!ready.empty()) {
            const std::size_t i = std::get<2>(ready.top());
            ready.pop();
            out.push_back(i);
            for (const std::size_t f : followers[i]) {
                if (--open[f] == 0) { push(f); }
            }
        }
        if (out.size() != nodes.size()) {
            throw ConfigError("", "",
                              std::to_string(nodes.size() - out.size()) + " nodes wait for each other in a circle");
        }
        return out;
    }

    double ranks_of(const EtNode& n) const {
        const auto g = groups_.find(n.pg_name);
        if (g != groups_.end()) { return static_cast<double>(g->second.size()); }
        return n.pg_name.empty() && groups_.size() == 1 ? static_cast<double>(groups_.begin()->second.size()) : 2.0;
    }

    Time duration(const EtNode& n) {
        if (n.duration_us > 0) {
            if (n.duration_us > longest_us) {
                throw ModelError("node " + std::to_string(n.id) + " takes over half an hour");
            }
            return femtoseconds(static_cast<std::int64_t>(n.duration_us) * 1'000'000'000);
        }
        double s = 0;
        if (communicates(n) && n.comm_size > 0) {
            const double ranks = ranks_of(n);
            const bool inside = ranks <= system_.nic.ranks_per_node;
            const double rate = inside ? payload_rate(system_.nvlink).raw() : payload_rate(system_.nic).raw();
            const double share = n.kind == EtKind::collective ? link_share(collective_name(n.comm_type), ranks) : 1.0;
            s = static_cast<double>(n.comm_size) * share / rate;
        } else {
            const double flops =
                2.0 * system_.sm.tensor.bf16_mac_per_clk * system_.sm.count * system_.power.sustained_clock.raw();
            s = std::max(static_cast<double>(std::max<std::int64_t>(n.num_ops, 0)) / flops,
                         static_cast<double>(std::max<std::int64_t>(n.tensor_size, 0)) / system_.hbm.peak.raw());
        }
        if (s <= 0) { return Time::zero(); }
        ++estimated_;
        if (s > 1800) { throw ModelError("node " + std::to_string(n.id) + " would take over half an hour"); }
        return femtoseconds(seconds(s).raw() / 1'000'000 * 1'000'000);  // whole nanoseconds
    }

    ChakraFacts facts(const EtNode& n) const {
        ChakraFacts c;
        const auto whole = [](std::uint64_t v) {
            return v > static_cast<std::uint64_t>(INT64_MAX) ? std::int64_t{-1} : static_cast<std::int64_t>(v);
        };
        c.id = whole(n.id);
        if (c.id < 0) { throw ConfigError("", "", "a node's id is beyond 63 bits"); }
        c.kind = kinds[static_cast<std::size_t>(n.kind)];
        c.num_ops = n.num_ops;
        c.tensor_size = n.tensor_size;
        c.comm_size = n.comm_size;
        c.comm_priority = n.comm_priority;
        c.comm_src = n.comm_src;
        c.comm_dst = n.comm_dst;
        c.comm_tag = n.comm_tag;
        c.stream = n.stream;
        c.start_us = whole(n.start_us);
        c.duration_us = whole(n.duration_us);
        c.is_cpu_op = n.is_cpu_op ? (*n.is_cpu_op ? 1 : 0) : -1;
        c.collective = collective_name(n.comm_type);
        c.group = n.pg_name;
        for (const std::uint64_t d : n.ctrl_deps) { c.control.push_back(whole(d)); }
        for (const std::uint64_t d : n.data_deps) { c.data.push_back(whole(d)); }
        return c;
    }

    void add(const EtNode& n) {
        const StreamName stream = stream_of(n);
        const auto [at, fresh] = streams_.try_emplace(stream, static_cast<int>(w_.streams.size()));
        if (fresh) {
            if (w_.streams.size() >= 512) { throw ModelError("more than 512 streams"); }
            w_.streams.push_back({stream.name, stream.role, 0});
            ends_.push_back(Time::zero());
        }
        WorkloadTask t;
        t.role = n.name.empty() ? kinds[static_cast<std::size_t>(n.kind)] : n.name;
        t.name = t.role + " #" + std::to_string(n.id);
        t.kernel_name = n.name;
        const std::string collective = collective_name(n.comm_type);
        t.op_class =
            communicates(n)
                ? "comm_" + (collective.empty() ? std::string(kinds[static_cast<std::size_t>(n.kind)]) : collective)
            : moves_memory(n) ? "copy"
                              : "unknown";
        t.stream = at->second;
        Time ready = ends_[static_cast<std::size_t>(t.stream)];
        for (const auto* deps : {&n.ctrl_deps, &n.data_deps}) {
            for (const std::uint64_t d : *deps) {
                const auto task = tasks_.find(d);
                if (task == tasks_.end()) { continue; }
                const WorkloadTask& before = w_.tasks[static_cast<std::size_t>(task->second)];
                ready = max(ready, before.start + before.duration);
                if (before.stream != t.stream) { t.after.push_back(task->second); }
            }
        }
        std::sort(t.after.begin(), t.after.end());
        t.after.erase(std::unique(t.after.begin(), t.after.end()), t.after.end());
        t.duration = duration(n);
        if (started_) { t.gap = max(recorded_start(n) - ready, Time::zero()); }
        t.start = ready + t.gap;
        t.bytes = bytes(std::min(std::max<std::int64_t>(n.tensor_size, 0), std::int64_t{1} << 50U));
        t.chakra = facts(n);
        total_ += t.duration + t.gap;
        if (total_ > seconds(1800)) { throw ModelError("all nodes together take over half an hour"); }
        Time& end = ends_[static_cast<std::size_t>(t.stream)];
        end = max(end, t.start + t.duration);
        tasks_[n.id] = static_cast<int>(w_.tasks.size());
        w_.tasks.push_back(std::move(t));
    }

    // From the first recorded start.
    Time recorded_start(const EtNode& n) const {
        const std::uint64_t us = n.start_us - origin_;
        if (us > longest_us) { throw ModelError("the nodes start over half an hour apart"); }
        return femtoseconds(static_cast<std::int64_t>(us) * 1'000'000'000);
    }

    const EtTrace& trace_;
    const RankGroups& groups_;
    const SystemConfig& system_;
    ImportedWorkload w_;
    std::map<std::uint64_t, std::size_t> index_;
    std::map<StreamName, int> streams_;
    std::map<std::uint64_t, int> tasks_;
    std::vector<Time> ends_;
    bool started_ = false;  // the trace says when nodes started
    std::uint64_t origin_ = 0;
    Time total_{};
    std::int64_t missing_ = 0, estimated_ = 0;
};

}  // namespace

EtFolder find_et_files(const std::string& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        throw ConfigError(folder, "", "no such folder", "expected a folder of NAME.RANK.et files");
    }
    EtFolder out;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder, error)) { paths.push_back(entry.path()); }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& p : paths) {
        const std::string rank = p.stem().extension().string();  // ".3" of "name.3.et"
        const bool number = rank.size() > 1 && rank.size() < 9 &&
                            std::all_of(rank.begin() + 1, rank.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (p.extension() != ".et" || !number) { continue; }
        const auto [at, fresh] = out.files.try_emplace(std::stoi(rank.substr(1)), p.string());
        if (!fresh) {
            throw ConfigError(p.string(), "", "another file of this rank: " + at->second, "keep one trace in a folder");
        }
    }
    if (out.files.empty()) { throw ConfigError(folder, "", "no NAME.RANK.et file in this folder"); }
    const fs::path group_file = fs::path(folder) / "comm_group.json";
    if (fs::exists(group_file, error)) {
        const JsonValue document = read_json_file(group_file.string());
        for (const auto& [name, ranks] : JsonCursor(document, group_file.string()).members()) {
            for (const JsonCursor& r : ranks.items()) {
                if (r.integer() < 0 || r.integer() > (1 << 24)) { r.fail("expected a rank"); }
                out.groups[name].push_back(r.integer());
            }
        }
    }
    return out;
}

ImportedWorkload import_et(const EtTrace& trace, const RankGroups& groups, const SystemConfig& system) {
    return Importer(trace, groups, system).run();
}

}  // namespace tessera::traces
