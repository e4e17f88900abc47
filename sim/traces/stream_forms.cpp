// The memory-bound kinds of kernel_form.hpp: one line per kernel of sim/ir/stream_kernels.hpp.
#include "sim/ir/stream_kernels.hpp"
#include "sim/traces/form_reader.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

namespace sk = stream_kernels;
using Reader = FormReader;

DType element(Reader& r, const char* name = "type") {
    return r.choice<DType>(name, {{"bf16", DType::bf16},
                                  {"fp32", DType::fp32},
                                  {"fp8_e4m3", DType::fp8_e4m3},
                                  {"fp16", DType::fp16},
                                  {"int32", DType::int32},
                                  {"int64", DType::int64},
                                  {"u8", DType::u8}});
}

int narrow(std::int64_t v) { return static_cast<int>(std::min<std::int64_t>(v, 1 << 30)); }

// How it was launched, where that differs from the training kernels that stream_kernels.hpp describes.
KernelDesc launched(Reader& r, StreamDesc d) {
    sk::Geometry g;
    g.tile_rows = r.integer("tile_rows", 0);
    g.tile_cols = r.integer("tile_cols", 0);
    g.threads = narrow(r.integer("threads", 0));
    g.registers = narrow(r.integer("registers", 0));
    g.smem = bytes(r.integer("smem", 0));
    g.load_bytes_in_flight = bytes(r.integer("load_bytes_in_flight", 0));
    g.max_ctas = narrow(r.integer("ctas_at_most", 0));
    return sk::with_geometry(std::move(d), g);
}

// Order of evaluation matters to the list of parameters: rows before cols.
struct Extent {
    explicit Extent(Reader& r) : rows(r.integer("rows")), cols(r.integer("cols")) {}
    std::int64_t rows, cols;
};

KernelDesc per_token_cast(Reader& r) {
    const Extent e(r);
    const auto code =
        r.choice<sk::CastCode>("code", {{"divide", sk::CastCode::divide}, {"multiply", sk::CastCode::multiply}});
    return launched(r, sk::per_token_cast(e.rows, e.cols, element(r), code));
}

KernelDesc cast_transpose(Reader& r) {
    const Extent e(r);
    const auto source = r.choice<sk::CastSource>("source", {{"bf16", sk::CastSource::bf16},
                                                            {"fp8", sk::CastSource::fp8},
                                                            {"fp8_rows_by_map", sk::CastSource::fp8_rows_by_map}});
    return launched(r, sk::per_channel_cast_transpose(e.rows, e.cols, source, r.extent("source_rows", 0)));
}

KernelDesc swiglu_backward(Reader& r) {
    const Extent e(r);
    const bool weighted = r.flag("weighted"), recompute = r.flag("recompute");
    return launched(r, sk::swiglu_backward(e.rows, e.cols, weighted, recompute, narrow(r.integer("ctas", 0))));
}

KernelDesc rms_norm(Reader& r) {
    const Extent e(r);
    const int ctas = narrow(r.integer("ctas"));
    return launched(r, sk::rms_norm(e.rows, e.cols, ctas, r.flag("residual")));
}

KernelDesc rms_norm_backward(Reader& r) {
    const Extent e(r);
    const int ctas = narrow(r.integer("ctas"));
    return launched(r, sk::rms_norm_backward(e.rows, e.cols, ctas, r.flag("residual")));
}

KernelDesc rope(Reader& r) {
    const std::int64_t tokens = r.integer("tokens"), heads = r.integer("heads");
    const std::int64_t rope_dim = r.extent("rope_dim", 64);
    return launched(r, sk::rope(tokens, heads, rope_dim, r.extent("head_dim", 192)));
}

KernelDesc elementwise(Reader& r) {
    const Extent e(r);
    const int inputs = narrow(std::min<std::int64_t>(r.integer("inputs", 1), 64));
    const DType in = element(r, "in");
    return launched(r, sk::elementwise(e.rows, e.cols, inputs, in, element(r, "out")));
}

KernelDesc layout_copy(Reader& r) {
    const Extent e(r);
    const Bytes read = bytes(r.integer("read_run", 0)), write = bytes(r.integer("write_run", 0));
    return launched(r, sk::layout_copy(e.rows, e.cols, read, write, element(r)));
}

KernelDesc router_small(Reader& r) {
    const Extent e(r);
    using S = sk::SmallKernel;
    const S form = r.choice<S>("form", {{"vectorized", S::vectorized},
                                        {"cast", S::cast},
                                        {"generic", S::generic},
                                        {"scatter", S::scatter},
                                        {"row_sum", S::row_sum}});
    const DType in = element(r, "in");
    return launched(r, sk::router_small(e.rows, e.cols, in, element(r, "out"), form));
}

