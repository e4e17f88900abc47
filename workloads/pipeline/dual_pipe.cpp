#include "workloads/pipeline/orders.hpp"

#include <algorithm>
#include <deque>

namespace tessera::pipeline {

namespace {

// One of the two chunks of a rank: which stage it is and which micro-batches pass it.
struct Leg {
    int stage = 0;
    int first = 0;                    // micro-batch
    int forwards = 0, backwards = 0;  // pieces issued
};

// The eight steps of a rank. Leg 0 is the one whose stage is nearer to the entrance. `position` counts from where leg
// 0's micro-batches enter, 0 .. depth - 1; `count` micro-batches pass each leg.
class Steps {
public:
    Steps(Leg near, Leg far, int position, int depth, int count)
        : legs_{near, far}, position_(position), depth_(depth), count_(count) {}

    std::vector<Cell> run() {
        const int before = depth_ - position_ - 1, after = position_ + 1;
        repeat(2 * before, [this] { forward(0); });
        repeat(after, [this] {
            forward(0);
            forward(1);
        });
        repeat(before, [this] {
            input_gradient(1);
            weight_gradient();
            forward(1);
        });
        main_part(count_ - 2 * depth_ + after);
        repeat(before, [this] {
            backward(1);
            overlapped(1, 0);
        });
        drain(after);
        repeat(before, [this] {
            weight_gradient();
            input_gradient(0);
        });
        repeat(after, [this] { weight_gradient(); });
        return std::move(cells_);
    }

private:
    template <class Fn>
    static void repeat(int n, Fn&& fn) {
        for (int i = 0; i < n; ++i) { fn(); }
    }

    // Where the two legs meet, the first forward and backward pieces are of one micro-batch and cannot overlap.
    void main_part(int n) {
        for (int i = 0; i < n; ++i) {
            if (i == 0 && position_ == depth_ - 1) {
                forward(0);
                backward(1);
            } else {
                overlapped(0, 1);
            }
            overlapped(1, 0);
        }
    }

    // Backward pieces of both legs in turn; of the second half only the input gradients.
    void drain(int pairs) {
        for (int i = 0; i < 2 * pairs; ++i) {
            const int leg = i % 2 == 0 ? 1 : 0;
            if (i < pairs) {
                backward(leg);
            } else {
                input_gradient(leg);
            }
        }
    }

    Piece next_forward(int leg) {
        Leg& l = legs_[leg];
        return {PieceKind::forward, l.stage, l.first + l.forwards++};
    }
    Piece next_backward(int leg, PieceKind kind) {
        Leg& l = legs_[leg];
        return {kind, l.stage, l.first + l.backwards++};
    }
    void forward(int leg) { cells_.push_back({{next_forward(leg)}}); }
    void backward(int leg) { cells_.push_back({{next_backward(leg, PieceKind::backward)}}); }
    void overlapped(int forward_leg, int backward_leg) {
        const Piece f = next_forward(forward_leg);
        cells_.push_back({{f, next_backward(backward_leg, PieceKind::backward)}});
    }
    void input_gradient(int leg) {
        const Piece p = next_backward(leg, PieceKind::input_gradient);
        cells_.push_back({{p}});
        waiting_.push_back({PieceKind::weight_gradient, p.stage, p.micro_batch});
    }
    void weight_gradient() {
        if (waiting_.empty()) { return; }
        cells_.push_back({{waiting_.front()}});
        waiting_.pop_front();
    }

    Leg legs_[2];
    int position_, depth_, count_;
    std::deque<Piece> waiting_;
    std::vector<Cell> cells_;
};

}  // namespace

std::vector<std::vector<Cell>> dual_pipe_order(int ranks, int micro_batches) {
    const int half = micro_batches / 2, depth = ranks / 2;
    std::vector<std::vector<Cell>> order;
    for (int rank = 0; rank < ranks; ++rank) {
        const bool mirrored = rank >= depth;
        const int position = mirrored ? ranks - 1 - rank : rank;
        const Leg near{position, mirrored ? half : 0}, far{ranks - 1 - position, mirrored ? 0 : half};
        order.push_back(Steps(near, far, position, depth, half).run());
    }
    return order;
}

std::vector<std::vector<Cell>> dual_pipe_v_order(int ranks, int micro_batches) {
    std::vector<std::vector<Cell>> order;
    for (int rank = 0; rank < ranks; ++rank) {
        order.push_back(Steps({rank, 0}, {2 * ranks - 1 - rank, 0}, rank, ranks, micro_batches).run());
    }
    return order;
}

}  // namespace tessera::pipeline
