// Runs independent pieces of work in child processes: SystemC allows one simulation per process, and a fork inherits
// what the parent has already simulated.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace tessera {

struct Work {
    std::string name;                   // in messages
    std::function<std::string()> work;  // runs in the child; its answer travels back over a pipe
};

// Called in the parent as each piece ends: how many are done, of how many, which one.
using ProgressFn = std::function<void(std::size_t done, std::size_t total, const std::string& name)>;

// Answers in the order of `list`, at most `jobs` children at a time (at least one). The first piece that fails ends
// the rest: ConfigError, ModelError and InternalError come back as such with the piece's name in front; a child that
// dies is an InternalError that names the signal. `on_answer`, if given, sees each answer as soon as it is there
// and may change it.
std::vector<std::string> run_in_processes(const std::vector<Work>& list, int jobs, const ProgressFn& progress = {},
                                          const std::function<void(std::string&)>& on_answer = {});

}  // namespace tessera
