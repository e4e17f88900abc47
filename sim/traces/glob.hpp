// Patterns for kernel names: literal text, `*` for any text, `{name}` for a run of digits whose value is kept.
// "*Kernel_traits<*, {cols}u, *" matches "ln_fwd_kernel<Kernel_traits<bf16, 7168u, 1u>>" with cols = 7168.
//
// Between two stars the earliest match counts, so matching takes at most pattern x text steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::traces {

using Captures = std::map<std::string, std::int64_t>;

class Glob {
public:
    // ConfigError naming what is wrong with the pattern: an empty one, a brace that is not closed, a name that is not
    // an identifier or stands twice.
    explicit Glob(const std::string& pattern);
    // The captured numbers if the whole text matches. A number beyond 18 digits does not match.
    std::optional<Captures> match(std::string_view text) const;

private:
    struct Piece {
        std::string literal;
        std::string capture;  // after the literal; empty: none
    };
    using Segment = std::vector<Piece>;  // between two stars
    // Length of the match at `from`, or npos.
    static std::size_t match_here(const Segment& segment, std::string_view text, std::size_t from, Captures* into);
    std::vector<Segment> segments_;
    bool open_front_ = false, open_back_ = false;  // a star at that end
};

}  // namespace tessera::traces
