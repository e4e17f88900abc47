#include "sim/app/measured/read_cases.hpp"

#include "sim/app/measured/attention.hpp"
#include "sim/app/measured/bandwidth.hpp"
#include "sim/app/measured/calibration_items.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/gemm.hpp"
#include "sim/app/measured/kernel_case.hpp"
#include "sim/app/measured/latency.hpp"
#include "sim/app/measured/layer.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/app/measured/micro.hpp"
#include "sim/app/measured/overlap.hpp"
#include "sim/app/measured/quantization.hpp"
#include "sim/app/measured/streams.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <variant>

namespace tessera::measured {
namespace {

// What can be said of a case whatever is wrong with it.
std::string word_or(const JsonValue& v, const char* key, const std::string& otherwise) {
    const JsonValue* found = v.is_object() ? v.find(key) : nullptr;
    return found != nullptr && found->is_string() ? found->as_string() : otherwise;
}

std::string shape_text(const Case& c) {
    std::string text;
    for (const auto& [key, extent] : c.shape) { text += " " + key + std::to_string(extent); }
    return text;
}

using Reader = std::function<void(const JsonCursor&, Case&)>;

void add(std::vector<Case>& out, const JsonCursor& at, const std::string& family, const Reader& read) {
    Case c;
    c.pointer = at.pointer();
    c.family = word_or(at.value(), "family", family);
    c.variant = word_or(at.value(), "variant", word_or(at.value(), "dtype", ""));
    c.id = word_or(at.value(), "id", "");
    try {
        if (!at.value().is_object()) { at.fail("expected an object"); }
        if (at.has("shape")) {
            c.shape = extents_of(at.at("shape"));
            check_extents(at.at("shape"), c.shape);
        }
        read(at, c);
    } catch (const ConfigError& e) { c.problem = to_string(e.diagnostics().front()); } catch (const ModelError& e) {
        c.problem = e.what();
    }
    if (c.id.empty()) { c.id = c.family + (c.variant.empty() ? "" : " " + c.variant) + shape_text(c); }
    out.push_back(std::move(c));
}

// The measuring program replays a graph of at least 450 us of calls for 25 ms, at least 5 and at most 40 times; where
// it measures energy, it goes on until clock and power are steady.
Time measured_window(const JsonCursor& c) {
    constexpr int most = 40;
    if (!c.has("repeats") || c.has("energy")) { return Time::zero(); }
    const double replays = static_cast<double>(std::min<std::int64_t>(c.count("repeats"), 1000));
    const Time call = microseconds(positive_up_to(c.at("us"), 1e9));
    if (replays >= most) { return max(call, microseconds(450)) * replays; }
    return max(call * replays, milliseconds(25));
}

void kernel_case(const JsonCursor& c, Case& out) {
    c.text("family");
    if (c.has("carve")) { out.shape.emplace_back("carve", c.at("carve").integer()); }
    out.measured = c.has("us") ? c.positive("us") : 0.0;
    out.launches = kernel_launches(c);
    out.measured = c.positive("us");
    out.clock = clock_in_mhz(c.at("sm_mhz"));
    out.graph_gaps = static_cast<int>(out.launches.size());
    out.gaps_hold_drain = std::all_of(out.launches.begin(), out.launches.end(),
                                      [](const Launch& l) { return std::holds_alternative<StreamDesc>(l.kernel); });
    out.window = measured_window(c);
    if (c.has("energy")) {
        out.watts = c.at("energy").positive("watts");
        out.joules = c.at("energy").positive("joule_per_op");
    }
}

// Empty kernels in a replayed graph: the gap after each, and its blocks started one after another on their SMs.
void empty_kernel_case(const JsonCursor& c, Case& out) {
    const auto blocks = static_cast<double>(c.at("shape").count("ctas"));
    out.measured = c.positive("us");
    out.clock = clock_in_mhz(c.at("sm_mhz"));
    out.probe = [blocks](const SystemConfig& system, Frequency clock) {
        const double on_one_sm = std::ceil(blocks / static_cast<double>(system.sm.count));
        const double start = on_one_sm * system.sm.cta_launch_interval.raw() / clock.raw();
        return Prediction{to_microseconds(system.launch.graph_gap) + start * 1e6, "launch"};
    };
}

// Launched one by one: the host's time, which no model of the device can say.
void eager_case(const JsonCursor& c, Case& out) {
    out.measured = c.positive("us");
    out.standing = Standing::no_quantity;
    throw ModelError("time of the CPU to launch a kernel: tessera has no model of the host");
}

// The board with nothing running: what sets idle power.
void idle_case(const JsonCursor& c, Case& out) {
    out.variant = "idle";
    out.standing = Standing::calibration;
    out.unit = "W";
    out.measured = c.at("energy").positive("watts");
    out.probe = [](const SystemConfig& system, Frequency) { return Prediction{system.power.idle.raw(), ""}; };
}

void row_case(const JsonCursor& row, Case& out) {
    const bool deepgemm = row.has("kind");
    out.family = (deepgemm ? "deepgemm " : "flashmla ") + row.text("grp");
    out.variant = row.text_or(deepgemm ? "kind" : "backend", "");
    for (const char* key : {"m", "n", "k", "groups", "kpg", "sms", "b", "kv", "s", "s_q", "h_q", "h", "dq", "dv"}) {
        const JsonValue* v = row.value().find(key);
        if (v != nullptr && v->kind() == JsonValue::Kind::integer) { out.shape.emplace_back(key, v->as_integer()); }
    }
    out.measured = row.at("us_graph").positive("med");
    check_extents(row, out.shape);
    out.clock = clock_in_mhz(row.at("sm_mhz"));
    out.launches = deepgemm ? deepgemm_launches(row) : flashmla_launches(row);
    out.graph_gaps = static_cast<int>(out.launches.size());
}

void append(std::vector<Case>& out, std::vector<Case> more) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
}

void section_item(std::vector<Case>& out, const std::string& name, const JsonCursor& item) {
    const std::string id = word_or(item.value(), "id", "");
    const auto unnamed = [](const auto& read) {  // its id is its family's
        return [read](const JsonCursor& at, Case& c) {
            c.id = "";
            read(at, c);
        };
    };
    if (name == "B" || name == "C") { return add(out, item, id, unnamed(read_bandwidth)); }
    if (name == "A") { return add(out, item, id, unnamed(read_latency)); }
    if (id == "I.kernel") { return add(out, item, id, quantization_case); }
    if (id == "I.check") { return add(out, item, id, quantization_check); }
    const std::vector<MicroQuantity> quantities = micro_quantities(id);
    for (const MicroQuantity& q : quantities) {
        add(out, item, q.suffix.empty() ? id : id + " " + q.suffix, unnamed(q.read));
    }
    if (quantities.empty()) {
        add(out, item, id.empty() ? "section " + name : id,
            [](const JsonCursor&, Case&) { throw ModelError("a microbenchmark that no reader knows"); });
    }
}

// Readers of links say themselves which of their items set a constant.
bool says_calibration(const std::string& text) {
    const std::string word = "calibration";
    return text.size() >= word.size() && text.compare(text.size() - word.size(), word.size(), word) == 0;
}

void section_cases(std::vector<Case>& out, const std::string& name, const JsonCursor& section,
                   const CalibrationItems& set_constants) {
    if (!section.has("items")) {
        for (Case& c : link_section(name, section)) {
            if (says_calibration(c.variant) || says_calibration(c.family)) { c.standing = Standing::calibration; }
            out.push_back(std::move(c));
        }
        return;
    }
    for (const JsonCursor& item : section.at("items").items()) {
        const std::size_t before = out.size();
        section_item(out, name, item);
        if (!set_constants.holds(item.value())) { continue; }
        for (std::size_t i = before; i < out.size(); ++i) {
            if (out[i].standing == Standing::judged) { out[i].standing = Standing::calibration; }
        }
    }
}

void make_unique(std::vector<Case>& cases) {
    std::map<std::string, int> seen;
    for (Case& c : cases) {
        const int count = ++seen[c.id];
        if (count > 1) { c.id += "#" + std::to_string(count); }
    }
}

}  // namespace

