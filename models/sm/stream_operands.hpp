// The global-memory side of a stream kernel: each operand is walked once, in the order in which the lanes ask.
//
// A request gets the next block of its operand's region and its share of the bytes, so that over the whole kernel
// exactly the operand's bytes move. Small requests share blocks: neighbouring indices and scales lie in one line, the
// first small load of a block brings all of it, small stores gather in L2 until a block is full or the kernel ends.
// Loads and stores of an SM take turns on its path to the L2: one SM copies at 25 B/clk each way although it can read
// 104 and write 32 (micro B.sms).
#pragma once

#include "models/if/program.hpp"
#include "models/if/server.hpp"
#include "models/sm/stream_plan.hpp"

#include <optional>
#include <vector>

namespace tessera {

class StreamOperands {
public:
    StreamOperands(const StreamPlan& plan, const RunScope& scope, Units& units);

    // Declares the regions of the kernel that is about to run.
    void map();

    // `amount` bytes of operand `operand` for SM `sm`; returns when loaded bytes are there or stored bytes are
    // visible. `accepted` grows to the instant at which the SM's path is free again.
    Time request(std::size_t operand, int sm, double amount, Time now, Time& accepted);

    // What `passes` tiles of units would have moved, without time.
    void account(double passes, Time now);

    // Rows are read more than once: what L2 holds changes along the way.
    bool reuse() const;

private:
    struct Cursor {
        RegionId region = 0;
        std::int64_t blocks = 1, next = 0;
        std::int64_t shared_bytes = 0;  // block size when requests share blocks, else 0
        double due = 0;                 // bytes owed so far
        std::int64_t issued = 0;        // bytes asked for
        std::vector<bool> on_sm;        // broadcast operands: SMs that hold it
    };
    bool share_block(const StreamOperandPlan& o, Cursor& c, std::int64_t whole, MemoryRequest& r);
    std::optional<double> written_share() const;
    Time send(const MemoryRequest& r, Time now, Time& accepted);

    const StreamPlan& plan_;
    RunScope scope_;
    Units& units_;
    std::vector<Cursor> cursors_;  // one per operand of the plan
    std::vector<Server> paths_;    // load/store path of each SM
};

}  // namespace tessera
