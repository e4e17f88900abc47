// What JsonReader remembers between calls; only json_reader*.cpp include this.
#pragma once

#include "sim/base/json_layers.hpp"
#include "sim/base/json_reader.hpp"

#include <map>
#include <string>
#include <vector>

namespace tessera {

struct JsonReader::State {
    // A section being visited for one layer.
    struct Frame {
        JsonLayer layer;
        std::string pointer;  // of the section in the whole configuration
        const char* doc = "";
        bool file = false;
        bool absent = false, needed = false;  // while checking: nothing here was given; something here is required
        std::vector<std::string> known;       // names asked for so far
        std::map<std::string, std::string> sources;
        std::map<std::string, const JsonValue*> ranges;
    };
    // A section whose layers are being visited one by one.
    struct Pending {
        std::vector<JsonLayer> layers;
        bool reset = false;
    };

    State(FileNamer name_of, FileFinder find) : layers(name_of, find) {}

    // A problem with the value of `f` in the current section, standing at `at`.
    void problem(const Field& f, const JsonValue* at, const std::string& message, const std::string& hint = {});
    // `d`: the dimension in which the bounds are named.
    bool in_range(const Field& f, const JsonValue* at, double v, const std::string& text, const Dimension* d = nullptr);
    template <class Rep>
    void quantity(const Field& f, Dimension d, Rep& raw, const JsonValue& v);
    void option(const Field& f, const std::string& slug, const JsonValue& parameters, NamedOptions& v);
    void note(const std::string& name, const std::string& below = {});  // the value of `name` came from here
    void forget_below(const std::string& pointer);
    bool any_below(const std::string& pointer) const;
    void read_sources(Frame& frame);
    void read_ranges(Frame& frame);
    // Notes the range that the current section gives for the value of `f`, which is `nominal`.
    void take_range(const Field& f, const Dimension* d, bool whole, double nominal);
    void check_keys(const Frame& frame);
    Pending layers_of(const Section& s);
    Visit begin_check(const Section& s, const std::string& pointer);
    void end_check(const Frame& frame);

    JsonLayers layers;
    std::map<std::string, Provenance> provenance;
    std::map<std::string, AssumedRange> ranges;
    std::map<std::string, JsonLayer> given_by;  // by pointer of a section: the last layer that took part in it
    std::vector<Frame> frames;
    std::vector<Pending> pending;
    Pending root;
    bool checking = false;
};

}  // namespace tessera
