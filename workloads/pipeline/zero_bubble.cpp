#include "workloads/pipeline/orders.hpp"

#include <algorithm>

namespace tessera::pipeline {

std::vector<std::vector<Cell>> zero_bubble_order(int ranks, int micro_batches) {
    std::vector<std::vector<Cell>> order(static_cast<std::size_t>(ranks));
    for (int rank = 0; rank < ranks; ++rank) {
        auto& cells = order[static_cast<std::size_t>(rank)];
        const auto add = [&cells, rank](PieceKind kind, int m) { cells.push_back({{{kind, rank, m}}}); };
        int forwards = std::min(micro_batches, ranks - rank), weights = 0;
        for (int m = 0; m < forwards; ++m) { add(PieceKind::forward, m); }
        for (int m = 0; m < micro_batches; ++m) {
            add(PieceKind::input_gradient, m);
            if (m + 1 - weights > rank) { add(PieceKind::weight_gradient, weights++); }
            if (forwards < micro_batches) { add(PieceKind::forward, forwards++); }
        }
        while (weights < micro_batches) { add(PieceKind::weight_gradient, weights++); }
    }
    return order;
}

}  // namespace tessera::pipeline
