#include "sim/replay/span_log.hpp"

#include <algorithm>

namespace tessera {

Traffic scaled(const Traffic& t, double factor) {
    Traffic s;
    s.hbm_read = t.hbm_read * factor;
    s.hbm_write = t.hbm_write * factor;
    s.l2_read = t.l2_read * factor;
    s.l2_write = t.l2_write * factor;
    s.smem = t.smem * factor;
    s.nvlink_out = t.nvlink_out * factor;
    s.nvlink_in = t.nvlink_in * factor;
    s.nic_out = t.nic_out * factor;
    s.nic_in = t.nic_in * factor;
    return s;
}

EnergyUse scaled(const EnergyUse& e, double factor) {
    return {e.tensor * factor, e.cuda * factor, e.smem * factor,  e.l2 * factor,
            e.hbm * factor,    e.link * factor, e.engine * factor};
}

void log_work(SpanLog& log, const KernelResult& price, int repeat, double share) {
    const double times = repeat * share;
    log.traffic += scaled(price.traffic, times);
    log.energy += scaled(price.energy, times);
    log.tensor_sm_seconds += to_seconds(price.tensor_busy) * price.sms * times;
    log.clock_time += price.time * (price.clock_bound * times);
    log.limiter = price.limiter;
}

Limiter span_limiter(const SpanLog& log) {
    const auto worst = std::max_element(log.slowed.begin(), log.slowed.end());
    if (*worst * 2 > log.end - log.start) {
        return limiter_of(static_cast<SharedResource>(worst - log.slowed.begin()));
    }
    return log.limiter;
}

Timeline make_timeline(const ReplayPlan& plan, const std::vector<SpanLog>& logs) {
    const TaskGraph& graph = *plan.graph;
    Timeline timeline;
    for (const Stream& s : graph.streams) { timeline.streams.push_back(s.name); }
    timeline.spans.reserve(graph.tasks.size());
    for (const Task& task : graph.tasks) {
        const SpanLog& log = logs[static_cast<std::size_t>(task.id)];
        const Stream& stream = graph.streams[static_cast<std::size_t>(task.stream)];
        Span span;
        span.task = task.id;
        span.name = task.name;
        span.role = task.role;
        span.op_class = task.op_class;
        span.region = task.region;
        span.stream = stream.name;
        span.iteration = task.iteration;
        span.pass = task.pass;
        span.start = log.start;
        span.end = log.end;
        span.alone = log.alone;
        span.waited = log.waited;
        span.limiter = span_limiter(log);
        span.sms = log.sms;
        span.traffic = log.traffic;
        span.energy_j = log.energy.total().raw();
        span.kernels = task.repeat;
        timeline.wall = max(timeline.wall, log.end);
        const bool after_own_stream =
            log.binding.predecessor >= 0 &&
            graph.tasks[static_cast<std::size_t>(log.binding.predecessor)].stream == task.stream;
        if (stream.role == StreamRole::compute && after_own_stream) {
            timeline.gap_time += log.ready - log.binding.predecessor_end;
        }
        timeline.spans.push_back(std::move(span));
    }
    std::sort(timeline.spans.begin(), timeline.spans.end(),
              [](const Span& a, const Span& b) { return a.start != b.start ? a.start < b.start : a.task < b.task; });
    return timeline;
}

}  // namespace tessera
