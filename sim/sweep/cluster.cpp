#include "sim/sweep/cluster.hpp"

#include "sim/app/shared_memo.hpp"
#include "sim/base/error.hpp"
#include "sim/sweep/point.hpp"

#include <charconv>
#include <istream>
#include <ostream>
#include <unordered_set>

namespace tessera::sweep {
namespace {

[[noreturn]] void bad_list(const std::string& text, const Plan& plan) {
    throw ConfigError("--work", "", "\"" + text + "\" is no list of points",
                      "for example 3,17,20-29; this sweep has 0 to " + std::to_string(plan.reference()) +
                          ", the last one is the reference");
}

}  // namespace

std::string pending_json(const Plan& plan, const Store& store, const std::string& code) {
    Stage stage{};
    const bool more = next_stage(plan, store, stage);
    JsonValue v = JsonValue::object();
    v.set("code", JsonValue::string(code));
    v.set("stage", JsonValue::string(to_string(stage)));
    JsonValue& points = v.set("points", JsonValue::array());
    if (more) {
        for (const std::size_t p : pending(plan, store, stage)) {
            points.push(JsonValue::integer(static_cast<std::int64_t>(p)));
        }
    }
    return write_json(v, 0);
}

std::vector<std::size_t> point_list(const std::string& text, const Plan& plan) {
    std::vector<std::size_t> points;
    const char *at = text.data(), *end = at + text.size();
    const auto number = [&] {
        std::size_t n = 0;
        const auto [rest, problem] = std::from_chars(at, end, n);
        if (problem != std::errc() || n > plan.reference()) { bad_list(text, plan); }
        at = rest;
        return n;
    };
    for (;;) {
        const std::size_t from = number();
        std::size_t to = from;
        if (at != end && *at == '-') {
            ++at;
            to = number();
            if (to < from) { bad_list(text, plan); }
        }
        for (std::size_t p = from; p <= to; ++p) { points.push_back(p); }
        if (at == end) { return points; }
        if (*at != ',') { bad_list(text, plan); }
        ++at;
    }
}

Stage stage_named(const std::string& name) {
    for (const Stage s : {Stage::estimate, Stage::simulation}) {
        if (to_string(s) == name) { return s; }
    }
    throw ConfigError("--stage", "", "there is no stage \"" + name + "\"", "estimate or simulation");
}

void work(const Plan& plan, const std::vector<std::size_t>& points, Stage stage, const std::string& code,
          std::ostream& out, const TimerFactory& devices) {
    SharedMemo shared;
    Children children;
    const ChildLimits limits{plan.config().seconds, plan.config().memory};
    for (const std::size_t point : points) {
        if (plan.key(point).empty()) { continue; }  // its reason is known without running it
        children.start(
            point,
            [&] {
                TimerPool timers(devices, &shared);
                return to_line(run_point(plan, point, stage, timers));
            },
            limits);
        JsonValue line = JsonValue::object();
        line.set("code", JsonValue::string(code));
        line.set("record", parse_json(to_line(record_of(plan, point, stage, children.next())), "a point's answer"));
        out << write_json(line, 0) << std::endl;  // whole, and now: the worker may be lost
    }
}

std::size_t take(const Plan& plan, Store& store, const std::string& code, std::istream& in) {
    std::unordered_set<std::string> known;
    for (std::size_t p = 0; p <= plan.size(); ++p) { known.insert(plan.key(p)); }
    std::size_t taken = 0, number = 0;
    for (std::string line; std::getline(in, line);) {
        const std::string where = "line " + std::to_string(++number) + " of what came back";
        const JsonValue v = parse_json(line, where);
        const JsonValue* made_by = v.is_object() ? v.find("code") : nullptr;
        const JsonValue* content = v.is_object() ? v.find("record") : nullptr;
        if (made_by == nullptr || !made_by->is_string() || content == nullptr) {
            throw ConfigError(where, "", "is no result of a point");
        }
        if (made_by->as_string() != code) {
            throw ConfigError(where, "", "a worker runs another version of tessera, " + made_by->as_string(),
                              "this one is " + code + "; install the same program everywhere");
        }
        const Record record = record_from(write_json(*content, 0), where);
        if (record.key.empty() || known.count(record.key) == 0) {
            throw ConfigError(where, "", "this sweep has no point " + record.key);
        }
        if (store.has(record.stage, record.key)) { continue; }
        if (record.key == plan.key(plan.reference()) && record.status != Status::done) {
            throw ModelError("the reference: " + record.reason);
        }
        store.add(record);
        ++taken;
    }
    return taken;
}

}  // namespace tessera::sweep
