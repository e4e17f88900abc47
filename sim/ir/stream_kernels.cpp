#include "sim/ir/stream_kernels.hpp"

#include "sim/base/error.hpp"

namespace tessera::stream_kernels {

StreamDesc with_geometry(StreamDesc d, const Geometry& g) {
    if (g.tile_rows > 0) { d.tile_rows = g.tile_rows; }
    if (g.tile_cols > 0) { d.tile_cols = g.tile_cols; }
    if (g.max_ctas > 0) { d.max_ctas = g.max_ctas; }
    if (g.threads > 0) { d.threads = g.threads; }
    if (g.registers > 0) { d.registers = g.registers; }
    if (g.smem > bytes(0)) { d.smem = g.smem; }
    if (g.load_bytes_in_flight > bytes(0)) { d.load_bytes_in_flight = g.load_bytes_in_flight; }
    return d;
}

StreamDesc named(StreamDesc d, const std::vector<std::string>& reads, const std::vector<std::string>& writes) {
    invariant(reads.size() == d.reads.size(), "stream kernel: one name per operand read");
    invariant(writes.size() == d.writes.size(), "stream kernel: one name per operand written");
    for (std::size_t i = 0; i < reads.size(); ++i) { d.reads[i].tensor = reads[i]; }
    for (std::size_t i = 0; i < writes.size(); ++i) { d.writes[i].tensor = writes[i]; }
    return d;
}

}  // namespace tessera::stream_kernels
