#include "sim/config/loader.hpp"

#include "sim/base/data_files.hpp"
#include "sim/base/error.hpp"
#include "sim/base/field_writer.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/json_reader.hpp"
#include "sim/base/json_schema.hpp"
#include "sim/base/text.hpp"
#include "sim/config/describe.hpp"
#include "sim/config/ranges.hpp"

#include <filesystem>

namespace tessera {

namespace fs = std::filesystem;

namespace {

// Shipped files are shown as configs/..., wherever they are installed; others as they were named.
std::string display_name(const std::string& path) {
    std::error_code failed;
    std::string root;
    try {
        root = config_root();
    } catch (const ConfigError&) { return path; }
    const fs::path inside = fs::weakly_canonical(path, failed).lexically_relative(fs::weakly_canonical(root, failed));
    if (failed || inside.empty() || *inside.begin() == "..") { return path; }
    return (fs::path("configs") / inside).generic_string();
}

// Words without a dot or a slash may name a shipped file.
std::string shipped_file(const std::string& word) {
    if (word.find_first_of("./") == std::string::npos) {
        for (const std::string& kind : config_kinds()) {
            const std::string found = find_data("configs/" + kind + "/" + word + ".json");
            if (!found.empty()) { return found; }
        }
    }
    return {};
}

// The file that gave the value at `pointer`, or the nearest one around it; `path` if none did.
std::string origin_of(const std::map<std::string, Provenance>& provenance, std::string pointer,
                      const std::string& path) {
    for (; !pointer.empty(); pointer.erase(pointer.rfind('/'))) {
        const auto known = provenance.lower_bound(pointer);
        const bool inside = known != provenance.end() && known->first.compare(0, pointer.size(), pointer) == 0 &&
                            (known->first.size() == pointer.size() || known->first[pointer.size()] == '/');
        if (inside) { return known->second.origin; }
    }
    return display_name(path);
}

void throw_if_any(std::vector<Diagnostic> problems, const std::string& path,
                  const std::map<std::string, Provenance>& provenance) {
    if (problems.empty()) { return; }
    for (Diagnostic& d : problems) { d.file = origin_of(provenance, d.pointer, path); }
    throw ConfigError(std::move(problems));
}

template <class T>
T load(const std::string& path, std::map<std::string, Provenance>* provenance = nullptr) {
    JsonReader reader(&display_name, &shipped_file);
    T config;
    reader.read_file(path, config);
    reader.finish(config);
    throw_if_any(check(config), path, reader.provenance());
    if (provenance != nullptr) { *provenance = reader.provenance(); }
    return config;
}

template <class T>
std::string text_of(const T& config) {
    return write_json(FieldWriter().write(config));
}

// Values that no file gave, in the order of the configuration.
void add_defaults(RunConfig& c) {
    for (const auto& value : flatten(parse_json(c.effective_json, "effective configuration"))) {
        c.provenance.emplace(value.first, Provenance{"default", ""});
    }
}

// The imported workload's file: beside the file that names it, beside the run, or as the command line says it.
std::string find_beside(const RunConfig& c, const std::string& path) {
    const fs::path named = c.workload.file;
    std::vector<fs::path> folders = {fs::path(path).parent_path(), fs::path()};
    const auto from = c.provenance.find("/workload/file");
    if (from != c.provenance.end()) {
        const fs::path origin = fs::path(from->second.origin).parent_path();
        folders.insert(from->second.origin == "--set" ? folders.end() : folders.begin(), origin);
    }
    std::error_code ignored;
    for (const fs::path& folder : folders) {
        const fs::path candidate = named.is_absolute() ? named : folder / named;
        if (fs::is_regular_file(candidate, ignored)) { return candidate.lexically_normal().string(); }
    }
    throw ConfigError(display_name(path), "/workload/file", "no such file: " + c.workload.file,
                      "'tessera import kineto TRACE -o FILE' writes one");
}

}  // namespace

RunConfig load_run_config(const std::string& path, const std::vector<std::string>& sets) {
    JsonReader reader(&display_name, &shipped_file);
    RunConfig c;
    reader.read_file(path, c);
    for (const std::string& assignment : sets) { reader.apply_set(assignment, c); }
    reader.finish(c);
    throw_if_any(check(c), path, reader.provenance());
    c.provenance = reader.provenance();
    if (!c.workload.file.empty()) { c.workload.file = find_beside(c, path); }
    if (c.workload.name.empty()) { c.workload.name = fs::path(c.workload.file).stem().string(); }
    c.effective_json = to_json(c);
    add_defaults(c);
    return c;
}

std::map<std::string, AssumedRange> assumed_ranges(const std::string& path, const std::vector<std::string>& sets) {
    JsonReader reader(&display_name, &shipped_file);
    RunConfig c;
    reader.read_file(path, c);
    for (const std::string& assignment : sets) { reader.apply_set(assignment, c); }
    reader.finish(c);
    return reader.ranges();
}

RunConfig default_run_config(const std::vector<std::string>& sets) {
    return load_run_config(find_config("runs", "deepseek_v3_train_chunk"), sets);
}

SystemConfig load_system(const std::string& path) { return load<SystemConfig>(path); }

SystemConfig load_system(const std::string& path, std::map<std::string, Provenance>& provenance) {
    return load<SystemConfig>(path, &provenance);
}

ModelConfig load_model(const std::string& path) { return load<ModelConfig>(path); }

WorkloadConfig load_workload(const std::string& path) { return load<WorkloadConfig>(path); }

std::string to_json(const SystemConfig& c) { return text_of(c); }

std::string to_json(const WorkloadConfig& c) { return text_of(c); }

std::string to_json(const RunConfig& c) { return text_of(c); }

std::uint64_t config_hash(const SystemConfig& c) {
    return Hasher().add(std::string_view(write_json(FieldWriter().write(c), 0))).value();
}

void record_changes(RunConfig& c, const std::string& origin, const std::string& source) {
    std::map<std::string, std::string> before;
    for (auto& value : flatten(parse_json(c.effective_json, "effective configuration"))) { before.insert(value); }
    c.effective_json = to_json(c);
    for (const auto& [pointer, text] : flatten(parse_json(c.effective_json, "effective configuration"))) {
        const auto old = before.find(pointer);
        if (old == before.end() || old->second != text) { c.provenance[pointer] = {origin, source}; }
    }
}

std::string provenance_json(const RunConfig& c) {
    JsonValue out = JsonValue::object();
    for (const auto& [pointer, text] : flatten(parse_json(c.effective_json, "effective configuration"))) {
        JsonValue entry = JsonValue::object();
        entry.set("value", parse_json(text, pointer));
        std::string known = pointer;  // parameters of proposals share the origin of their list
        while (!known.empty() && c.provenance.count(known) == 0) { known.erase(known.rfind('/')); }
        const auto found = c.provenance.find(known);
        if (found != c.provenance.end()) {
            entry.set("origin", JsonValue::string(found->second.origin));
            if (!found->second.source.empty()) { entry.set("source", JsonValue::string(found->second.source)); }
        }
        out.set(pointer, std::move(entry));
    }
    return write_json(out);
}

namespace {

struct SchemaKind {
    const char* name;
    std::string (*write)();
};

constexpr SchemaKind kSchemas[] = {
    {"system", [] { return SchemaBuilder().schema<SystemConfig>("tessera system"); }},
    {"model", [] { return SchemaBuilder().schema<ModelConfig>("tessera model"); }},
    {"workload", [] { return SchemaBuilder().schema<WorkloadConfig>("tessera workload"); }},
    {"run", [] { return SchemaBuilder().schema<RunConfig>("tessera run"); }}};

}  // namespace

std::vector<std::string> schema_kinds() {
    std::vector<std::string> names;
    for (const SchemaKind& k : kSchemas) { names.emplace_back(k.name); }
    return names;
}

std::string json_schema(const std::string& kind) {
    for (const SchemaKind& k : kSchemas) {
        if (kind == k.name) { return k.write(); }
    }
    throw ConfigError("", "", "there is no schema \"" + kind + "\"", suggestion(kind, schema_kinds()));
}

}  // namespace tessera
