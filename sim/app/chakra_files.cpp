#include "sim/app/chakra_files.hpp"

#include "sim/app/simulated_graph.hpp"
#include "sim/base/error.hpp"
#include "sim/config/loader.hpp"
#include "sim/traces/chakra/chakra_workload.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

namespace tessera {
namespace {

using traces::EtKind;
using traces::EtNode;
using traces::EtTrace;
using traces::ImportedWorkload;
using traces::WorkloadTask;

constexpr char all_ranks[] = "0";  // name of the group of all ranks in an export

std::int64_t collectives(const EtTrace& t) {
    return std::count_if(t.nodes.begin(), t.nodes.end(), [](const EtNode& n) { return n.kind == EtKind::collective; });
}

// A simulated graph's tasks with their times.
ImportedWorkload from_run(const RunConfig& config) {
    if (config.workload.kind != "train_chunk") {
        throw ModelError("an export takes one graph; \"" + config.workload.kind + "\" is composed of several");
    }
    TimerPool timers(simulated_devices());
    const Bench bench(config, timers);
    KernelBook book = bench.book();
    const LoweredWorkload lowered = lower_workload(config, bench.system, bench.passes, book);
    const RunResult result = simulate_graph(bench, book, lowered);
    ImportedWorkload w;
    w.name = config.workload.name;
    w.source = "run";
    w.device = config.system.name;
    w.device_sms = config.system.sm.count;
    w.ranks = config.workload.parallel.expert_ranks;
    w.streams = lowered.graph.streams;
    w.tasks.resize(lowered.graph.tasks.size());
    for (const Span& s : result.timeline.spans) {
        const Task& task = lowered.graph.tasks[static_cast<std::size_t>(s.task)];
        WorkloadTask& t = w.tasks[static_cast<std::size_t>(s.task)];
        t.name = t.kernel_name = task.name;
        t.role = task.role;
        t.op_class = task.op_class;
        t.stream = task.stream;
        t.start = s.start;
        t.duration = s.end - s.start;
        for (const TaskId d : task.deps) {
            if (lowered.graph.tasks[static_cast<std::size_t>(d)].stream != task.stream) { t.after.push_back(d); }
        }
        t.chakra = traces::chakra_facts(task.kernel);
    }
    return w;
}

}  // namespace

ImportedWorkload import_chakra(const std::string& folder, int rank, const std::string& system) {
    const traces::EtFolder files = traces::find_et_files(folder);
    const auto own = files.files.find(rank);
    if (own == files.files.end()) {
        throw ConfigError(folder, "", "no file of rank " + std::to_string(rank),
                          "ranks " + std::to_string(files.files.begin()->first) + " to " +
                              std::to_string(files.files.rbegin()->first));
    }
    const EtTrace trace = traces::read_et(own->second);
    ImportedWorkload w;
    try {
        w = traces::import_et(trace, files.groups, load_system(find_config("systems", system)));
    } catch (const ConfigError& e) {
        std::vector<Diagnostic> problems = e.diagnostics();
        for (Diagnostic& d : problems) { d.file = d.file.empty() ? own->second : d.file; }
        throw ConfigError(std::move(problems));
    }
    std::int64_t nodes = 0, others = 0;
    for (const auto& [r, file] : files.files) {
        if (r == rank) { continue; }
        const EtTrace other = traces::read_et(file);
        nodes += other.nodes.size() != trace.nodes.size() ? 1 : 0;
        others += collectives(other) != collectives(trace) ? 1 : 0;
    }
    if (nodes > 0) { w.notes.push_back({"ranks with another number of nodes", nodes, {}}); }
    if (others > 0) { w.notes.push_back({"ranks with another number of collectives", others, {}}); }
    const std::filesystem::path path(own->second);
    w.name = path.stem().stem().string();
    w.source_file = path.filename().string();
    w.rank = rank;
    w.ranks = std::max(w.ranks, files.files.rbegin()->first + 1);
    return w;
}

ImportedWorkload exportable_workload(const std::string& name) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(name, ignored)) {
        const JsonValue document = read_json_file(name);
        const JsonValue* schema = document.is_object() ? document.find("schema") : nullptr;
        if (schema != nullptr && schema->is_string() && schema->as_string().rfind("tessera.workload/", 0) == 0) {
            return traces::workload_from_json(document, name);
        }
    }
    const RunConfig config = load_run_config(find_config("runs", name));
    return config.workload.file.empty() ? from_run(config) : traces::read_workload(config.workload.file);
}

std::map<std::string, std::string> chakra_files(ImportedWorkload w, int ranks) {
    EtTrace trace = traces::export_et(w);
    bool whole = false;
    for (EtNode& n : trace.nodes) {
        if (n.kind != EtKind::collective || !n.pg_name.empty()) { continue; }
        whole = true;
        n.pg_name = all_ranks;
    }
    if (whole) {
        std::vector<std::int64_t>& group = w.groups[all_ranks];
        group.resize(static_cast<std::size_t>(ranks));
        std::iota(group.begin(), group.end(), 0);
    }
    std::map<std::string, std::string> files;
    const std::string bytes = traces::et_bytes(trace);
    for (int r = 0; r < ranks; ++r) { files[w.name + "." + std::to_string(r) + ".et"] = bytes; }
    if (w.groups.empty()) { return files; }
    JsonValue groups = JsonValue::object();
    for (const auto& [name, members] : w.groups) {
        JsonValue list = JsonValue::array();
        for (const std::int64_t r : members) { list.push(JsonValue::integer(r)); }
        groups.set(name, std::move(list));
    }
    files["comm_group.json"] = write_json(groups) + "\n";
    return files;
}

}  // namespace tessera
