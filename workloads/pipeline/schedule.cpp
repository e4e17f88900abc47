#include "workloads/pipeline/schedule.hpp"

#include "sim/base/error.hpp"
#include "workloads/pipeline/orders.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tessera::pipeline {

namespace {

void require(bool condition, const std::string& what) {
    if (!condition) { throw ModelError("pipeline schedule: " + what); }
}

char letter(PieceKind k) {
    switch (k) {
        case PieceKind::forward: return 'F';
        case PieceKind::backward: return 'B';
        case PieceKind::input_gradient: return 'I';
        case PieceKind::weight_gradient: return 'W';
    }
    throw InternalError("unknown kind of piece");
}

// Times a piece was seen, by what it does to (stage, micro-batch).
struct Passes {
    int forward = 0, input = 0, weight = 0;
};

void count(const Piece& p, Passes& n) {
    const bool whole = p.kind == PieceKind::backward;
    n.forward += p.kind == PieceKind::forward ? 1 : 0;
    n.input += whole || p.kind == PieceKind::input_gradient ? 1 : 0;
    n.weight += whole || p.kind == PieceKind::weight_gradient ? 1 : 0;
}

}  // namespace

const char* to_string(Schedule s) {
    switch (s) {
        case Schedule::one_f_one_b: return "1F1B";
        case Schedule::zb1p: return "ZB1P";
        case Schedule::dual_pipe: return "DualPipe";
        case Schedule::dual_pipe_v: return "DualPipeV";
    }
    throw InternalError("unknown pipeline schedule");
}

std::string to_string(const Piece& p) {
    return letter(p.kind) + std::to_string(p.micro_batch) + "@" + std::to_string(p.stage);
}

Plan make_plan(Schedule schedule, int ranks, int micro_batches) {
    require(ranks >= 1, "needs at least one rank, got " + std::to_string(ranks));
    require(micro_batches >= 1, "needs at least one micro-batch, got " + std::to_string(micro_batches));
    const bool both_ways = schedule == Schedule::dual_pipe, bent = schedule == Schedule::dual_pipe_v;
    if (both_ways) {
        require(ranks % 2 == 0, "DualPipe needs an even number of ranks, got " + std::to_string(ranks));
        require(micro_batches % 2 == 0,
                "DualPipe needs an even number of micro-batches, got " + std::to_string(micro_batches));
    }
    if (both_ways || bent) {
        require(micro_batches >= 2 * ranks, std::string(to_string(schedule)) + " on " + std::to_string(ranks) +
                                                " ranks needs at least " + std::to_string(2 * ranks) +
                                                " micro-batches, got " + std::to_string(micro_batches));
    }
    Plan plan;
    plan.schedule = schedule;
    plan.ranks = ranks;
    plan.stages = bent ? 2 * ranks : ranks;
    plan.micro_batches = micro_batches;
    switch (schedule) {
        case Schedule::one_f_one_b: plan.cells = one_f_one_b_order(ranks, micro_batches); break;
        case Schedule::zb1p: plan.cells = zero_bubble_order(ranks, micro_batches); break;
        case Schedule::dual_pipe: plan.cells = dual_pipe_order(ranks, micro_batches); break;
        case Schedule::dual_pipe_v: plan.cells = dual_pipe_v_order(ranks, micro_batches); break;
    }
    check(plan);
    return plan;
}

std::vector<int> ranks_of_stage(const Plan& plan, int stage) {
    if (plan.schedule == Schedule::dual_pipe) { return {stage, plan.ranks - 1 - stage}; }
    return {stage < plan.ranks ? stage : 2 * plan.ranks - 1 - stage};
}

int chunks_per_rank(Schedule schedule) {
    return schedule == Schedule::dual_pipe || schedule == Schedule::dual_pipe_v ? 2 : 1;
}

void check(const Plan& plan) {
    std::map<std::tuple<int, int>, Passes> seen;
    for (int rank = 0; rank < plan.ranks; ++rank) {
        for (const Cell& cell : plan.cells.at(static_cast<std::size_t>(rank))) {
            require(cell.pieces.size() == 1 || (cell.pieces.size() == 2 && cell.pieces[0].kind == PieceKind::forward &&
                                                cell.pieces[1].kind == PieceKind::backward),
                    "a cell holds one piece, or a forward and a backward piece");
            for (const Piece& p : cell.pieces) {
                require(
                    p.stage >= 0 && p.stage < plan.stages && p.micro_batch >= 0 && p.micro_batch < plan.micro_batches,
                    to_string(p) + " is outside " + std::to_string(plan.stages) + " stages and " +
                        std::to_string(plan.micro_batches) + " micro-batches");
                const std::vector<int> holders = ranks_of_stage(plan, p.stage);
                require(std::find(holders.begin(), holders.end(), rank) != holders.end(),
                        to_string(p) + " is on rank " + std::to_string(rank) + ", which does not hold that stage");
                count(p, seen[{p.stage, p.micro_batch}]);
            }
        }
    }
    for (int stage = 0; stage < plan.stages; ++stage) {
        for (int m = 0; m < plan.micro_batches; ++m) {
            const Passes n = seen[{stage, m}];
            require(n.forward == 1 && n.input == 1 && n.weight == 1,
                    "micro-batch " + std::to_string(m) + " passes stage " + std::to_string(stage) + " " +
                        std::to_string(n.forward) + " times forward, " + std::to_string(n.input) +
                        " times for input gradients and " + std::to_string(n.weight) +
                        " times for weight gradients; expected once each");
        }
    }
}

}  // namespace tessera::pipeline
