// A GEMM's main loop without its epilogue: tiles of 128x128, TMA-fed.
#pragma once
#include "wgmma.cuh"

namespace micro {

void main_loops();  // E.mainloop_tma_fp8 and E.sustained

}  // namespace micro
