#include "sim/base/json_reader.hpp"

#include "sim/base/text.hpp"

#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

namespace tessera {

namespace fs = std::filesystem;

namespace {

const char* const extends_key = "extends";
const char* const sources_key = "sources";
const char* const schema_key = "$schema";  // editors look for it

// A file, or a piece of text that is read like one.
struct Origin {
    std::string name;
    std::string directory;
    bool command_line = false;
};

// One JSON object that gives values to a section; `root` keeps the document alive.
struct Layer {
    std::shared_ptr<const JsonValue> root;
    const JsonValue* object = nullptr;
    std::shared_ptr<const Origin> origin;
    std::string local;  // JSON pointer of the object inside its file
};

struct Frame {
    Layer layer;
    std::string pointer;  // of the section in the whole configuration
    const char* doc = "";
    bool file = false;
    bool absent = false, needed = false;  // while checking: nothing here was given; something here is required
    std::vector<std::string> known;
    std::map<std::string, std::string> sources;
};

struct Pending {
    std::vector<Layer> layers;
    bool reset = false;
};

std::string quoted(const std::string& s) { return "\"" + s + "\""; }

std::string number_text(double v) {
    return std::abs(v) < 1e15 && v == std::floor(v) ? std::to_string(static_cast<std::int64_t>(v)) : format_shortest(v);
}

std::string shown(const JsonValue& v) {
    if (v.is_object() || v.is_array()) { return std::string(to_string(v.kind())); }
    return write_json(v, 0);
}

std::vector<std::string> split_names(const std::string& list) {
    std::vector<std::string> out(1);
    for (const char c : list) {
        if (c == ',') {
            out.emplace_back();
        } else if (c != ' ') {
            out.back().push_back(c);
        }
    }
    return out;
}

}  // namespace

struct JsonReader::State {
    FileNamer name_of = nullptr;
    std::vector<Diagnostic> problems;
    std::map<std::string, Provenance> provenance;
    std::map<std::string, Layer> given_by;  // by pointer of a section: the last layer that took part in it
    std::vector<Frame> frames;
    std::vector<Pending> pending;
    Pending root;
    bool checking = false;

    std::string shown_name(const std::string& path) const { return name_of == nullptr ? path : name_of(path); }

    void report(const Layer& layer, const std::string& below, const JsonValue* at, const std::string& message,
                const std::string& hint = {}) {
        std::string where;
        if (at != nullptr && at->line > 0) {
            where = "line " + std::to_string(at->line) + ", column " + std::to_string(at->column) + ": ";
        }
        problems.push_back({layer.origin->name, layer.local + below, where + message, hint});
    }

    void problem(const Field& f, const JsonValue* at, const std::string& message, const std::string& hint = {}) {
        report(frames.back().layer, std::string("/") + f.name, at, message, hint);
    }

    void note(const Field& f) {
        const Frame& frame = frames.back();
        const auto source = frame.sources.find(f.name);
        provenance[frame.pointer + "/" + f.name] = {
            frame.layer.origin->command_line ? "--set" : frame.layer.origin->name,
            source == frame.sources.end() ? "" : source->second};
    }

    void forget_below(const std::string& pointer) {
        for (auto it = provenance.begin(); it != provenance.end();) {
            it = it->first.rfind(pointer + "/", 0) == 0 ? provenance.erase(it) : std::next(it);
        }
    }

    bool any_below(const std::string& pointer) const {
        const auto it = provenance.lower_bound(pointer + "/");
        return it != provenance.end() && it->first.rfind(pointer + "/", 0) == 0;
    }

    bool in_range(const Field& f, const JsonValue* at, double v, const std::string& text) {
        if (v < f.minimum || (f.above_minimum && v == f.minimum)) {
            problem(f, at, text + " is too small",
                    (f.above_minimum ? "must be greater than " : "must be at least ") + number_text(f.minimum));
            return false;
        }
        if (v > f.maximum) {
            problem(f, at, text + " is too large", "must be at most " + number_text(f.maximum));
            return false;
        }
        return true;
    }

