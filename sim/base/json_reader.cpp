#include "sim/base/json_reader.hpp"

#include "sim/base/json_reader_state.hpp"
#include "sim/base/text.hpp"

#include <algorithm>
#include <utility>

namespace tessera {
namespace {

const char* const sources_key = "sources";
const char* const ranges_key = "ranges";
const char* const schema_key = "$schema";  // editors look for it

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

std::vector<std::string> keys_of(const JsonValue& object) {
    std::vector<std::string> keys;
    for (const auto& member : object.members()) { keys.push_back(member.first); }
    return keys;
}

}  // namespace

void JsonReader::State::problem(const Field& f, const JsonValue* at, const std::string& message,
                                const std::string& hint) {
    layers.report(frames.back().layer, std::string("/") + f.name, at, message, hint);
}

void JsonReader::State::note(const std::string& name, const std::string& below) {
    const Frame& frame = frames.back();
    const auto source = frame.sources.find(name);
    ranges.erase(frame.pointer + "/" + name + below);
    provenance[frame.pointer + "/" + name + below] = {frame.layer.origin(),
                                                      source == frame.sources.end() ? "" : source->second};
}

void JsonReader::State::forget_below(const std::string& pointer) {
    for (auto it = ranges.begin(); it != ranges.end();) {
        it = it->first.rfind(pointer + "/", 0) == 0 ? ranges.erase(it) : std::next(it);
    }
    for (auto it = provenance.begin(); it != provenance.end();) {
        it = it->first.rfind(pointer + "/", 0) == 0 ? provenance.erase(it) : std::next(it);
    }
}

bool JsonReader::State::any_below(const std::string& pointer) const {
    const auto it = provenance.lower_bound(pointer + "/");
    return it != provenance.end() && it->first.rfind(pointer + "/", 0) == 0;
}

void JsonReader::State::read_sources(Frame& frame) {
    const JsonValue* sources = frame.layer.object->find(sources_key);
    if (sources == nullptr) { return; }
    if (!sources->is_object()) {
        layers.report(frame.layer, "/sources", sources,
                      "expected an object from value names to texts, found " + std::string(to_string(sources->kind())));
        return;
    }
    for (const auto& [names, text] : sources->members()) {
        if (!text.is_string() || text.as_string().empty()) {
            layers.report(frame.layer, "/sources" + pointer_token(names), &text,
                          "expected a text that names the source");
            continue;
        }
        for (const std::string& name : split_names(names)) {
            if (!frame.sources.emplace(name, text.as_string()).second) {
                layers.report(frame.layer, "/sources" + pointer_token(names), &text,
                              "a second source for \"" + name + "\"");
            }
        }
    }
}

void JsonReader::State::read_ranges(Frame& frame) {
    const JsonValue* all = frame.layer.object->find(ranges_key);
    if (all == nullptr) { return; }
    if (!all->is_object()) {
        layers.report(
            frame.layer, "/ranges", all,
            "expected an object from value names to [low, high], found " + std::string(to_string(all->kind())));
        return;
    }
    for (const auto& [names, range] : all->members()) {
        for (const std::string& name : split_names(names)) {
            if (!range.is_array() || range.items().size() != 2) {
                layers.report(frame.layer, "/ranges" + pointer_token(names), &range, "expected [low, high]");
            } else if (frame.layer.object->find(name) == nullptr) {
                layers.report(frame.layer, "/ranges" + pointer_token(names), &range,
                              "a range for \"" + name + "\", which this section does not set",
                              suggestion(name, keys_of(*frame.layer.object)));
            } else {
                frame.ranges[name] = &range;
            }
        }
    }
}

JsonReader::State::Pending JsonReader::State::layers_of(const Section& s) {
    Frame& frame = frames.back();
    frame.known.emplace_back(s.name);
    const std::string below = std::string("/") + s.name;
    const JsonValue* v = frame.layer.object->find(s.name);
    if (v == nullptr) { return {}; }
    if (v->is_string() && s.file) { return {layers.of_path(frame.layer, below, v, v->as_string()), true}; }
    if (!v->is_object()) {
        layers.report(frame.layer, below, v,
                      std::string("expected ") + (s.file ? "an object or the path of a file" : "an object") +
                          ", found " + std::string(to_string(v->kind())),
                      s.doc);
        layers.unreadable = true;
        return {};
    }
    JsonLayer inner = frame.layer;
    inner.object = v;
    inner.pointer += below;
    if (!s.file) { return {{inner}, false}; }
    return {layers.of_object(inner), v->find(extends_key) != nullptr};
}

void JsonReader::State::check_keys(const Frame& frame) {
    const JsonValue& object = *frame.layer.object;
    for (const auto& [key, value] : object.members()) {
        if (key == sources_key || key == ranges_key || (frame.file && (key == extends_key || key == schema_key))) {
            continue;
        }
        if (std::find(frame.known.begin(), frame.known.end(), key) != frame.known.end()) { continue; }
        layers.report(frame.layer, pointer_token(key), &value, "unknown key \"" + key + "\"",
                      suggestion(key, frame.known));
    }
    for (const auto& entry : frame.sources) {
        if (object.find(entry.first) != nullptr) { continue; }
        layers.report(frame.layer, "/sources", object.find(sources_key),
                      "a source for \"" + entry.first + "\", which this section does not set",
                      suggestion(entry.first, keys_of(object)));
    }
}

// Looks for what no layer gave; a section of which nothing was given is one problem, not one per value.
FieldVisitor::Visit JsonReader::State::begin_check(const Section& s, const std::string& pointer) {
    Frame frame;
    const auto given = given_by.find(pointer);
    if (given != given_by.end()) {
        frame.layer = given->second;
    } else if (!frames.empty()) {
        frame.layer = frames.back().layer;
        frame.layer.pointer += std::string("/") + s.name;
    }
    frame.pointer = pointer;
    frame.doc = s.doc;
    frame.absent = !frames.empty() && !any_below(pointer);
    frames.push_back(std::move(frame));
    return Visit::visit;
}

void JsonReader::State::end_check(const Frame& frame) {
    if (!frame.absent || !frame.needed) { return; }
    if (frames.back().absent) {
        frames.back().needed = true;
    } else {
        layers.report(frame.layer, "", nullptr, std::string("missing section: ") + frame.doc);
    }
}

JsonReader::JsonReader(FileNamer name_of, FileFinder find) : state_(std::make_unique<State>(name_of, find)) {}

JsonReader::~JsonReader() = default;

const std::map<std::string, Provenance>& JsonReader::provenance() const { return state_->provenance; }

const std::map<std::string, AssumedRange>& JsonReader::ranges() const { return state_->ranges; }

void JsonReader::push_root_file(const std::string& path) { state_->root = {state_->layers.of_root(path), false}; }

void JsonReader::push_assignment(const std::string& assignment) {
    state_->root = {state_->layers.of_assignment(assignment), false};
}

bool JsonReader::begin_required_check() {
    state_->checking = !state_->layers.unreadable;
    return state_->checking;
}

void JsonReader::throw_problems() {
    state_->checking = false;
    if (!state_->layers.problems.empty()) { throw ConfigError(std::move(state_->layers.problems)); }
}

FieldVisitor::Visit JsonReader::begin(const Section& s, std::size_t layer) {
    State& st = *state_;
    const bool root = st.frames.empty();
    const std::string pointer = root ? "" : st.frames.back().pointer + "/" + s.name;
    if (st.checking) { return layer > 0 ? Visit::stop : st.begin_check(s, pointer); }
    if (layer == 0) { st.pending.push_back(root ? std::move(st.root) : st.layers_of(s)); }
    const State::Pending& pending = st.pending.back();
    if (layer >= pending.layers.size()) {
        st.pending.pop_back();
        return Visit::stop;
    }
    const bool reset = pending.reset && layer == 0;
    if (reset) { st.forget_below(pointer); }
    State::Frame frame;
    frame.layer = pending.layers[layer];
    frame.pointer = pointer;
    frame.file = s.file;
    st.given_by[pointer] = frame.layer;
    st.read_sources(frame);
    st.read_ranges(frame);
    st.frames.push_back(std::move(frame));
    return reset ? Visit::reset : Visit::visit;
}

void JsonReader::end() {
    const State::Frame frame = std::move(state_->frames.back());
    state_->frames.pop_back();
    if (state_->checking) {
        state_->end_check(frame);
    } else {
        state_->check_keys(frame);
    }
}

const JsonValue* JsonReader::take(const Field& f) {
    State& st = *state_;
    State::Frame& frame = st.frames.back();
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
    if (v != nullptr) { st.note(f.name); }
    return v;
}

}  // namespace tessera
