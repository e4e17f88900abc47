// The reading half of workload.hpp.
#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/base/text.hpp"
#include "sim/traces/kernel_form.hpp"
#include "sim/traces/workload.hpp"

#include <algorithm>
#include <set>

namespace tessera::traces {
namespace {

constexpr std::int64_t longest_ns = std::int64_t{1800} * 1'000'000'000;  // Time reaches 2.5 hours; results are sums
constexpr std::size_t most_streams = 512, most_tasks = std::size_t{4} << 20U;

std::int64_t within(const JsonCursor& at, std::int64_t low, std::int64_t high) {
    const std::int64_t v = at.integer();
    if (v < low || v > high) {
        at.fail("expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ", found " +
                std::to_string(v));
    }
    return v;
}

std::int64_t within_or(const JsonCursor& at, const char* key, std::int64_t otherwise, std::int64_t high) {
    return at.has(key) ? within(at.at(key), 0, high) : otherwise;
}

Time time_at(const JsonCursor& at, const char* key) {
    return femtoseconds(within(at.at(key), 0, longest_ns) * 1'000'000);
}

void known(const JsonCursor& at, const std::vector<std::string>& names) {
    for (const auto& [key, value] : at.members()) {
        if (std::find(names.begin(), names.end(), key) == names.end()) {
            throw ConfigError(at.file(), value.pointer(), "unknown key", suggestion(key, names));
        }
    }
}

template <class E>
E choice(const JsonCursor& at, const std::vector<std::pair<std::string, E>>& choices) {
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
        if (name == at.text()) { return value; }
        names.push_back(name);
    }
    at.fail("\"" + at.text() + "\" is none of: " + join(names, ", "));
}

std::vector<std::string> texts(const JsonCursor& at, const char* key) {
    std::vector<std::string> out;
    if (!at.has(key)) { return out; }
    for (const JsonCursor& item : at.at(key).items()) { out.push_back(item.text()); }
    return out;
}

TaskPass pass_at(const JsonCursor& at) {
    std::vector<std::pair<std::string, TaskPass>> names;
    for (const TaskPass p : {TaskPass::forward, TaskPass::backward, TaskPass::weight, TaskPass::recompute,
                             TaskPass::optimizer, TaskPass::other}) {
        names.emplace_back(to_string(p), p);
    }
    return choice(at, names);
}

void read_kernel(const JsonCursor& at, WorkloadTask& t) {
    KernelDesc kernel;
    try {
        kernel = make_kernel(at.at("kernel"));
    } catch (const ModelError& e) { at.at("kernel").fail(e.what()); }
    t.kernel = at.at("kernel").value();
    t.reads = texts(at, "reads");
    t.writes = texts(at, "writes");
    const auto count = [&](const char* key, std::size_t given, std::size_t operands) {
        if (given != operands) {
            at.fail(std::string(key) + " names " + std::to_string(given) + " tensors, the kernel has " +
                    std::to_string(operands));
        }
    };
    count("reads", t.reads.size(), reads(kernel).size());
    count("writes", t.writes.size(), writes(kernel).size());
    for (const std::vector<std::string>* list : {&t.reads, &t.writes}) {
        for (const std::string& name : *list) {
            if (name.empty()) { at.fail("a tensor without a name"); }
        }
    }
}

std::vector<std::int64_t> whole_numbers(const JsonCursor& at, const char* key) {
    std::vector<std::int64_t> out;
    if (!at.has(key)) { return out; }
    for (const JsonCursor& item : at.at(key).items()) { out.push_back(within(item, 0, INT64_MAX)); }
    return out;
}

ChakraFacts read_chakra(const JsonCursor& at) {
    std::vector<std::string> names = {"id", "kind", "is_cpu_op", "collective", "group", "control", "data"};
    ChakraFacts c;
    for (const ChakraMember& m : chakra_members()) {
        names.emplace_back(m.name);
        c.*(m.field) = at.has(m.name) ? within(at.at(m.name), 0, INT64_MAX) : -1;
    }
    known(at, names);
    c.id = within(at.at("id"), 0, INT64_MAX);
    c.kind = at.text("kind");
    if (at.has("is_cpu_op")) { c.is_cpu_op = at.at("is_cpu_op").boolean() ? 1 : 0; }
    c.collective = at.text_or("collective", "");
    c.group = at.text_or("group", "");
    c.control = whole_numbers(at, "control");
    c.data = whole_numbers(at, "data");
    return c;
}

class Reader {
public:
    explicit Reader(JsonCursor at) : at_(std::move(at)) {}

