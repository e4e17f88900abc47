// The shipped training run and small variations of it.
#pragma once

#include "sim/config/loader.hpp"
#include "workloads/deepseek_v3/train_chunk.hpp"

#include <algorithm>
#include <string>

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

inline const GemmDesc& gemm_of(const Task& t) { return std::get<GemmDesc>(t.kernel); }

}  // namespace tessera::fixtures
