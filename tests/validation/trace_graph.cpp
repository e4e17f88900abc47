#include "tests/validation/trace_graph.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace tessera::validation {

namespace {

std::string prefix_of(const std::string& region) {
    static const std::map<std::string, std::string> prefixes = {
        {"combine(B)", "cB"}, {"attn(F)", "aF"}, {"mlp(B)", "mB"},  {"dispatch(F)", "dF"}, {"dispatch(B)", "dB"},
        {"mlp(W)", "mW"},     {"mlp(F)", "mF"},  {"attn(B)", "aB"}, {"attn(W)", "aW"},     {"combine(F)", "cF"}};
    return prefixes.at(region);
}

bool starts_with(const std::string& s, const char* prefix) { return s.rfind(prefix, 0) == 0; }

// The operator that the trace's analysis counts a small kernel to.
std::string operator_of(const Task& t, const std::string& previous) {
    const std::string prefix = prefix_of(t.region) + ".";
    const std::string& r = t.role;
    if (starts_with(r, "router_bwd_")) { return prefix + "router_bwd_small"; }
    if (starts_with(r, "router_") || r == "randn_logits" || r == "sigmoid") { return prefix + "router_small"; }
    if (r == "arange_cu_seqlens") { return prefix + "cu_seqlens"; }
    if (r == "count_expert" || r == "fused_mapping") { return prefix + "mapping"; }
    if (r == "accum_norm_grad") { return previous; }
    if (r.size() > 9 && r.compare(r.size() - 9, 9, "_finalize") == 0) { return previous; }
    static const std::set<std::string> slices = {"fill_d_kv_a_slice", "copy_d_k_rope_slice", "copy_d_kv_latent_slice",
                                                 "add_d_kv_a_slices"};
    if (slices.count(r) != 0) { return prefix + "assemble_d_kv_a"; }
    return prefix + r;
}

std::string pass_letter(TaskPass p) {
    switch (p) {
        case TaskPass::forward: return "F";
        case TaskPass::backward: return "B";
        case TaskPass::weight: return "W";
        case TaskPass::recompute: return "R";
        default: return "-";
    }
}

struct Extents {
    Operator& op;
    void operator()(const GemmDesc& k) const {
        op.m = k.m;
        op.n = k.n;
        op.k += op.kernels > 1 ? k.k : k.k - op.k;  // per-expert kernels: k is the sum over the group
        op.groups = std::max<std::int64_t>(k.groups(), op.kernels);
    }
    void operator()(const AttentionDesc& k) const {
        op.m = k.q_len;
        op.n = k.kv_len;
        op.groups = k.heads;
    }
    template <class Other>
    void operator()(const Other&) const {}
};

double bytes_of(const std::vector<const Operand*>& operands) {
    double sum = 0;
    for (const Operand* o : operands) { sum += to_double(o->size()); }
    return sum;
}

std::int64_t trace_stream(StreamId s) { return s == 0 ? 7 : s == 1 ? 23 : 27; }

double item(const JsonValue& v, int iteration) { return v.items().at(static_cast<std::size_t>(iteration)).as_double(); }

// M, N, K: a number, or the name of a row count ("R_F", "R_B/4 per expert ...", which the four kernels share).
std::int64_t extent(const JsonValue& v, const JsonValue& rows, int iteration) {
    if (v.is_number()) { return v.as_integer(); }
    if (!v.is_string()) { return 0; }
    const std::string name = v.as_string().substr(0, 3);
    const JsonValue* row = rows.find(name);
    return row == nullptr ? 0 : row->items().at(static_cast<std::size_t>(iteration)).as_integer();
}

std::set<std::string> names(const JsonValue& list) {
    std::set<std::string> out;
    for (const JsonValue& v : list.items()) { out.insert(v.as_string()); }
    return out;
}

Operator measured_operator(const JsonValue& v, const JsonValue& rows, int iteration) {
    Operator op;
    const auto get = [&](const char* key) -> const JsonValue& { return *v.find(key); };
    op.id = get("id").as_string();
    op.region = get("region").as_string();
    op.op_class = get("class").as_string();
    op.pass = get("pass").as_string();
    for (const JsonValue& s : get("streams").items()) { op.streams.insert(s.as_integer()); }
    op.kernels = static_cast<int>(get("kernels").as_integer());
    // The CTAs of communication kernels state how many SMs they hold; streams take what is free.
    op.sms = get("sms").is_number() ? std::min(get("sms").as_integer(), get("ctas").as_integer()) : 0;
    op.m = extent(get("m"), rows, iteration);
    op.n = extent(get("n"), rows, iteration);
    op.k = extent(get("k"), rows, iteration);
    op.groups = get("groups").is_number() ? get("groups").as_integer() : 0;
    op.flops = item(get("flops"), iteration);
    op.bytes_read = item(get("bytes_read"), iteration);
    op.bytes_written = item(get("bytes_written"), iteration);
    op.depends_on = names(get("depends_on"));
    op.waits_for = names(get("waits_for"));
    return op;
}

}  // namespace

std::vector<std::vector<Operator>> measured_operators(const JsonValue& graph, int iterations) {
    std::vector<std::vector<Operator>> all(static_cast<std::size_t>(iterations));
    for (int i = 0; i < iterations; ++i) {
        for (const JsonValue& v : graph.find("operators")->items()) {
            all[static_cast<std::size_t>(i)].push_back(measured_operator(v, *graph.find("rows"), i));
        }
    }
    return all;
}

