#include "sim/app/measured/links.hpp"

#include "sim/base/error.hpp"

namespace tessera::measured {

namespace links {

void add(std::vector<Case>& out, const JsonCursor& at, const std::string& family, const Reader& read) {
    Case c;
    c.pointer = at.pointer();
    c.family = family;
    try {
        if (!at.value().is_object()) { at.fail("expected an object"); }
        read(at, c);
    } catch (const ConfigError& e) { c.problem = to_string(e.diagnostics().front()); } catch (const ModelError& e) {
        c.problem = e.what();
    }
    if (c.id.empty()) { c.id = c.family + " " + c.pointer; }
    out.push_back(std::move(c));
}

double middle(const JsonCursor& value) { return value.value().is_object() ? value.positive("med") : value.positive(); }

Frequency fastest(const SystemConfig& system) { return system.power.max_clock; }

}  // namespace links

namespace {

// What the driver says of a GPU, against the system's description.
void read_gpu(const JsonCursor& at, Case& c) {
    c.id = "GPU " + std::to_string(at.at("gpu").integer()) + ": SMs";
    c.variant = "calibration";
    c.unit = "SMs";
    c.measured = static_cast<double>(at.count("sms"));
    c.probe = [](const SystemConfig& s, Frequency) { return Prediction{static_cast<double>(s.sm.count), ""}; };
}

// Every GPU of a node reaches every other.
void read_path(const JsonCursor& at, Case& c) {
    c.id = "path " + std::to_string(at.at("from").integer()) + " to " + std::to_string(at.at("to").integer());
    c.unit = "reachable";
    c.measured = static_cast<double>(at.at("access").integer());
    c.probe = [](const SystemConfig& s, Frequency) {
        return Prediction{s.nvlink.per_direction > Bandwidth::zero() ? 1.0 : 0.0, ""};
    };
}

links::Reader topology_reader(const std::string& list) {
    if (list == "gpu") { return read_gpu; }
    if (list == "p2p") { return read_path; }
    return {};
}

links::Reader reader_of(const std::string& section, const std::string& list) {
    if (section == "A") { return topology_reader(list); }
    if (section == "B") { return links::latency_reader(list); }
    if (section == "C") { return links::stream_reader(list); }
    if (section == "D") { return links::engine_reader(list); }
    if (section == "F") { return links::row_reader(list); }
    return {};
}

// Lists that say how the measurement was made.
bool is_setting(const std::string& list) { return list == "errors" || list == "placement"; }

}  // namespace

std::vector<Case> link_section(const std::string& name, const JsonCursor& section) {
    std::vector<Case> out;
    if (name == "E") {
        links::beside_cases(out, section);
        return out;
    }
    for (const auto& [list, entries] : section.members()) {
        if (!entries.value().is_array() || is_setting(list)) { continue; }
        const links::Reader read = reader_of(name, list);
        for (const JsonCursor& entry : entries.items()) {
            const std::string family = "nvlink " + name + " " + list;
            links::add(
                out, entry, family, read ? read : [](const JsonCursor&, Case&) {
                    throw ModelError("a measurement between GPUs of a kind that the model does not know");
                });
        }
    }
    return out;
}

}  // namespace tessera::measured
