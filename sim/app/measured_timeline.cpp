#include "sim/app/measured_timeline.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

namespace tessera {

namespace {

// Members of the data files, with the file and pointer in every complaint.
class Reader {
public:
    Reader(const JsonValue& v, std::string file, std::string pointer)
        : value_(v), file_(std::move(file)), pointer_(std::move(pointer)) {}

    Reader at(const char* key) const {
        const JsonValue* member = value_.is_object() ? value_.find(key) : nullptr;
        if (member == nullptr) { fail(std::string("member \"") + key + "\" is missing"); }
        return {*member, file_, pointer_ + "/" + key};
    }
    bool has(const char* key) const { return value_.is_object() && value_.find(key) != nullptr; }
    double number() const {
        if (!value_.is_number()) { fail("expected a number"); }
        return value_.as_double();
    }
    // Relative tolerances and durations are never negative.
    double positive() const {
        if (number() <= 0) { fail("expected a positive number"); }
        return number();
    }
    std::string text() const {
        if (!value_.is_string()) { fail("expected a string"); }
        return value_.as_string();
    }
    std::vector<Reader> items() const {
        if (!value_.is_array()) { fail("expected an array"); }
        std::vector<Reader> out;
        for (const JsonValue& v : value_.items()) {
            out.emplace_back(v, file_, pointer_ + "/" + std::to_string(out.size()));
        }
        return out;
    }
    std::vector<double> numbers() const {
        std::vector<double> out;
        for (const Reader& r : items()) { out.push_back(r.number()); }
        return out;
    }

private:
    [[noreturn]] void fail(const std::string& message) const { throw ConfigError(file_, pointer_, message); }
    const JsonValue& value_;
    std::string file_, pointer_;
};

MeasuredKernel measured_kernel(const Reader& r) {
    MeasuredKernel k;
    k.region = r.at("region").text();
    k.role = r.at("role").text();
    k.op_class = r.at("class").text();
    for (const Reader& iteration : r.at("us").items()) { k.us.push_back(iteration.numbers()); }
    if (r.has("wall_us")) { k.group_us = r.at("wall_us").numbers(); }
    return k;
}

}  // namespace

MeasuredTimeline read_measured_timeline(const std::string& folder) {
    const std::string file = folder + "/measured.json", limits = folder + "/tolerances.json";
    const JsonValue json = read_json_file(file), tolerances = read_json_file(limits);
    const Reader r(json, file, ""), t(tolerances, limits, "");
    MeasuredTimeline m;
    m.source = r.at("source").text();
    m.wall_us = r.at("wall_us").positive();
    for (const Reader& c : r.at("classes").items()) {
        m.class_us.emplace_back(c.at("class").text(), c.at("us").positive());
    }
    for (const Reader& k : r.at("kernels").items()) { m.kernels.push_back(measured_kernel(k)); }
    m.wall_tolerance = t.at("wall").positive();
    m.class_tolerance = t.at("class").positive();
    m.class_threshold = t.at("class_share_of_wall").positive();
    for (const Reader& d : t.at("deviations").items()) { m.known_reasons[d.at("class").text()] = d.at("why").text(); }
    return m;
}

}  // namespace tessera
