#include "workloads/pipeline/orders.hpp"

#include <algorithm>

namespace tessera::pipeline {

std::vector<std::vector<Cell>> one_f_one_b_order(int ranks, int micro_batches) {
    std::vector<std::vector<Cell>> order(static_cast<std::size_t>(ranks));
    for (int rank = 0; rank < ranks; ++rank) {
        auto& cells = order[static_cast<std::size_t>(rank)];
        const auto add = [&cells, rank](PieceKind kind, int m) { cells.push_back({{{kind, rank, m}}}); };
        const int ahead = std::min(micro_batches, ranks - 1 - rank);
        for (int m = 0; m < ahead; ++m) { add(PieceKind::forward, m); }
        for (int m = 0; m < micro_batches; ++m) {
            if (ahead + m < micro_batches) { add(PieceKind::forward, ahead + m); }
            add(PieceKind::backward, m);
        }
    }
    return order;
}

}  // namespace tessera::pipeline
