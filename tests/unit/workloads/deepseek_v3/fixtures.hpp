// The shipped training run and small variations of it.
#pragma once

#include "sim/config/loader.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace tessera::fixtures {

inline RunConfig train_run() {
    return load_run_config(std::string(TESSERA_SOURCE_DIR) + "/configs/runs/deepseek_v3_train_chunk.json");
}

inline WorkloadConfig balanced(WorkloadConfig w) {
    w.router = RouterConfig{};
    return w;
}

// The task of this role in this iteration; nullptr if there is none.
inline const Task* task_of(const TaskGraph& g, std::string_view role, int iteration, std::string_view region = {}) {
    const auto it = std::find_if(g.tasks.begin(), g.tasks.end(), [&](const Task& t) {
        return t.role == role && t.iteration == iteration && (region.empty() || t.region == region);
    });
    return it == g.tasks.end() ? nullptr : &*it;
}

inline int count_role(const TaskGraph& g, std::string_view role) {
    return static_cast<int>(
        std::count_if(g.tasks.begin(), g.tasks.end(), [&](const Task& t) { return t.role == role; }));
}

inline int count_class(const TaskGraph& g, std::string_view op_class) {
    return static_cast<int>(
        std::count_if(g.tasks.begin(), g.tasks.end(), [&](const Task& t) { return t.op_class == op_class; }));
}

// The shipped run's graph, built once.
inline const TaskGraph& train_graph() {
    static const RunConfig run = train_run();
    static const TaskGraph graph = deepseek_v3::build_train_chunk(run.workload, run.system);
    return graph;
}

// Roles of a region in issue order, in one iteration.
inline std::vector<std::string> roles_of(const TaskGraph& g, std::string_view region, int iteration) {
    std::vector<std::string> roles;
    for (const Task& t : g.tasks) {
        if (t.region == region && t.iteration == iteration) { roles.push_back(t.role); }
    }
    return roles;
}

// Bytes of everything the task of this role reads and writes in iteration 1.
inline std::int64_t bytes_of(std::string_view role) {
    return compulsory_bytes(task_of(train_graph(), role, 1)->kernel).raw();
}

// The task that `task` reads its operand number `read` from; nullptr for inputs of the graph.
inline const Task* producer(const TaskGraph& g, const Task& task, std::size_t read) {
    const std::string& tensor = reads(task.kernel).at(read)->tensor;
    for (std::size_t i = static_cast<std::size_t>(task.id); i-- > 0;) {
        for (const Operand* o : writes(g.tasks[i].kernel)) {
            if (o->tensor == tensor) { return &g.tasks[i]; }
        }
    }
    return nullptr;
}

inline std::string producer_role(std::string_view role, std::size_t read, std::string_view region = {}) {
    const Task* t = task_of(train_graph(), role, 1, region);
    const Task* p = producer(train_graph(), *t, read);
    return p == nullptr ? "" : p->role;
}

inline const GemmDesc& gemm_of(const Task& t) { return std::get<GemmDesc>(t.kernel); }

}  // namespace tessera::fixtures
