#include "sim/app/measured/kernel_case.hpp"

#include "sim/app/measured/attention.hpp"
#include "sim/app/measured/framework_ops.hpp"
#include "sim/app/measured/gemm.hpp"
#include "sim/app/measured/grouped_gemm.hpp"
#include "sim/app/measured/made_case.hpp"
#include "sim/app/measured/streams.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace tessera::measured {
namespace {

// Families that are no kernel alone on the GPU, or none that the model knows.
const std::map<std::string, std::string>& outside() {
    static const std::map<std::string, std::string> reasons = {
        {"overlap", "two kernels beside each other: validate times kernels alone"},
        {"empty_kernel_eager", "time of the CPU to launch a kernel: tessera has no model of the host"}};
    return reasons;
}

constexpr double kL2 = 60.0 * 1048576.0;       // of an H200
constexpr double kRotated = 240e6 * 1.048576;  // bytes that the inputs of a cold case rotate over ...
constexpr double kMostSets = 96;               // ... in at most so many sets (kernels/bench.py, tri_case)
constexpr double kHeld = 0.667;                // share of the L2 that a rotation keeps (C.capacity_read)

// Inputs that stay in L2 between calls: all that the rotation touches fits. A case that says nothing of the L2 runs on
// the same buffers again and again.
bool warm(const JsonCursor& c) {
    if (!c.has("bytes")) { return c.has("cold_l2") && !c.at("cold_l2").boolean(); }
    const double bytes = std::max(1.0, c.at("bytes").number());
    const double sets = c.has("cold_l2") ? std::min(kMostSets, std::ceil(kRotated / bytes)) : 1.0;
    return bytes * sets < kHeld * kL2;
}

// The energy section repeats kernels of other families under a title: the kernel's name tells which.
std::string energy_family(const JsonCursor& c) {
    const std::string title = c.text_or("variant", "");
    if (title == "idle" || !c.has("kernels") || c.at("kernels").items().empty()) {
        throw ModelError("no kernel: power of an idle board");
    }
    const std::string name = c.at("kernels").items().front().text("name");
    if (name.rfind("nvjet", 0) == 0) { return "gemm"; }
    if (name == "read_flat") { return "mem_read"; }
    if (name == "copy_flat") { return "mem_copy"; }
    if (name.rfind("cudnn", 0) == 0) { return "attn_fwd"; }
    return name;
}

// The shape of an energy case in the words of the family it repeats.
JsonValue energy_shape(const std::string& family, const JsonCursor& shape) {
    JsonValue out = shape.value();
    if (family == "mem_copy") { out.set("bytes", shape.at("bytes_each_way").value()); }
    if (family == "attn_fwd") {  // "cudnn attn fwd L4096 192/128" of MLA's 128 heads
        for (const auto& [key, extent] : {std::pair{"B", 1}, {"H", 128}, {"dqk", 192}, {"dv", 128}}) {
            out.set(key, JsonValue::integer(extent));
        }
    }
    return out;
}

std::vector<Launch> stream_launches(const std::string& family, const std::string& dtype, const JsonCursor& c) {
    std::optional<Profiled> launch;
    if (c.has("kernels")) {
        const std::vector<JsonCursor> kernels = c.at("kernels").items();
        if (!kernels.empty()) { launch = profiled(kernels.front()); }
    }
    if (!launch) { launch = usual_launch(family, c); }
    std::optional<StreamDesc> d = stream_of_family(family, dtype, c.at("shape"), *launch);
    if (!d) { throw ModelError("no kernel family is known as \"" + family + "\""); }
    if (warm(c)) {
        for (Operand& o : d->reads) { o.l2_resident = 1.0; }
        for (Operand& o : d->writes) { o.l2_resident = 1.0; }
    }
    std::vector<Launch> launches(1);
    launches.front().kernel = std::move(*d);
    return launches;
}

std::vector<Launch> launches_of(const std::string& family, const std::string& variant, const std::string& dtype,
                                const JsonCursor& c) {
    if (family == "gemm" || family == "router_gemm" || family == "mla_qk" || family == "mla_pv") {
        return gemm_launches(family, variant.empty() ? "bf16_tn" : variant, c);
    }
    if (family == "grouped_gemm") { return grouped_gemm_launches(c); }
    if (family == "attn_fwd" || family == "attn_bwd") { return attention_launches(family, variant, c.at("shape")); }
    std::vector<Launch> several = framework_launches(family, c.at("shape"));
    return several.empty() ? stream_launches(family, dtype, c) : several;
}

}  // namespace

std::vector<Launch> kernel_launches(const JsonCursor& members) {
    const std::string family = members.text("family"), dtype = members.text("dtype");
    const auto known = outside().find(family);
    if (known != outside().end()) { throw ModelError(known->second); }
    if (family == "memcpy_d2d") {
        const JsonValue copy = driver_copy(members.at("shape").count("bytes_each_way"));
        return launches_of("mem_copy", "", dtype, JsonCursor(copy, members.file(), members.pointer()));
    }
    if (family != "energy") { return launches_of(family, members.text_or("variant", ""), dtype, members); }
    const std::string of = energy_family(members);
    JsonValue copy = members.value();
    copy.set("family", JsonValue::string(of));
    copy.set("shape", energy_shape(of, members.at("shape")));
    const std::string variant = of == "attn_fwd" ? "CUDNN_ATTENTION" : dtype;
    return launches_of(of, variant, dtype, JsonCursor(copy, members.file(), members.pointer()));
}

}  // namespace tessera::measured
