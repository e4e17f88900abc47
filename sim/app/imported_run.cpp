#include "sim/app/imported_run.hpp"

#include "models/power/power_cap.hpp"
#include "models/proposals/selection.hpp"
#include "sim/app/calibrated_book.hpp"
#include "sim/app/numeric_error.hpp"
#include "sim/app/settle_clock.hpp"
#include "sim/app/summarize.hpp"
#include "sim/base/error.hpp"
#include "sim/base/log.hpp"
#include "sim/lower/dataflow.hpp"
#include "sim/lower/lower.hpp"
#include "sim/traces/workload.hpp"

#include <algorithm>
#include <numeric>

namespace tessera {
namespace {

using traces::ImportedWorkload;
using traces::WorkloadTask;

void check_order(const TaskGraph& graph, const std::string& file) {
    std::vector<Diagnostic> problems;
    for (const Orphan& o : unordered_reads(graph)) {
        problems.push_back(
            {file, "/tasks", o.task + " reads " + o.tensor + " without waiting for the task that writes it", ""});
    }
    if (!problems.empty()) { throw ConfigError(std::move(problems)); }
}

// The kernel's recorded time in its description's place.
void forget_shape(Task& task, const WorkloadTask& recorded) {
    RecordedDesc r;
    r.duration = max(recorded.duration, nanoseconds(1));
    r.hbm_bytes = recorded.bytes;
    r.sms = recorded.sms;
    task.kernel = r;
}

// What a proposal's kernel no longer writes but another reads comes from elsewhere: who reads what is inferred.
TaskGraph with_inputs(TaskGraph graph) {
    for (const Orphan& o : unwritten_reads(graph)) { graph.inputs.push_back(o.tensor); }
    return graph;
}

class ImportedRun {
public:
    ImportedRun(const RunConfig& config, TimerPool& timers)
        : config_(config), timers_(timers), workload_(traces::read_workload(config.workload.file)) {
        base_ = traces::workload_graph(workload_);
        check_order(base_, config.workload.file);
        held_ = std::min(workload_.link_sms, config.system.sm.count - 1);
        for (const WorkloadTask& t : workload_.tasks) {
            const KernelDesc& kernel = base_.tasks[recorded_.size()].kernel;
            recorded_[t.name] = {max(t.duration, nanoseconds(1)),
                                 {},
                                 std::holds_alternative<BarrierDesc>(kernel),
                                 t.beside_links,
                                 t.gap};
        }
    }

    RunResult run(const std::vector<ActiveProposal>& active) {
        const SystemConfig system = configured(config_.system, active);
        const PassList passes = proposal_passes(active);
        if (config_.simulation.replay_recorded) {
            for (Task& t : base_.tasks) { forget_shape(t, workload_.tasks[static_cast<std::size_t>(t.id)]); }
            return as_recorded(base_, system);
        }
        drop_refused(active.empty());
        const bool calibrated = config_.workload.timing == ImportedTiming::calibrated;
        if (calibrated) { calibrate(); }
        const TaskGraph graph = finish_lowering(with_inputs(run_passes(base_, passes, system)), system);
        return calibrated ? as_recorded(graph, system) : predicted(graph, system);
    }

private:
    CalibratedBook book_of(const TaskGraph& graph, const SystemConfig& system) {
        return {timers_.view(system), config_.simulation.exact,   graph, recorded_,
                system.sm.count,      held_by_links(graph, held_)};
    }

    ReplayInput input_of(const TaskGraph& graph, const SystemConfig& system) const {
        ReplayInput in;
        in.graph = &graph;
        in.system = &system;
        in.recorded = true;
        in.ranks.emplace_back();
        in.ranks[0].kernels.resize(graph.tasks.size());
        std::iota(in.ranks[0].kernels.begin(), in.ranks[0].kernels.end(), 0);
        for (const Task& t : graph.tasks) {
            const auto known = recorded_.find(t.name);
            in.gaps.push_back(known == recorded_.end() ? Time::max() : known->second.gap);
        }
        return in;
    }

