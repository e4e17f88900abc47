#include "models/device/deepep.hpp"

#include <array>

namespace tessera {

namespace {

struct Row {
    int ranks;
    DeepEpChunks dispatch, combine;
};

// The recommended configurations of deep_ep/buffer.py.
constexpr std::array<Row, 10> recommended = {{{2, {24, 6}, {10, 6}},
                                              {4, {6, 6}, {9, 6}},
                                              {8, {6, 6}, {4, 6}},
                                              {16, {16, 20}, {2, 28}},
                                              {24, {8, 32}, {1, 20}},
                                              {32, {8, 32}, {1, 20}},
                                              {64, {20, 28}, {1, 20}},
                                              {128, {20, 32}, {1, 12}},
                                              {144, {32, 12}, {2, 8}},
                                              {160, {28, 12}, {2, 8}}}};

}  // namespace

DeepEpChunks deepep_chunks(bool combine, int ranks) {
    const Row* best = &recommended.front();
    for (const Row& row : recommended) {
        if (row.ranks <= ranks) { best = &row; }
    }
    return combine ? best->combine : best->dispatch;
}

}  // namespace tessera