    void read_sources(Frame& frame);
    void chain(const Layer& from, const std::string& below, const JsonValue* at, const std::string& path,
               std::vector<std::string> trail, std::vector<Layer>& out);
    void with_base(const Layer& layer, std::vector<std::string> trail, std::vector<Layer>& out);
    Pending layers_of(const Section& s);
    void check_keys(const Frame& frame);
    template <class Rep>
    void quantity(const Field& f, Dimension d, Rep& raw, const JsonValue* v);
};

void JsonReader::State::read_sources(Frame& frame) {
    const JsonValue* sources = frame.layer.object->find(sources_key);
    if (sources == nullptr) { return; }
    if (!sources->is_object()) {
        report(frame.layer, "/sources", sources,
               "expected an object from value names to texts, found " + std::string(to_string(sources->kind())));
        return;
    }
    for (const auto& [names, text] : sources->members()) {
        if (!text.is_string() || text.as_string().empty()) {
            report(frame.layer, "/sources/" + names, &text, "expected a text that names the source");
            continue;
        }
        for (const std::string& name : split_names(names)) { frame.sources[name] = text.as_string(); }
    }
}

// The layers of the file `path` as named at `at`, what it extends first.
void JsonReader::State::chain(const Layer& from, const std::string& below, const JsonValue* at, const std::string& path,
                              std::vector<std::string> trail, std::vector<Layer>& out) {
    std::error_code ignored;
    const fs::path full = fs::path(path).is_absolute() ? fs::path(path) : fs::path(from.origin->directory) / path;
    const std::string id = fs::weakly_canonical(full, ignored).string();
    const std::string name = shown_name(full.lexically_normal().string());
    for (std::size_t i = 0; i < trail.size(); ++i) {
        if (trail[i] != id) { continue; }
        std::string circle;
        for (std::size_t j = i; j < trail.size(); ++j) { circle += shown_name(trail[j]) + " -> "; }
        report(from, below, at, "files extend each other in a circle: " + circle + shown_name(id));
        return;
    }
    trail.push_back(id);
    if (!fs::exists(full, ignored)) {
        report(from, below, at, "no such file: " + name, "paths are relative to the file that names them");
        return;
    }
    Layer layer;
    layer.origin = std::make_shared<Origin>(Origin{name, full.parent_path().string(), false});
    try {
        layer.root = std::make_shared<JsonValue>(read_json_file(full.string()));
    } catch (const ConfigError& e) {
        for (Diagnostic d : e.diagnostics()) {
            d.file = name;
            problems.push_back(std::move(d));
        }
        return;
    }
    layer.object = layer.root.get();
    if (!layer.object->is_object()) {
        report(layer, "", layer.object, "expected an object, found " + std::string(to_string(layer.object->kind())));
        return;
    }
    with_base(layer, std::move(trail), out);
}

void JsonReader::State::with_base(const Layer& layer, std::vector<std::string> trail, std::vector<Layer>& out) {
    if (const JsonValue* base = layer.object->find(extends_key)) {
        if (base->is_string()) {
            chain(layer, "/extends", base, base->as_string(), std::move(trail), out);
        } else {
            report(layer, "/extends", base,
                   "expected the path of a file, found " + std::string(to_string(base->kind())));
        }
    }
    out.push_back(layer);
}

Pending JsonReader::State::layers_of(const Section& s) {
    Frame& frame = frames.back();
    frame.known.emplace_back(s.name);
    const std::string below = std::string("/") + s.name;
    const JsonValue* v = frame.layer.object->find(s.name);
    Pending out;
    if (v == nullptr) { return out; }
    if (v->is_string() && s.file) {
        out.reset = true;
        chain(frame.layer, below, v, v->as_string(), {}, out.layers);
    } else if (v->is_object()) {
        Layer inner = frame.layer;
        inner.object = v;
        inner.local += below;
        out.reset = s.file && v->find(extends_key) != nullptr;
        if (s.file) {
            with_base(inner, {}, out.layers);
        } else {
            out.layers.push_back(inner);
        }
    } else {
        report(frame.layer, below, v,
               std::string("expected ") + (s.file ? "an object or the path of a file" : "an object") + ", found " +
                   shown(*v),
               s.doc);
    }
    return out;
}

void JsonReader::State::check_keys(const Frame& frame) {
    for (const auto& [key, value] : frame.layer.object->members()) {
        if (key == sources_key || (frame.file && (key == extends_key || key == schema_key))) { continue; }
        bool known = false;
        for (const std::string& name : frame.known) { known = known || name == key; }
        if (!known) {
            report(frame.layer, "/" + key, &value, "unknown key " + quoted(key), suggestion(key, frame.known));
        }
    }
    for (const auto& entry : frame.sources) {
        if (frame.layer.object->find(entry.first) != nullptr) { continue; }
        std::vector<std::string> present;
        for (const auto& member : frame.layer.object->members()) { present.push_back(member.first); }
        report(frame.layer, "/sources", frame.layer.object->find(sources_key),
               "a source for " + quoted(entry.first) + ", which this section does not set",
               suggestion(entry.first, present));
    }
}

JsonReader::JsonReader(FileNamer name_of) : state_(std::make_unique<State>()) { state_->name_of = name_of; }

JsonReader::~JsonReader() = default;

const std::map<std::string, Provenance>& JsonReader::provenance() const { return state_->provenance; }

void JsonReader::push_root_file(const std::string& path) {
    Layer from;
    from.origin = std::make_shared<Origin>(Origin{state_->shown_name(path), "", false});
    state_->root = {};
    state_->chain(from, "", nullptr, path, {}, state_->root.layers);
}

void JsonReader::push_root_value(JsonValue root, const std::string& name, const std::string& directory) {
    Layer layer;
    layer.origin = std::make_shared<Origin>(Origin{name, directory, false});
    layer.root = std::make_shared<JsonValue>(std::move(root));
    layer.object = layer.root.get();
    state_->root = {};
    if (layer.object->is_object()) {
        state_->with_base(layer, {}, state_->root.layers);
    } else {
        state_->report(layer, "", layer.object,
                       "expected an object, found " + std::string(to_string(layer.object->kind())));
    }
}

bool JsonReader::push_assignment(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
        state_->problems.push_back(
            {"--set " + assignment, "", "expected path=value", "for example system.hbm.stacks=6"});
        return false;
    }
    const std::string path = assignment.substr(0, equals);
    const std::string text = assignment.substr(equals + 1);
    JsonValue value;
    try {
        value = parse_json(text, "--set");
    } catch (const ConfigError&) { value = JsonValue::string(text); }
    std::vector<std::string> keys(1);
    for (const char c : path) {
        if (c == '.') {
            keys.emplace_back();
        } else {
            keys.back().push_back(c);
        }
    }
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        JsonValue object = JsonValue::object();
        value.line = 0;
        object.set(*key, std::move(value));
        value = std::move(object);
    }
    Layer layer;
    layer.origin = std::make_shared<Origin>(Origin{"--set " + path, "", true});
    layer.root = std::make_shared<JsonValue>(std::move(value));
    layer.object = layer.root.get();
    state_->root = {{layer}, false};
    return true;
}

