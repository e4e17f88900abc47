#include "sim/ir/decode_schedule.hpp"

#include <algorithm>
#include <numeric>

namespace tessera {

std::vector<DecodePiece> decode_schedule(const std::vector<std::int64_t>& blocks, std::int64_t parts) {
    constexpr std::int64_t ends = 5;  // blocks that the ends of a request count
    const auto requests = static_cast<std::int64_t>(blocks.size());
    const std::int64_t total = std::accumulate(blocks.begin(), blocks.end(), std::int64_t{0}) + ends * requests;
    const std::int64_t payload = (total + parts - 1) / parts + ends;
    std::vector<DecodePiece> pieces;
    std::int64_t request = 0, done = 0;
    for (std::int64_t part = 0; part < parts && request < requests; ++part) {
        std::int64_t left = payload;
        while (request < requests) {
            const std::int64_t rest = blocks[static_cast<std::size_t>(request)] - done;
            DecodePiece piece{part, request, done, rest, done == 0};
            if (left >= rest + ends || part + 1 == parts) {
                pieces.push_back(piece);
                left -= rest + ends;
                ++request;
                done = 0;
                continue;
            }
            if (left > ends) {
                piece.blocks = left - ends;
                piece.whole = false;
                pieces.push_back(piece);
                done += piece.blocks;
            }
            break;
        }
    }
    return pieces;
}

}  // namespace tessera