std::vector<Case> read_cases(const JsonValue& document, const std::string& file, const SystemConfig& system) {
    std::vector<Case> out;
    const JsonCursor root(document, file);
    const auto layer = [&](const JsonCursor& at, Case& c) { read_layer(at, system, c); };
    try {
        if (root.has("cases")) {
            for (const JsonCursor& c : root.at("cases").items()) {
                const bool whole = c.has("ops");
                if (word_or(c.value(), "family", "") == "overlap") {
                    add(out, c, "overlap",
                        [](const JsonCursor& at, Case& k) { read_overlap(at, k, Overlapping::gemm); });
                    add(out, c, "overlap",
                        [](const JsonCursor& at, Case& k) { read_overlap(at, k, Overlapping::copy); });
                    continue;
                }
                const bool idle = word_or(c.value(), "variant", "") == "idle";
                const std::string family = word_or(c.value(), "family", "");
                add(out, c, whole ? "layer" : "unknown",
                    whole ? Reader(layer)
                          : Reader(idle                             ? idle_case
                                   : family == "empty_kernel_graph" ? empty_kernel_case
                                   : family == "empty_kernel_eager" ? eager_case
                                                                    : kernel_case));
            }
        } else if (root.has("rows")) {
            const std::vector<JsonCursor> rows = root.at("rows").items();
            if (!rows.empty() && rows[0].has("op") && !rows[0].has("grp")) {
                append(out, deepep_cases(root.at("rows")));
            } else {
                for (const JsonCursor& row : rows) { add(out, row, "unknown", row_case); }
            }
        } else if (root.has("sections")) {
            const CalibrationItems set_constants = calibration_items();
            for (const auto& [name, section] : root.at("sections").members()) {
                section_cases(out, name, section, set_constants);
            }
        } else if (root.has("configs")) {
            for (const auto& [name, config] : root.at("configs").members()) { append(out, collective_cases(config)); }
        } else if (root.has("published")) {
            append(out, published_deepep_cases(root));
        } else {
            root.fail(
                "neither \"cases\" nor \"rows\" nor \"sections\" nor \"configs\" nor \"published\": no measurement "
                "file that validate knows");
        }
    } catch (const ConfigError& e) {
        Case c;
        c.family = c.id = "unreadable";
        c.problem = to_string(e.diagnostics().front());
        out.push_back(c);
    }
    make_unique(out);
    return out;
}

}  // namespace tessera::measured
