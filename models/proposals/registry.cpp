#include <algorithm>

#include "models/proposals/proposals.hpp"

namespace tessera {

// Order matters for the rewrites: casts move into producers (warp-cast) before the rest move into loads, and
// transposes look for the casting loads last.
const std::vector<const Proposal*>& proposal_registry() {
    static const std::vector<std::unique_ptr<Proposal>> owned = [] {
        std::vector<std::unique_ptr<Proposal>> list;
        list.push_back(make_warp_cast());
        list.push_back(make_fused_cast_tma());
        list.push_back(make_near_memory_quant());
        list.push_back(make_transposed_gemm());
        list.push_back(make_group_scaled_mma());
        list.push_back(make_wide_accumulate());
        list.push_back(make_comm_coprocessor());
        list.push_back(make_unified_fabric());
        return list;
    }();
    static const std::vector<const Proposal*> views = [] {
        std::vector<const Proposal*> list;
        for (const auto& p : owned) { list.push_back(p.get()); }
        return list;
    }();
    return views;
}

const Proposal* find_proposal(std::string_view slug) {
    const auto& all = proposal_registry();
    const auto it = std::find_if(all.begin(), all.end(), [slug](const Proposal* p) { return p->slug() == slug; });
    return it == all.end() ? nullptr : *it;
}

}  // namespace tessera
