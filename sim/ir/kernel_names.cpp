// Names of kernel kinds and of their enumerations, as results, messages and command lines spell them.
#include "sim/ir/kernel_desc.hpp"

namespace tessera {

namespace {

struct KindName {
    std::string_view operator()(const GemmDesc&) const { return "gemm"; }
    std::string_view operator()(const AttentionDesc&) const { return "attention"; }
    std::string_view operator()(const StreamDesc&) const { return "stream"; }
    std::string_view operator()(const ExchangeDesc&) const { return "exchange"; }
    std::string_view operator()(const BarrierDesc&) const { return "barrier"; }
    std::string_view operator()(const RecordedDesc&) const { return "recorded"; }
};

}  // namespace

std::string_view kind_name(const KernelDesc& k) { return std::visit(KindName{}, k); }

std::string_view to_string(StreamKind k) {
    switch (k) {
        case StreamKind::copy: return "copy";
        case StreamKind::elementwise: return "elementwise";
        case StreamKind::per_token_cast: return "per_token_cast";
        case StreamKind::per_channel_cast_transpose: return "per_channel_cast_transpose";
        case StreamKind::cast_back: return "cast_back";
        case StreamKind::special_cast: return "special_cast";
        case StreamKind::transpose: return "transpose";
        case StreamKind::scale_transpose: return "scale_transpose";
        case StreamKind::swiglu: return "swiglu";
        case StreamKind::swiglu_backward: return "swiglu_backward";
        case StreamKind::swiglu_cast: return "swiglu_cast";
        case StreamKind::swiglu_cast_transpose: return "swiglu_cast_transpose";
        case StreamKind::norm: return "norm";
        case StreamKind::norm_backward: return "norm_backward";
        case StreamKind::rope: return "rope";
        case StreamKind::gather: return "gather";
        case StreamKind::expand: return "expand";
        case StreamKind::weighted_reduce: return "weighted_reduce";
        case StreamKind::reduce: return "reduce";
        case StreamKind::router: return "router";
        case StreamKind::fill: return "fill";
        case StreamKind::attention_preprocess: return "attention_preprocess";
        case StreamKind::attention_postprocess: return "attention_postprocess";
        case StreamKind::map: return "map";
    }
    return "unknown";
}

std::string_view to_string(GemmForm f) {
    switch (f) {
        case GemmForm::dense: return "dense";
        case GemmForm::grouped_m: return "grouped_m";
        case GemmForm::masked_m: return "masked_m";
        case GemmForm::grouped_k: return "grouped_k";
    }
    return "unknown";
}

std::string_view to_string(ScaleMode s) {
    switch (s) {
        case ScaleMode::none: return "none";
        case ScaleMode::tensor_promoted: return "tensor_promoted";
        case ScaleMode::row: return "row";
        case ScaleMode::block_1x128_128x128: return "block_1x128_128x128";
        case ScaleMode::block_1x128_1x128: return "block_1x128_1x128";
    }
    return "unknown";
}

std::string_view to_string(AttentionStyle s) {
    switch (s) {
        case AttentionStyle::pipelined: return "pipelined";
        case AttentionStyle::turns: return "turns";
        case AttentionStyle::warp_mma: return "warp_mma";
    }
    return "unknown";
}

std::string_view to_string(AttentionPass p) {
    switch (p) {
        case AttentionPass::forward: return "forward";
        case AttentionPass::backward: return "backward";
        case AttentionPass::decode: return "decode";
    }
    return "unknown";
}

std::string_view to_string(ExchangeKind k) {
    switch (k) {
        case ExchangeKind::dispatch: return "dispatch";
        case ExchangeKind::combine: return "combine";
        case ExchangeKind::send: return "send";
        case ExchangeKind::receive: return "receive";
        case ExchangeKind::all_reduce: return "all_reduce";
        case ExchangeKind::all_gather: return "all_gather";
        case ExchangeKind::reduce_scatter: return "reduce_scatter";
    }
    return "unknown";
}

std::string_view to_string(ConsumerStyle s) {
    switch (s) {
        case ConsumerStyle::automatic: return "automatic";
        case ConsumerStyle::single: return "single";
        case ConsumerStyle::cooperative: return "cooperative";
        case ConsumerStyle::ordered: return "ordered";
        case ConsumerStyle::pingpong: return "pingpong";
    }
    return "unknown";
}

}  // namespace tessera
