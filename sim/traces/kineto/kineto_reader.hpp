// Traces of the PyTorch profiler (Kineto) and others in Chrome's trace event format: {"traceEvents": [...]} or the bare
// array, plain or gzip.
//
// Read as a stream: memory holds the GPU's kernels and copies, the host calls that launch them or order streams, and
// named ranges; operators, Python frames and the rest go by. At most four million events are kept.
#pragma once

#include "sim/traces/recorded_trace.hpp"

#include <string>

namespace tessera::traces {

// Events that cannot be used (no time, a negative duration, ...) are counted in left_out; a file that ends or breaks
// off early gives what was read until there, with `complete` false. ConfigError: no such file, no JSON at all, no GPU
// kernel in it, more events or longer texts than an importer can hold.
RecordedTrace read_kineto(const std::string& path);

}  // namespace tessera::traces
