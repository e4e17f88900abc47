#include "workloads/pipeline/simulate.hpp"

#include "sim/base/error.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace tessera::pipeline {

namespace {

// Where and when a result came into being.
struct Made {
    int rank = -1;
    Time at{};
};

class Simulation {
public:
    Simulation(const Plan& plan, const CellTimes& times) : plan_(plan), times_(times) {
        const auto pieces = static_cast<std::size_t>(plan.stages) * static_cast<std::size_t>(plan.micro_batches);
        forwards_.resize(pieces);
        gradients_.resize(pieces);
        next_.resize(static_cast<std::size_t>(plan.ranks));
        out_.ranks.resize(next_.size());
    }

    PipelineRun run() {
        for (bool moved = true; moved;) {
            moved = false;
            for (int r = 0; r < plan_.ranks; ++r) {
                while (advance(r)) { moved = true; }
            }
        }
        for (int r = 0; r < plan_.ranks; ++r) {
            if (cell_of(r) != nullptr) { throw ModelError(deadlock(r)); }
        }
        for (std::size_t r = 0; r < out_.ranks.size(); ++r) { finish(r); }
        return std::move(out_);
    }

private:
    const Cell* cell_of(int rank) const {
        const auto r = static_cast<std::size_t>(rank);
        const std::vector<Cell>& cells = plan_.cells.at(r);
        return next_[r] < cells.size() ? &cells[next_[r]] : nullptr;
    }

    std::size_t index(int stage, int micro_batch) const {
        return static_cast<std::size_t>(stage) * static_cast<std::size_t>(plan_.micro_batches) +
               static_cast<std::size_t>(micro_batch);
    }

    // What `p` needs; nothing for the forward piece of the first stage.
    std::optional<Piece> needed(const Piece& p) const {
        switch (p.kind) {
            case PieceKind::forward:
                if (p.stage == 0) { return std::nullopt; }
                return Piece{PieceKind::forward, p.stage - 1, p.micro_batch};
            case PieceKind::backward:
            case PieceKind::input_gradient:
                if (p.stage == plan_.stages - 1) { return Piece{PieceKind::forward, p.stage, p.micro_batch}; }
                return Piece{PieceKind::input_gradient, p.stage + 1, p.micro_batch};
            case PieceKind::weight_gradient: return Piece{PieceKind::input_gradient, p.stage, p.micro_batch};
        }
        throw InternalError("unknown kind of piece");
    }

    const Made& made(const Piece& p) const {
        return (p.kind == PieceKind::forward ? forwards_ : gradients_)[index(p.stage, p.micro_batch)];
    }

    // The first thing a cell still waits for.
    std::optional<Piece> missing(const Cell& cell) const {
        for (const Piece& p : cell.pieces) {
            const std::optional<Piece> need = needed(p);
            if (need && made(*need).rank < 0) { return need; }
        }
        return std::nullopt;
    }

    bool advance(int rank) {
        const Cell* cell = cell_of(rank);
        if (cell == nullptr || missing(*cell)) { return false; }
        RankUse& use = out_.ranks[static_cast<std::size_t>(rank)];
        Time start = use.spans.empty() ? Time::zero() : use.spans.back().end;
        for (const Piece& p : cell->pieces) {
            const std::optional<Piece> need = needed(p);
            if (!need) { continue; }
            const Made& m = made(*need);
            start = std::max(start, m.rank == rank ? m.at : m.at + times_.transfer(m.rank, rank));
        }
        const Time length = times_.cell(*cell);
        invariant(length >= Time::zero(), "a cell of negative length");
        use.spans.push_back({*cell, start, start + length});
        for (const Piece& p : cell->pieces) { finished(p, rank, start + length); }
        out_.end = std::max(out_.end, start + length);
        ++next_[static_cast<std::size_t>(rank)];
        return true;
    }

