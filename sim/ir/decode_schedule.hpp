// How FlashMLA deals the keys of a batch of requests to parts of the GPU (get_mla_metadata of
// github.com/deepseek-ai/FlashMLA): every part gets the same number of key blocks, each request counting five more for
// its ends; a request that does not fit into what is left of a part is split.
#pragma once

#include <cstdint>
#include <vector>

namespace tessera {

// A run of one request's key blocks that one part computes.
struct DecodePiece {
    std::int64_t part = 0, request = 0;
    std::int64_t first = 0, blocks = 0;
    bool whole = false;  // all of the request: no partial sums
};

// `blocks`: key blocks of each request. Pieces in order; they cover every block once.
std::vector<DecodePiece> decode_schedule(const std::vector<std::int64_t>& blocks, std::int64_t parts);

}  // namespace tessera
