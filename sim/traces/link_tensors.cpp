#include "sim/traces/link_tensors.hpp"

#include "sim/traces/kernel_form.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tessera::traces {
namespace {

constexpr std::size_t most_positions = std::size_t{1} << 26U;  // tasks x streams; beyond, only the own stream counts
constexpr std::size_t remembered = 64;                         // tensors of one shape that are looked through

struct Written {
    std::string tensor;
    std::int64_t rows = 0;
    int task = 0;
    bool turned = false;
    bool scales = false;  // of a quantized tensor: nothing but what scales reads it
};

using Key = std::tuple<int, DType, std::int64_t, std::int64_t>;  // iteration, type, smaller and larger extent

Key key_of(int iteration, const Operand& o) {
    return {iteration, o.dtype, std::min(o.rows, o.cols), std::max(o.rows, o.cols)};
}

bool turns(const KernelDesc& k) {
    const auto* s = std::get_if<StreamDesc>(&k);
    return s != nullptr && (s->kind == StreamKind::transpose || s->kind == StreamKind::per_channel_cast_transpose ||
                            s->kind == StreamKind::swiglu_cast_transpose);
}

bool has_fp8(const std::vector<const Operand*>& operands) {
    return std::any_of(operands.begin(), operands.end(), [](const Operand* o) { return is_fp8(o->dtype); });
}

// FP32 beside FP8 on the same side of a kernel, or what turns scales: other FP32 tensors may have the same extents.
bool is_scales(const KernelDesc& k, const Operand& o, const std::vector<const Operand*>& side) {
    if (o.dtype != DType::fp32) { return false; }
    if (const auto* g = std::get_if<GemmDesc>(&k)) { return &o != &g->d; }
    const auto* s = std::get_if<StreamDesc>(&k);
    return has_fp8(side) || (s != nullptr && s->kind == StreamKind::scale_transpose);
}

// For each task the last task of every stream that is certainly over when it starts.
class Order {
public:
    explicit Order(const ImportedWorkload& w)
        : w_(w), streams_(w.streams.size()), whole_(w.tasks.size() * streams_ <= most_positions) {
        if (!whole_) { return; }
        over_.assign(w.tasks.size() * streams_, -1);
        std::vector<int> last(streams_, -1);
        for (std::size_t t = 0; t < w.tasks.size(); ++t) {
            const auto stream = static_cast<std::size_t>(w.tasks[t].stream);
            if (last[stream] >= 0) { inherit(t, last[stream]); }
            for (const int d : w.tasks[t].after) { inherit(t, d); }
            last[stream] = static_cast<int>(t);
        }
    }
    bool before(int earlier, int later) const {
        const int stream = w_.tasks[static_cast<std::size_t>(earlier)].stream;
        if (!whole_) { return stream == w_.tasks[static_cast<std::size_t>(later)].stream; }
        return over_[static_cast<std::size_t>(later) * streams_ + static_cast<std::size_t>(stream)] >= earlier;
    }

private:
    void inherit(std::size_t task, int from) {
        const auto f = static_cast<std::size_t>(from);
        for (std::size_t s = 0; s < streams_; ++s) {
            over_[task * streams_ + s] = std::max(over_[task * streams_ + s], over_[f * streams_ + s]);
        }
        int& own = over_[task * streams_ + static_cast<std::size_t>(w_.tasks[f].stream)];
        own = std::max(own, from);
    }
    const ImportedWorkload& w_;
    std::size_t streams_;
    bool whole_;
    std::vector<int> over_;
};

class Linker {
public:
    explicit Linker(ImportedWorkload& w) : w_(w), order_(w) {}

    void link() {
        for (std::size_t t = 0; t < w_.tasks.size(); ++t) {
            if (w_.tasks[t].kernel) { link(static_cast<int>(t)); }
        }
    }

private:
    void link(int index) {
        WorkloadTask& task = w_.tasks[static_cast<std::size_t>(index)];
        const KernelDesc kernel = make_kernel(JsonCursor(*task.kernel, "", ""));
        const auto* gemm = std::get_if<GemmDesc>(&kernel);
        const std::string own = "t" + std::to_string(index);
        task.reads.clear();
        task.writes.clear();
        const std::vector<const Operand*> in = reads(kernel), out = writes(kernel);
        for (std::size_t i = 0; i < out.size(); ++i) { task.writes.push_back(own + ".out" + std::to_string(i)); }
        for (std::size_t i = 0; i < in.size(); ++i) {
            std::string tensor;
            if (!out.empty() && in[i] == out.front()) {
                tensor = task.writes.front();  // accumulated in place
            } else {
                tensor = newest(index, *in[i], {gemm != nullptr && in[i] == &gemm->b, is_scales(kernel, *in[i], in)},
                                task.reads);
            }
            task.reads.push_back(tensor.empty() ? own + ".in" + std::to_string(i) : tensor);
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::vector<Written>& list = written_[key_of(task.iteration, *out[i])];
            list.push_back({task.writes[i], out[i]->rows, index, turns(kernel), is_scales(kernel, *out[i], out)});
            if (list.size() > remembered) { list.erase(list.begin()); }
        }
    }

    struct Wanted {
        bool turned = false;  // nothing else
        bool scales = false;
    };
    std::string newest(int index, const Operand& o, Wanted wanted, const std::vector<std::string>& taken) const {
        const auto found = written_.find(key_of(w_.tasks[static_cast<std::size_t>(index)].iteration, o));
        if (found == written_.end()) { return {}; }
        const Written* turned = nullptr;
        for (auto it = found->second.rbegin(); it != found->second.rend(); ++it) {
            if ((wanted.turned && !it->turned) || wanted.scales != it->scales || !order_.before(it->task, index) ||
                std::find(taken.begin(), taken.end(), it->tensor) != taken.end()) {
                continue;
            }
            if (it->rows == o.rows) { return it->tensor; }
            if (turned == nullptr) { turned = &*it; }
        }
        return turned == nullptr ? std::string() : turned->tensor;
    }

    ImportedWorkload& w_;
    Order order_;
    std::map<Key, std::vector<Written>> written_;
};

}  // namespace

void link_tensors(ImportedWorkload& w) { Linker(w).link(); }

}  // namespace tessera::traces
