#include "sim/ir/kernel_result.hpp"

namespace tessera {

std::string_view to_string(Limiter l) {
    switch (l) {
        case Limiter::none: return "none";
        case Limiter::tensor_core: return "tensor_core";
        case Limiter::cuda_core: return "cuda_core";
        case Limiter::smem: return "smem";
        case Limiter::tma: return "tma";
        case Limiter::l2: return "l2";
        case Limiter::hbm: return "hbm";
        case Limiter::latency: return "latency";
        case Limiter::launch: return "launch";
        case Limiter::nvlink: return "nvlink";
        case Limiter::nic: return "nic";
        case Limiter::sm_copy: return "sm_copy";
        case Limiter::coprocessor: return "coprocessor";
        case Limiter::wait: return "wait";
    }
    return "unknown";
}

Traffic& Traffic::operator+=(const Traffic& o) {
    hbm_read += o.hbm_read;
    hbm_write += o.hbm_write;
    l2_read += o.l2_read;
    l2_write += o.l2_write;
    smem += o.smem;
    nvlink_out += o.nvlink_out;
    nvlink_in += o.nvlink_in;
    nic_out += o.nic_out;
    nic_in += o.nic_in;
    return *this;
}

EnergyUse& EnergyUse::operator+=(const EnergyUse& o) {
    tensor += o.tensor;
    cuda += o.cuda;
    smem += o.smem;
    l2 += o.l2;
    hbm += o.hbm;
    link += o.link;
    engine += o.engine;
    return *this;
}

}  // namespace tessera
