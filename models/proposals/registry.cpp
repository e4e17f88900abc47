#include <algorithm>

#include "models/proposals/proposals.hpp"
#include "sim/base/error.hpp"

namespace tessera {

namespace {

struct Registry {
    std::vector<std::unique_ptr<Proposal>> owned;
    std::vector<const Proposal*> views;
    void add(std::unique_ptr<Proposal> p) {
        views.push_back(p.get());
        owned.push_back(std::move(p));
    }
    // Order matters for the rewrites: casts move into producers (warp-cast) before the rest move into loads, and
    // transposes look for the casting loads last.
    Registry() {
        add(make_warp_cast());
        add(make_fused_cast_tma());
        add(make_near_memory_quant());
        add(make_transposed_gemm());
        add(make_group_scaled_mma());
        add(make_wide_accumulate());
        add(make_comm_coprocessor());
        add(make_unified_fabric());
    }
};

Registry& registry() {
    static Registry all;
    return all;
}

}  // namespace

const std::vector<const Proposal*>& proposal_registry() { return registry().views; }

void add_proposal(std::unique_ptr<Proposal> proposal) {
    invariant(find_proposal(proposal->slug()) == nullptr, "a proposal of that slug is registered already");
    registry().add(std::move(proposal));
}

const Proposal* find_proposal(std::string_view slug) {
    const auto& all = proposal_registry();
    const auto it = std::find_if(all.begin(), all.end(), [slug](const Proposal* p) { return p->slug() == slug; });
    return it == all.end() ? nullptr : *it;
}

}  // namespace tessera