    void finished(const Piece& p, int rank, Time at) {
        if (p.kind == PieceKind::forward) {
            forwards_[index(p.stage, p.micro_batch)] = {rank, at};
        } else if (p.kind != PieceKind::weight_gradient) {
            gradients_[index(p.stage, p.micro_batch)] = {rank, at};
        }
    }

    // Follows the waits from `rank` until the chain bites its tail.
    std::string deadlock(int rank) const {
        std::string text = "pipeline schedule: no rank can go on: ";
        std::set<int> visited;
        while (visited.insert(rank).second) {
            const Cell* cell = cell_of(rank);
            const Piece need = missing(*cell).value();
            text += "rank " + std::to_string(rank) + " waits before " + to_string(cell->pieces.front()) + " for " +
                    to_string(need) + " of ";
            const int holder = holder_of(need);
            if (holder < 0) { return text + "no rank (its order does not have it)"; }
            text += "rank " + std::to_string(holder) + "; ";
            rank = holder;
        }
        return text + "which closes the circle at rank " + std::to_string(rank);
    }

    int holder_of(const Piece& need) const {
        const auto same = [&need](const Piece& p) {
            const bool gradient = p.kind == PieceKind::backward || p.kind == PieceKind::input_gradient;
            const bool kind = need.kind == PieceKind::forward ? p.kind == PieceKind::forward : gradient;
            return kind && p.stage == need.stage && p.micro_batch == need.micro_batch;
        };
        for (std::size_t r = 0; r < plan_.cells.size(); ++r) {
            for (std::size_t i = next_[r]; i < plan_.cells[r].size(); ++i) {
                const std::vector<Piece>& pieces = plan_.cells[r][i].pieces;
                if (std::any_of(pieces.begin(), pieces.end(), same)) { return static_cast<int>(r); }
            }
        }
        return -1;
    }

    void finish(std::size_t r) {
        RankUse& use = out_.ranks[r];
        use.waiting = out_.end;
        int held = 0;
        for (const CellSpan& s : use.spans) {
            const Time length = s.end - s.start;
            use.waiting -= length;
            total_of(use, s.cell) += length;
            for (const Piece& p : s.cell.pieces) { held += p.kind == PieceKind::forward ? 1 : 0; }
            use.most_in_flight = std::max(use.most_in_flight, held);
            for (const Piece& p : s.cell.pieces) {
                held -= p.kind == PieceKind::backward || p.kind == PieceKind::weight_gradient ? 1 : 0;
            }
        }
        if (!use.spans.empty()) { use.first_start = use.spans.front().start; }
    }

    static Time& total_of(RankUse& use, const Cell& cell) {
        if (cell.pieces.size() > 1) { return use.overlapped; }
        switch (cell.pieces.front().kind) {
            case PieceKind::forward: return use.forward;
            case PieceKind::backward: return use.backward;
            case PieceKind::input_gradient: return use.input_gradient;
            case PieceKind::weight_gradient: return use.weight_gradient;
        }
        throw InternalError("unknown kind of piece");
    }

    const Plan& plan_;
    const CellTimes& times_;
    std::vector<Made> forwards_, gradients_;
    std::vector<std::size_t> next_;  // by rank: cells done
    PipelineRun out_;
};

}  // namespace

RankUse PipelineRun::mean() const {
    RankUse sum;
    for (const RankUse& r : ranks) {
        for (Time RankUse::*part : {&RankUse::forward, &RankUse::backward, &RankUse::input_gradient,
                                    &RankUse::weight_gradient, &RankUse::overlapped, &RankUse::waiting}) {
            sum.*part += (r.*part) / static_cast<double>(ranks.size());
        }
        sum.most_in_flight = std::max(sum.most_in_flight, r.most_in_flight);
    }
    return sum;
}

PipelineRun simulate(const Plan& plan, const CellTimes& times) { return Simulation(plan, times).run(); }

}  // namespace tessera::pipeline