void add_casts(FormMakers& m) {
    m["per_token_cast"] = per_token_cast;
    m["per_channel_cast_transpose"] = cast_transpose;
    m["cast_back"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::cast_back(e.rows, e.cols, narrow(r.integer("ctas"))));
    };
    m["cast_e5m6"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::special_cast_e5m6(e.rows, e.cols));
    };
    m["cast_back_e5m6"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::special_cast_back_e5m6(e.rows, e.cols, narrow(r.integer("ctas"))));
    };
    m["transpose_fp8"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::transpose_fp8(e.rows, e.cols, r.extent("batch", 1)));
    };
    m["scale_transpose"] = [](Reader& r) -> KernelDesc {
        const std::int64_t rows = r.integer("rows");
        return launched(r, sk::scale_transpose(rows, r.integer("groups")));
    };
    m["scale_copy"] = [](Reader& r) -> KernelDesc {
        const std::int64_t rows = r.integer("rows");
        return launched(r, sk::scale_copy(rows, r.integer("groups")));
    };
}

void add_activations(FormMakers& m) {
    m["swiglu"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::swiglu(e.rows, e.cols, r.flag("weighted")));
    };
    m["swiglu_cast"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::swiglu_cast(e.rows, e.cols, r.flag("weighted")));
    };
    m["swiglu_cast_transpose"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::swiglu_cast_transpose(e.rows, e.cols, r.flag("weighted")));
    };
    m["swiglu_backward"] = swiglu_backward;
    m["swiglu_weight_gradient"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::swiglu_weight_gradient(e.rows, e.cols));
    };
    m["rms_norm"] = rms_norm;
    m["rms_norm_backward"] = rms_norm_backward;
    m["rms_norm_finalize"] = [](Reader& r) -> KernelDesc {
        const std::int64_t ctas = r.integer("ctas");
        return launched(r, sk::rms_norm_backward_finalize(ctas, r.integer("cols")));
    };
    m["rope"] = rope;
    m["attention_preprocess"] = [](Reader& r) -> KernelDesc {
        const std::int64_t tokens = r.integer("tokens"), heads = r.integer("heads"), d_v = r.integer("d_v");
        return launched(r, sk::attention_preprocess(tokens, heads, d_v, r.integer("d_qk")));
    };
    m["attention_postprocess"] = [](Reader& r) -> KernelDesc {
        const std::int64_t tokens = r.integer("tokens"), heads = r.integer("heads");
        return launched(r, sk::attention_postprocess(tokens, heads, r.integer("d_qk")));
    };
}

void add_layouts(FormMakers& m) {
    m["elementwise"] = elementwise;
    m["elementwise_scale"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::elementwise_scale(e.rows, e.cols, element(r)));
    };
    m["elementwise_add"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::elementwise_add(e.rows, e.cols, element(r)));
    };
    m["fill"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::fill(e.rows, e.cols, element(r)));
    };
    m["layout_copy"] = layout_copy;
    m["broadcast_copy"] = [](Reader& r) -> KernelDesc {
        const std::int64_t rows = r.integer("rows"), run = r.integer("run_elements");
        return launched(r, sk::broadcast_copy(rows, run, r.integer("copies"), element(r)));
    };
    m["sum_over_groups"] = [](Reader& r) -> KernelDesc {
        const Extent e(r);
        return launched(r, sk::sum_over_groups(e.rows, e.cols, r.integer("groups"), element(r)));
    };
    m["expand"] = [](Reader& r) -> KernelDesc {
        const std::int64_t rows = r.integer("rows"), source = r.integer("source_rows");
        return launched(r, sk::expand(rows, source, r.integer("cols")));
    };
    m["weighted_reduce"] = [](Reader& r) -> KernelDesc {
        const std::int64_t in = r.integer("rows_in"), out = r.integer("rows_out");
        return launched(r, sk::weighted_reduce(in, out, r.integer("cols")));
    };
    m["gather_rows"] = [](Reader& r) -> KernelDesc {
        const std::int64_t rows = r.integer("rows"), source = r.integer("source_rows");
        return launched(r, sk::gather_rows(rows, source, r.integer("cols"), element(r)));
    };
    m["router_topk"] = [](Reader& r) -> KernelDesc {
        const std::int64_t tokens = r.integer("tokens"), experts = r.integer("experts");
        return launched(r, sk::router_topk(tokens, experts, r.integer("top_k")));
    };
    m["router_topk_radix"] = [](Reader& r) -> KernelDesc {
        const std::int64_t tokens = r.integer("tokens"), experts = r.integer("experts");
        return launched(r, sk::router_topk_radix(tokens, experts, r.integer("top_k")));
    };
    m["router_small"] = router_small;
}

}  // namespace

void add_stream_forms(FormMakers& makers) {
    add_casts(makers);
    add_activations(makers);
    add_layouts(makers);
}

}  // namespace tessera::traces