    // Kernels that the model refuses on the recorded system stay as they were recorded.
    void drop_refused(bool tell) {
        const TaskGraph graph = finish_lowering(base_, config_.system);
        CalibratedBook book = book_of(graph, config_.system);
        book.KernelBook::set_clock(config_.system.power.sustained_clock);
        for (Task& t : base_.tasks) {
            try {
                book.model_time(t.id);
            } catch (const ModelError& e) {
                if (tell) { logger().info(t.name + " stays as recorded: " + e.what()); }
                forget_shape(t, workload_.tasks[static_cast<std::size_t>(t.id)]);
            }
        }
    }

    // Model times of the recorded kernels, on the system without proposals at the clock of its own run.
    void calibrate() {
        const TaskGraph graph = finish_lowering(base_, config_.system);
        CalibratedBook book = book_of(graph, config_.system);
        settle_clock(config_.simulation, input_of(graph, config_.system), book, PowerCap(config_.system.power));
        for (const Task& t : graph.tasks) { recorded_.at(t.name).model = book.model_time(t.id); }
    }

    RunResult as_recorded(const TaskGraph& graph, const SystemConfig& system) {
        CalibratedBook book = book_of(graph, system);
        SettledRun run = settle_clock(config_.simulation, input_of(graph, system), book, PowerCap(system.power));
        for (Span& s : run.outcome.timeline.spans) {
            s.sms = std::min(book.sms_of(s.task), std::max(book.price(s.task, 0).sms, s.sms));
            run.outcome.sm_seconds += to_seconds(s.end - s.start) * s.sms;
        }
        return finish(std::move(run), graph, system);
    }

    RunResult predicted(const TaskGraph& graph, const SystemConfig& system) {
        const int held = held_by_links(graph, held_);
        KernelBook book(timers_.view(system), config_.simulation.exact,
                        config_.simulation.exact || held <= 0
                            ? std::vector<int>{}
                            : std::vector<int>{system.sm.count - held, system.sm.count});
        ReplayInput in = input_of(graph, system);
        in.recorded = false;
        for (const Task& t : graph.tasks) { in.ranks[0].kernels[static_cast<std::size_t>(t.id)] = book.add(t.kernel); }
        return finish(settle_clock(config_.simulation, std::move(in), book, PowerCap(system.power)), graph, system);
    }

    static RunResult finish(SettledRun run, const TaskGraph& graph, const SystemConfig& system) {
        RunResult result = summarize(std::move(run), graph, system);
        result.numeric_error = numeric_error(graph, system);
        return result;
    }

    const RunConfig& config_;
    TimerPool& timers_;
    ImportedWorkload workload_;
    TaskGraph base_;
    RecordedPrices recorded_;
    int held_ = 0;
};

}  // namespace

RunResult run_imported(const RunConfig& config, TimerPool& timers, const std::vector<ActiveProposal>& active) {
    return ImportedRun(config, timers).run(active);
}

std::optional<Timeline> recording_of(const RunConfig& config) {
    if (config.workload.file.empty()) { return std::nullopt; }
    const ImportedWorkload w = traces::read_workload(config.workload.file);
    Timeline timeline;
    for (const Stream& s : w.streams) { timeline.streams.push_back(s.name); }
    for (const WorkloadTask& t : w.tasks) {
        Span s;
        s.task = static_cast<TaskId>(timeline.spans.size());
        s.name = t.name;
        s.role = t.role;
        s.op_class = t.op_class;
        s.region = t.region;
        s.stream = w.streams[static_cast<std::size_t>(t.stream)].name;
        s.iteration = t.iteration;
        s.pass = t.pass;
        s.start = t.start;
        s.end = t.start + t.duration;
        s.alone = t.duration;
        s.sms = t.sms;
        timeline.spans.push_back(std::move(s));
    }
    timeline.wall = w.wall();
    return timeline;
}

}  // namespace tessera