void JsonReader::begin_required_check() { state_->checking = true; }

void JsonReader::throw_problems() {
    state_->checking = false;
    if (!state_->problems.empty()) { throw ConfigError(std::move(state_->problems)); }
}

FieldVisitor::Visit JsonReader::begin(const Section& s, std::size_t layer) {
    State& st = *state_;
    const bool root = st.frames.empty();
    const std::string pointer = root ? "" : st.frames.back().pointer + "/" + s.name;
    if (st.checking) {
        if (layer > 0) { return Visit::stop; }
        Frame frame;
        const auto given = st.given_by.find(pointer);
        if (given != st.given_by.end()) {
            frame.layer = given->second;
        } else if (!root) {
            frame.layer = st.frames.back().layer;
            frame.layer.local += std::string("/") + s.name;
        } else {
            frame.layer.origin = std::make_shared<Origin>();
        }
        frame.pointer = pointer;
        frame.absent = !root && !st.any_below(pointer);
        frame.doc = s.doc;
        st.frames.push_back(std::move(frame));
        return Visit::visit;
    }
    if (layer == 0) { st.pending.push_back(root ? std::move(st.root) : st.layers_of(s)); }
    Pending& pending = st.pending.back();
    if (layer >= pending.layers.size()) {
        st.pending.pop_back();
        return Visit::stop;
    }
    const bool reset = pending.reset && layer == 0;
    if (reset) { st.forget_below(pointer); }
    Frame frame;
    frame.layer = pending.layers[layer];
    frame.pointer = pointer;
    frame.file = s.file;
    st.given_by[pointer] = frame.layer;
    st.read_sources(frame);
    st.frames.push_back(std::move(frame));
    return reset ? Visit::reset : Visit::visit;
}

void JsonReader::end() {
    State& st = *state_;
    const Frame frame = std::move(st.frames.back());
    st.frames.pop_back();
    if (!st.checking) {
        st.check_keys(frame);
    } else if (frame.absent && frame.needed) {
        if (st.frames.back().absent) {
            st.frames.back().needed = true;
        } else {
            st.report(frame.layer, "", nullptr, std::string("missing section: ") + frame.doc);
        }
    }
}

const JsonValue* JsonReader::take(const Field& f) {
    State& st = *state_;
    Frame& frame = st.frames.back();
    if (st.checking) {
        if (f.required && frame.absent) {
            frame.needed = true;
        } else if (f.required && st.provenance.count(frame.pointer + "/" + f.name) == 0) {
            st.problem(f, nullptr, std::string("missing value: ") + f.doc);
        }
        return nullptr;
    }
    frame.known.emplace_back(f.name);
    const JsonValue* v = frame.layer.object->find(f.name);
    if (v != nullptr) { st.note(f); }
    return v;
}

void JsonReader::on_bool(const Field& f, bool& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (j->kind() != JsonValue::Kind::boolean) {
        state_->problem(f, j, "expected true or false, found " + shown(*j), f.doc);
        return;
    }
    v = j->as_boolean();
}