std::vector<std::vector<Operator>> built_operators(const TaskGraph& graph, int iterations) {
    std::vector<std::vector<Operator>> all(static_cast<std::size_t>(iterations));
    std::vector<std::string> owner;  // operator of each task
    for (const Task& t : graph.tasks) {
        auto& list = all[static_cast<std::size_t>(t.iteration)];
        const std::string id = operator_of(t, owner.empty() ? "" : owner.back());
        owner.push_back(id);
        const auto known = std::find_if(list.begin(), list.end(), [&](const Operator& o) { return o.id == id; });
        const bool fresh = known == list.end();
        if (fresh) { list.emplace_back(); }
        Operator& op = fresh ? list.back() : *known;
        if (fresh) {
            op.id = id;
            op.region = t.region;
            op.op_class = t.op_class;
            op.pass = pass_letter(t.pass);
            op.sms = t.sms;
        }
        op.kernels += t.repeat;
        op.streams.insert(trace_stream(t.stream));
        std::visit(Extents{op}, t.kernel);
        op.flops += flops(t.kernel).raw();
        op.bytes_read += bytes_of(reads(t.kernel));
        op.bytes_written += bytes_of(writes(t.kernel));
        for (const TaskId d : t.deps) {
            const Task& from = graph.tasks[static_cast<std::size_t>(d)];
            const std::string& name = owner[static_cast<std::size_t>(d)];
            if (from.iteration == t.iteration && name == id) { continue; }
            op.depends_on.insert(from.iteration == t.iteration ? name : "prev:" + name);
        }
    }
    return all;
}

namespace {

std::string text(double v) {
    std::ostringstream out;
    out.precision(12);
    out << v;
    return out.str();
}

template <class Set>
std::string join(const Set& set) {
    std::ostringstream out;
    for (const auto& v : set) { out << (out.tellp() > 0 ? " " : "") << v; }
    return out.str();
}

class Collector {
public:
    void number(const std::string& op, const char* field, double built, double measured) {
        const double relative = std::abs(built - measured) / std::max({1.0, std::abs(built), std::abs(measured)});
        add(op, field, text(built), text(measured), relative);
    }
    void word(const std::string& op, const char* field, const std::string& built, const std::string& measured) {
        add(op, field, built, measured, built == measured ? 0.0 : 1.0);
    }
    std::vector<Difference> take() {
        std::vector<Difference> out;
        for (auto& [key, d] : worst_) { out.push_back(std::move(d)); }
        return out;
    }

private:
    void add(const std::string& op, const char* field, std::string built, std::string measured, double relative) {
        if (relative <= 1e-9) { return; }
        Difference& d = worst_[{op, field}];
        if (relative > d.relative) { d = {op, field, std::move(built), std::move(measured), relative}; }
    }
    std::map<std::pair<std::string, std::string>, Difference> worst_;
};

// Operators that certainly end before each operator of its iteration starts are those issued before it on the same
// stream; event waits only order streams. So a dependency is worth comparing where it crosses streams or names a
// result that is used.
void compare_operator(Collector& c, const Operator& b, const Operator& m) {
    c.word(m.id, "region", b.region, m.region);
    c.word(m.id, "class", b.op_class, m.op_class);
    c.word(m.id, "pass", b.pass, m.pass);
    c.word(m.id, "streams", join(b.streams), join(m.streams));
    c.number(m.id, "kernels", b.kernels, m.kernels);
    c.number(m.id, "sms", static_cast<double>(b.sms), static_cast<double>(m.sms));
    if (m.flops > 0) {
        c.number(m.id, "m", static_cast<double>(b.m), static_cast<double>(m.m));
        c.number(m.id, "n", static_cast<double>(b.n), static_cast<double>(m.n));
        if (m.k > 0) { c.number(m.id, "k", static_cast<double>(b.k), static_cast<double>(m.k)); }
        c.number(m.id, "groups", static_cast<double>(b.groups), static_cast<double>(m.groups));
    }
    c.number(m.id, "flops", b.flops, m.flops);
    if (m.bytes_read + m.bytes_written > 0) {  // the analysis left small kernels' bytes out
        c.number(m.id, "bytes_read", b.bytes_read, m.bytes_read);
        c.number(m.id, "bytes_written", b.bytes_written, m.bytes_written);
    }
    std::set<std::string> expected = m.depends_on;
    expected.insert(m.waits_for.begin(), m.waits_for.end());
    c.word(m.id, "depends_on", join(b.depends_on), join(expected));
}

}  // namespace

std::vector<Difference> compare(const std::vector<std::vector<Operator>>& built,
                                const std::vector<std::vector<Operator>>& measured) {
    Collector c;
    for (std::size_t i = 0; i < measured.size(); ++i) {
        std::map<std::string, std::size_t> position;
        for (std::size_t n = 0; n < built[i].size(); ++n) { position[built[i][n].id] = n; }
        std::set<std::string> seen;
        for (std::size_t n = 0; n < measured[i].size(); ++n) {
            Operator m = measured[i][n];
            seen.insert(m.id);
            const auto at = position.find(m.id);
            if (at == position.end()) {
                c.word(m.id, "presence", "missing", "present");
                continue;
            }
            if (i == 0) {  // the first iteration has no predecessor to wait for
                for (auto* set : {&m.depends_on, &m.waits_for}) {
                    for (auto it = set->begin(); it != set->end();) {
                        it = starts_with(*it, "prev:") ? set->erase(it) : std::next(it);
                    }
                }
            }
            c.number(m.id, "position", static_cast<double>(at->second), static_cast<double>(n));
            compare_operator(c, built[i][at->second], m);
        }
        for (const Operator& b : built[i]) {
            if (seen.count(b.id) == 0) { c.word(b.id, "presence", "present", "missing"); }
        }
    }
    return c.take();
}

}  // namespace tessera::validation
