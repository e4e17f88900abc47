// The proposals themselves, one factory per folder; registry.cpp lists them.
#pragma once

#include <memory>

#include "models/proposals/proposal.hpp"

namespace tessera {

std::unique_ptr<Proposal> make_fused_cast_tma();
std::unique_ptr<Proposal> make_warp_cast();
std::unique_ptr<Proposal> make_near_memory_quant();
std::unique_ptr<Proposal> make_group_scaled_mma();
std::unique_ptr<Proposal> make_wide_accumulate();
std::unique_ptr<Proposal> make_transposed_gemm();
std::unique_ptr<Proposal> make_comm_coprocessor();
std::unique_ptr<Proposal> make_unified_fabric();

}  // namespace tessera
