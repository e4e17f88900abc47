#include "sim/base/json_layers.hpp"

#include <filesystem>
#include <utility>

namespace tessera {

namespace fs = std::filesystem;

const char* const extends_key = "extends";

void JsonLayers::report(const JsonLayer& layer, const std::string& below, const JsonValue* at,
                        const std::string& message, const std::string& hint) {
    std::string where;
    if (at != nullptr && at->line > 0) {
        where = "line " + std::to_string(at->line) + ", column " + std::to_string(at->column) + ": ";
    }
    problems.push_back({layer.file, layer.pointer + below, where + message, hint});
}

// `path` from the folder of the file that names it; else what the word stands for.
std::string JsonLayers::file_of(const JsonLayer& from, const std::string& path) const {
    std::error_code ignored;
    const fs::path full = (fs::path(from.directory) / path).lexically_normal();
    if (find_ != nullptr && !fs::exists(full, ignored)) {
        std::string found = find_(path);
        if (!found.empty()) { return found; }
    }
    return full.string();
}

std::string JsonLayers::hint_for(const std::string& missing) const {
    const std::string word = fs::path(missing).stem().string();
    const bool known = find_ != nullptr && !find_(word).empty();
    return (known ? "did you mean \"" + word + "\", which ships with the program? " : std::string()) +
           "paths are relative to the file that names them";
}

void JsonLayers::chain(const JsonLayer& from, const std::string& below, const JsonValue* at, const std::string& path,
                       std::vector<Link> trail, std::vector<JsonLayer>& out) {
    std::error_code ignored;
    const fs::path full = file_of(from, path);
    const std::string id = fs::weakly_canonical(full, ignored).string();
    const std::string name = shown_name(full.string());
    for (std::size_t i = 0; i < trail.size(); ++i) {
        if (trail[i].id != id) { continue; }
        std::string circle;
        for (std::size_t j = i; j < trail.size(); ++j) { circle += trail[j].shown + " -> "; }
        report(from, below, at, "files extend each other in a circle: " + circle + name);
        unreadable = true;
        return;
    }
    trail.push_back({id, name});
    if (!fs::exists(full, ignored)) {
        report(from, below, at, at == nullptr ? "no such file" : "no such file: " + name,
               at == nullptr ? "" : hint_for(path));
        unreadable = true;
        return;
    }
    JsonLayer layer;
    layer.file = name;
    layer.directory = full.parent_path().string();
    try {
        layer.root = std::make_shared<JsonValue>(read_json_file(full.string()));
    } catch (const ConfigError& e) {
        for (Diagnostic d : e.diagnostics()) {
            d.file = name;
            problems.push_back(std::move(d));
        }
        unreadable = true;
        return;
    }
    layer.object = layer.root.get();
    if (!layer.object->is_object()) {
        report(layer, "", layer.object, "expected an object, found " + std::string(to_string(layer.object->kind())));
        unreadable = true;
        return;
    }
    with_base(layer, std::move(trail), out);
}

void JsonLayers::with_base(const JsonLayer& layer, std::vector<Link> trail, std::vector<JsonLayer>& out) {
    if (const JsonValue* base = layer.object->find(extends_key)) {
        if (base->is_string()) {
            chain(layer, "/extends", base, base->as_string(), std::move(trail), out);
        } else {
            report(layer, "/extends", base,
                   "expected the path of a file, found " + std::string(to_string(base->kind())));
            unreadable = true;
        }
    }
    out.push_back(layer);
}

std::vector<JsonLayer> JsonLayers::of_path(const JsonLayer& from, const std::string& below, const JsonValue* at,
                                           const std::string& path) {
    std::vector<JsonLayer> out;
    chain(from, below, at, path, {}, out);
    return out;
}

std::vector<JsonLayer> JsonLayers::of_object(const JsonLayer& object) {
    std::vector<JsonLayer> out;
    with_base(object, {}, out);
    return out;
}

std::vector<JsonLayer> JsonLayers::of_root(const std::string& path) {
    JsonLayer from;
    from.file = shown_name(path);
    return of_path(from, "", nullptr, path);
}

std::vector<JsonLayer> JsonLayers::of_assignment(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
        problems.push_back({"--set " + assignment, "", "expected path=value", "for example system.hbm.stacks=6"});
        return {};
    }
    const std::string path = assignment.substr(0, equals);
    const std::string text = assignment.substr(equals + 1);
    JsonValue value;
    try {
        value = parse_json(text, "--set");
    } catch (const ConfigError&) { value = JsonValue::string(text); }
    value.line = 0;
    for (std::size_t end = path.size() + 1; end > 0;) {
        const std::size_t dot = end < 2 ? std::string::npos : path.rfind('.', end - 2);
        const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
        JsonValue object = JsonValue::object();
        object.set(path.substr(begin, end - 1 - begin), std::move(value));
        value = std::move(object);
        end = begin;
    }
    JsonLayer layer;
    layer.file = "--set " + path;
    layer.command_line = true;
    layer.root = std::make_shared<JsonValue>(std::move(value));
    layer.object = layer.root.get();
    return {layer};
}

}  // namespace tessera
