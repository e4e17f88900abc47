// covers: workloads/pipeline/one_f_one_b.cpp workloads/pipeline/zero_bubble.cpp workloads/pipeline/dual_pipe.cpp
#include "workloads/pipeline/schedule.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace tessera;
using namespace tessera::pipeline;
using Catch::Matchers::Contains;

namespace {

std::string text(const std::vector<Cell>& cells) {
    std::string out;
    for (const Cell& c : cells) {
        for (std::size_t i = 0; i < c.pieces.size(); ++i) { out += (i > 0 ? "&" : "") + to_string(c.pieces[i]); }
        out += ' ';
    }
    return out;
}

int cells_of_kind(const std::vector<Cell>& cells, PieceKind kind) {
    return static_cast<int>(std::count_if(cells.begin(), cells.end(), [kind](const Cell& c) {
        return c.pieces.size() == 1 && c.pieces.front().kind == kind;
    }));
}

}  // namespace

TEST_CASE("1F1B on three ranks, by hand") {
    const Plan p = make_plan(Schedule::one_f_one_b, 3, 3);
    CHECK(text(p.cells[0]) == "F0@0 F1@0 F2@0 B0@0 B1@0 B2@0 ");
    CHECK(text(p.cells[1]) == "F0@1 F1@1 B0@1 F2@1 B1@1 B2@1 ");
    CHECK(text(p.cells[2]) == "F0@2 B0@2 F1@2 B1@2 F2@2 B2@2 ");
}

TEST_CASE("DualPipe on two ranks, by hand") {
    const Plan p = make_plan(Schedule::dual_pipe, 2, 4);
    // One forward of each direction, the turn (not overlapped), then both directions in turn.
    CHECK(text(p.cells[0]) == "F0@0 F2@1 F1@0 B2@1 F3@1&B0@0 B3@1 I1@0 W1@0 ");
    CHECK(text(p.cells[1]) == "F2@0 F0@1 F3@0 B0@1 F1@1&B2@0 B1@1 I3@0 W3@0 ");
}

TEST_CASE("DualPipe of DeepSeek-V3: cells of one piece and overlapped ones by rank") {
    // 15,360 sequences over 128 pipelines: 120 micro-batches on 16 ranks. Published step counts give 97 overlapped
    // cells on the outer ranks and 104 on the inner ones.
    const Plan p = make_plan(Schedule::dual_pipe, 16, 120);
    const auto overlapped = [&p](std::size_t rank) {
        return std::count_if(p.cells[rank].begin(), p.cells[rank].end(),
                             [](const Cell& c) { return c.pieces.size() == 2; });
    };
    CHECK(overlapped(0) == 97);
    CHECK(overlapped(15) == 97);
    CHECK(overlapped(7) == 104 - 1);  // the turn
    CHECK(cells_of_kind(p.cells[0], PieceKind::forward) == 23);
    CHECK(cells_of_kind(p.cells[7], PieceKind::forward) == 16 + 1);
}

TEST_CASE("every schedule passes every micro-batch through every stage once") {
    for (const Schedule s : {Schedule::one_f_one_b, Schedule::zb1p, Schedule::dual_pipe, Schedule::dual_pipe_v}) {
        for (const int ranks : {2, 4, 8}) {
            for (const int more : {0, 2, 14}) {
                CAPTURE(to_string(s), ranks, more);
                CHECK_NOTHROW(check(make_plan(s, ranks, 2 * ranks + more)));
            }
        }
    }
}

TEST_CASE("a plan that loses or repeats work is refused with the reason") {
    Plan p = make_plan(Schedule::one_f_one_b, 2, 2);
    p.cells[1].pop_back();
    CHECK_THROWS_WITH(check(p), Contains("micro-batch 1 passes stage 1 1 times forward, 0 times for input"));
    p = make_plan(Schedule::one_f_one_b, 2, 2);
    p.cells[0].push_back(p.cells[0].front());
    CHECK_THROWS_WITH(check(p), Contains("passes stage 0 2 times forward"));
    p = make_plan(Schedule::one_f_one_b, 2, 2);
    std::swap(p.cells[0], p.cells[1]);
    CHECK_THROWS_WITH(check(p), Contains("does not hold that stage"));
}

TEST_CASE("sizes that a schedule cannot run are refused with the reason") {
    CHECK_THROWS_WITH(make_plan(Schedule::dual_pipe, 3, 12), Contains("even number of ranks, got 3"));
    CHECK_THROWS_WITH(make_plan(Schedule::dual_pipe, 4, 9), Contains("even number of micro-batches, got 9"));
    CHECK_THROWS_WITH(make_plan(Schedule::dual_pipe, 4, 6), Contains("at least 8 micro-batches, got 6"));
    CHECK_THROWS_WITH(make_plan(Schedule::one_f_one_b, 0, 6), Contains("at least one rank"));
    CHECK_THROWS_WITH(make_plan(Schedule::zb1p, 4, 0), Contains("at least one micro-batch"));
    CHECK_THROWS_AS(make_plan(Schedule::dual_pipe_v, 4, 7), ModelError);
}