    ImportedWorkload run() {
        if (at_.text("schema") != "tessera.workload/1") { at_.at("schema").fail("expected \"tessera.workload/1\""); }
        known(at_, {"$schema", "schema", "name", "source", "source_file", "rules", "device", "device_sms", "link_sms",
                    "rank", "ranks", "streams", "notes", "groups", "recorded_names", "tasks"});
        head();
        for (const JsonCursor& s : at_.at("streams").items()) {
            known(s, {"name", "role"});
            Stream stream;
            stream.name = s.text("name");
            stream.role = choice<StreamRole>(s.at("role"), {{"compute", StreamRole::compute},
                                                            {"communication", StreamRole::communication},
                                                            {"copy", StreamRole::copy}});
            w_.streams.push_back(std::move(stream));
            if (w_.streams.size() > most_streams) { s.fail("more than 512 streams"); }
        }
        recorded_names_ = texts(at_, "recorded_names");
        for (const JsonCursor& t : at_.at("tasks").items()) {
            if (w_.tasks.size() >= most_tasks) { t.fail("more than four million tasks"); }
            w_.tasks.push_back(task(t));
            total_ += w_.tasks.back().duration + w_.tasks.back().gap;
            if (total_ > femtoseconds(longest_ns * 1'000'000)) {
                t.fail("all tasks and gaps together take over half an hour");
            }
        }
        if (w_.tasks.empty()) { at_.at("tasks").fail("there is no task"); }
        return std::move(w_);
    }

private:
    void head() {
        w_.name = at_.text("name");
        w_.source = at_.text_or("source", "");
        w_.source_file = at_.text_or("source_file", "");
        w_.rules = at_.text_or("rules", "");
        w_.device = at_.text_or("device", "");
        w_.device_sms = static_cast<int>(within_or(at_, "device_sms", 0, 4096));
        w_.link_sms = static_cast<int>(within_or(at_, "link_sms", 0, 4096));
        w_.rank = static_cast<int>(within_or(at_, "rank", 0, 1 << 24));
        w_.ranks = static_cast<int>(within_or(at_, "ranks", 1, 1 << 24));
        if (at_.has("groups")) {
            for (const auto& [name, ranks] : at_.at("groups").members()) {
                for (const JsonCursor& r : ranks.items()) { w_.groups[name].push_back(within(r, 0, 1 << 24)); }
            }
        }
        if (!at_.has("notes")) { return; }
        for (const JsonCursor& n : at_.at("notes").items()) {
            known(n, {"what", "count", "first"});
            w_.notes.push_back({n.text("what"), within_or(n, "count", 0, INT64_MAX), texts(n, "first")});
        }
    }

    WorkloadTask task(const JsonCursor& at) {
        known(at, {"name", "role", "class", "region", "iteration", "pass", "recorded_as", "stream", "start_ns",
                   "duration_ns", "gap_ns", "after", "sms", "beside_links", "bytes", "kernel", "reads", "writes",
                   "chakra"});
        WorkloadTask t;
        t.name = at.text("name");
        if (t.name.empty() || !names_.insert(t.name).second) {
            at.at("name").fail("expected a name that no other task has");
        }
        t.role = at.text("role");
        t.op_class = at.text("class");
        t.region = at.text_or("region", "");
        t.iteration = static_cast<int>(within_or(at, "iteration", 0, 1 << 24));
        if (at.has("pass")) { t.pass = pass_at(at.at("pass")); }
        if (at.has("recorded_as")) {
            t.kernel_name = recorded_names_.at(static_cast<std::size_t>(
                within(at.at("recorded_as"), 0, static_cast<std::int64_t>(recorded_names_.size()) - 1)));
        }
        t.stream = static_cast<int>(within(at.at("stream"), 0, static_cast<std::int64_t>(w_.streams.size()) - 1));
        t.start = time_at(at, "start_ns");
        t.duration = time_at(at, "duration_ns");
        if (at.has("gap_ns")) { t.gap = time_at(at, "gap_ns"); }
        if (at.has("after")) {
            for (const JsonCursor& d : at.at("after").items()) {
                const auto before = static_cast<std::int64_t>(w_.tasks.size()) - 1;
                if (before < 0) { d.fail("the first task can wait for none"); }
                t.after.push_back(static_cast<int>(within(d, 0, before)));
            }
        }
        t.sms = static_cast<int>(within_or(at, "sms", 0, 4096));
        t.beside_links = at.boolean_or("beside_links", false);
        t.bytes = bytes(within_or(at, "bytes", 0, std::int64_t{1} << 50U));
        if (at.has("kernel")) { read_kernel(at, t); }
        if (at.has("chakra")) { t.chakra = read_chakra(at.at("chakra")); }
        return t;
    }

    JsonCursor at_;
    ImportedWorkload w_;
    std::vector<std::string> recorded_names_;
    std::set<std::string> names_;
    Time total_{};
};

}  // namespace

ImportedWorkload workload_from_json(const JsonValue& document, const std::string& file) {
    return Reader(JsonCursor(document, file)).run();
}

ImportedWorkload read_workload(const std::string& path) { return workload_from_json(read_json_file(path), path); }

}  // namespace tessera::traces
