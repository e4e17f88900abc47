#include "workloads/pipeline/held.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera::pipeline {

Bytes most_held(const RankUse& rank, const std::vector<Bytes>& by_stage) {
    Bytes held{}, most{};
    const auto of = [&by_stage](const Piece& p) {
        invariant(p.stage >= 0 && p.stage < static_cast<int>(by_stage.size()), "a stage of unknown size");
        return by_stage[static_cast<std::size_t>(p.stage)];
    };
    for (const CellSpan& s : rank.spans) {
        for (const Piece& p : s.cell.pieces) {
            if (p.kind == PieceKind::forward) { held += of(p); }
        }
        most = std::max(most, held);
        for (const Piece& p : s.cell.pieces) {
            if (p.kind == PieceKind::backward || p.kind == PieceKind::weight_gradient) { held -= of(p); }
        }
    }
    return most;
}

}  // namespace tessera::pipeline
