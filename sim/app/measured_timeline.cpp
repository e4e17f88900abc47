#include "sim/app/measured_timeline.hpp"

#include "sim/base/json_cursor.hpp"

namespace tessera {

namespace {

MeasuredKernel measured_kernel(const JsonCursor& r) {
    MeasuredKernel k;
    k.region = r.at("region").text();
    k.role = r.at("role").text();
    k.op_class = r.at("class").text();
    for (const JsonCursor& iteration : r.at("us").items()) { k.us.push_back(iteration.numbers()); }
    if (r.has("wall_us")) { k.group_us = r.at("wall_us").numbers(); }
    return k;
}

}  // namespace

MeasuredTimeline read_measured_timeline(const std::string& folder) {
    const std::string file = folder + "/measured.json", limits = folder + "/tolerances.json";
    const JsonValue json = read_json_file(file), tolerances = read_json_file(limits);
    const JsonCursor r(json, file), t(tolerances, limits);
    MeasuredTimeline m;
    m.source = r.at("source").text();
    m.wall_us = r.at("wall_us").positive();
    for (const JsonCursor& c : r.at("classes").items()) {
        m.class_us.emplace_back(c.at("class").text(), c.at("us").positive());
    }
    for (const JsonCursor& k : r.at("kernels").items()) { m.kernels.push_back(measured_kernel(k)); }
    m.wall_tolerance = t.at("wall").positive();
    m.class_tolerance = t.at("class").positive();
    m.class_threshold = t.at("class_share_of_wall").positive();
    for (const JsonCursor& d : t.at("deviations").items()) {
        m.known_reasons[d.at("class").text()] = d.at("why").text();
    }
    return m;
}

}  // namespace tessera
