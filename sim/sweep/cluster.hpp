// A sweep whose points run elsewhere: what is pending, the work itself, and taking in what came back. What runs the
// points (scripts/sweep_dask.py) knows nothing about them but their numbers.
#pragma once

#include "sim/sweep/sweep.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tessera::sweep {

// {"code": ..., "stage": ..., "points": [...]}: what the stage that comes next has to run; no points: the sweep is
// done.
std::string pending_json(const Plan& plan, const Store& store, const std::string& code);

// "3,17,20-29" as numbers. ConfigError if it is no such list or names points that the sweep does not have; the
// reference is point size().
std::vector<std::size_t> point_list(const std::string& text, const Plan& plan);
Stage stage_named(const std::string& name);  // ConfigError

// Runs the points one after another, each in a process of its own, and writes a line for each as it ends:
// {"code": ..., "record": {...}}.
void work(const Plan& plan, const std::vector<std::size_t>& points, Stage stage, const std::string& code,
          std::ostream& out, const TimerFactory& devices);

// Adds what work() wrote to the store, once per point whatever comes twice. ConfigError for lines of another program
// version, of points that the sweep does not have, or cut off: those before them are kept. Returns how many were new.
std::size_t take(const Plan& plan, Store& store, const std::string& code, std::istream& in);

}  // namespace tessera::sweep
