// Cell times for tests of pipeline schedules: one length per kind of piece, nothing for messages.
#pragma once

#include "workloads/pipeline/simulate.hpp"

namespace tessera::pipeline::fixtures {

struct FixedTimes : CellTimes {
    double forward = 1, backward = 2, input = 1, weight = 1;  // seconds
    double overlapped = 3;
    double message = 0;

    Time cell(const Cell& c) const override {
        if (c.pieces.size() == 2) { return seconds(overlapped); }
        switch (c.pieces.front().kind) {
            case PieceKind::forward: return seconds(forward);
            case PieceKind::backward: return seconds(backward);
            case PieceKind::input_gradient: return seconds(input);
            case PieceKind::weight_gradient: return seconds(weight);
        }
        return {};
    }
    Time transfer(int, int) const override { return seconds(message); }
};

}  // namespace tessera::pipeline::fixtures
