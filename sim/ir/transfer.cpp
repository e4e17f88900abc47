#include "sim/ir/transfer.hpp"

#include "sim/base/error.hpp"

#include <string>

namespace tessera {

void validate(const TransferDesc& t) {
    const auto require = [](bool ok, const char* what) {
        if (!ok) { throw ModelError(std::string("a transfer loop needs ") + what); }
    };
    require(t.blocks > 0, "at least one block");
    require(t.lanes > 0, "at least one warp or stage");
    require(t.batch > 0, "at least one load between two waits");
    require(t.step.raw() > 0, "a step of at least one byte");
    require(t.region >= t.step, "a region of at least one step");
    require(t.moved.raw() > 0, "bytes to move");
    require(t.engine != TransferEngine::chase || (t.op == TransferOp::read && t.lanes == 1), "one reader that chases");
    require(t.engine != TransferEngine::bulk || t.lanes <= 1024, "a ring of at most 1024 stages");
}

}  // namespace tessera