void JsonReader::on_integer(const Field& f, std::int64_t& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (j->kind() != JsonValue::Kind::integer) {
        state_->problem(f, j, "expected a whole number, found " + shown(*j), f.doc);
        return;
    }
    if (state_->in_range(f, j, static_cast<double>(j->as_integer()), shown(*j))) { v = j->as_integer(); }
}

void JsonReader::on_number(const Field& f, double& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_number()) {
        state_->problem(f, j, "expected a plain number, found " + shown(*j), f.doc);
        return;
    }
    if (state_->in_range(f, j, j->as_double(), shown(*j))) { v = j->as_double(); }
}

void JsonReader::on_text(const Field& f, std::string& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_string() || (f.required && j->as_string().empty())) {
        state_->problem(f, j, "expected a text, found " + shown(*j), f.doc);
        return;
    }
    v = j->as_string();
}

void JsonReader::on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (j->is_string() && j->as_string() == names[i]) {
            index = i;
            return;
        }
    }
    const std::string near = j->is_string() ? nearest(j->as_string(), names) : "";
    state_->problem(f, j, "expected one of " + join(names, ", ") + ", found " + shown(*j),
                    near.empty() ? f.doc : "did you mean " + quoted(near) + "?");
}

template <class Rep>
void JsonReader::State::quantity(const Field& f, Dimension d, Rep& raw, const JsonValue* v) {
    if (!v->is_string()) {
        const std::string what = std::string(dimension_name(d));
        problem(f, v,
                v->is_number() ? shown(*v) + " has no unit: expected " + what + " as text, like \"" + shown(*v) + " " +
                                     unit_list(d).substr(0, unit_list(d).find(',')) + "\""
                               : "expected a " + what + " as text with its unit, found " + shown(*v),
                "accepted units: " + unit_list(d));
        return;
    }
    QuantityReading<Rep> reading;
    if constexpr (std::numeric_limits<Rep>::is_integer) {
        reading = read_integer_quantity(v->as_string(), d);
    } else {
        reading = read_real_quantity(v->as_string(), d);
    }
    if (!reading.problem.empty()) {
        problem(f, v, reading.problem, reading.hint);
    } else if (in_range(f, v, static_cast<double>(reading.raw), shown(*v))) {
        raw = reading.raw;
    }
}

void JsonReader::on_quantity(const Field& f, Dimension d, std::int64_t& raw) {
    if (const JsonValue* v = take(f)) { state_->quantity(f, d, raw, v); }
}

void JsonReader::on_quantity(const Field& f, Dimension d, double& raw) {
    if (const JsonValue* v = take(f)) { state_->quantity(f, d, raw, v); }
}

void JsonReader::on_integers(const Field& f, std::vector<std::int64_t>& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    if (!j->is_array()) {
        state_->problem(f, j, "expected an array of whole numbers, found " + shown(*j), f.doc);
        return;
    }
    std::vector<std::int64_t> out;
    bool good = true;
    for (std::size_t i = 0; i < j->items().size(); ++i) {
        const JsonValue& item = j->items()[i];
        const std::string name = std::string(f.name) + "/" + std::to_string(i);
        Field element = f;
        element.name = name.c_str();
        if (item.kind() != JsonValue::Kind::integer) {
            state_->problem(element, &item, "expected a whole number, found " + shown(item), f.doc);
            good = false;
        } else if (state_->in_range(element, &item, static_cast<double>(item.as_integer()), shown(item))) {
            out.push_back(item.as_integer());
        } else {
            good = false;
        }
    }
    if (good) { v = std::move(out); }
}

void JsonReader::on_options(const Field& f, NamedOptions& v) {
    const JsonValue* j = take(f);
    if (j == nullptr) { return; }
    const auto find = [&v](const std::string& slug) -> std::map<std::string, std::string>& {
        for (auto& entry : v) {
            if (entry.first == slug) { return entry.second; }
        }
        return v.emplace_back(slug, std::map<std::string, std::string>{}).second;
    };
    if (j->is_array()) {
        v.clear();
        for (const JsonValue& item : j->items()) {
            if (item.is_string()) {
                find(item.as_string());
            } else {
                state_->problem(f, &item, "expected a name, found " + shown(item), f.doc);
            }
        }
    } else if (j->is_object()) {
        for (const auto& [slug, parameters] : j->members()) {
            auto& values = find(slug);
            if (!parameters.is_object()) {
                state_->problem(f, &parameters,
                                quoted(slug) + ": expected an object of parameters, found " + shown(parameters));
                continue;
            }
            for (const auto& [name, value] : parameters.members()) { values[name] = write_json(value, 0); }
        }
    } else {
        state_->problem(f, j, "expected a list of names or an object from names to parameters, found " + shown(*j),
                        f.doc);
    }
}

}  // namespace tessera
