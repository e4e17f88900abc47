#include "sim/report/perfetto.hpp"
#include "sim/base/json.hpp"
#include "tests/support/sample_comparison.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <tuple>
#include <vector>

using namespace tessera;

namespace {

int count(const JsonValue& events, const std::string& phase) {
    int n = 0;
    for (const JsonValue& e : events.items()) { n += e.find("ph")->as_string() == phase ? 1 : 0; }
    return n;
}

}  // namespace

TEST_CASE("the trace parses and holds every kernel on its stream") {
    RunResult r = sample::run("all \"quoted\" <b>", {}, 400, 95);
    const JsonValue root = parse_json(report::perfetto_json(r), "timeline.json");
    const JsonValue& events = *root.find("traceEvents");
    CHECK(count(events, "X") == static_cast<int>(r.timeline.spans.size()));
    CHECK(count(events, "M") == 1 + 2);
    CHECK(events.items()[0].find("args")->find("name")->as_string() == "rank 0, all \"quoted\" <b>");
    for (const JsonValue& e : events.items()) {
        if (e.find("name")->as_string() != "I1.cast_x") { continue; }
        CHECK(e.find("ts")->as_double() == Approx(900));
        CHECK(e.find("dur")->as_double() == Approx(95));
        CHECK(e.find("tid")->as_integer() == 1);
        CHECK(e.find("args")->find("class")->as_string() == "quant_per_token_cast");
    }
}

TEST_CASE("counters integrate to the bytes moved and end at zero") {
    const RunResult r = sample::run("baseline", {}, 400, 95);
    const JsonValue root = parse_json(report::perfetto_json(r), "timeline.json");
    double sum = 0, level = 0, at = 0;
    for (const JsonValue& e : root.find("traceEvents")->items()) {
        if (e.find("name")->as_string() != "HBM traffic") { continue; }
        const double now = e.find("ts")->as_double();
        sum += level * (now - at) * 1e3;  // GB/s x us = kB
        at = now;
        level = e.find("args")->find("GB/s")->as_double();
    }
    CHECK(level == 0);
    CHECK(sum == Approx(6e6).epsilon(1e-3));  // six kernels of 1 MB
}

TEST_CASE("SMs, links and the recording have tracks of their own") {
    RunResult r = sample::run("baseline", {}, 400, 95);
    r.sm_clock = megahertz(1500);
    r.timeline.spans.front().sms = 20;
    r.timeline.spans.front().traffic.nic_out = bytes(1'000'000);
    const Timeline recorded = r.timeline;
    const JsonValue root = parse_json(report::perfetto_json(r, {&recorded, 132}), "timeline.json");
    std::map<std::string, int> tracks;  // by name, with the process before it
    for (const JsonValue& e : root.find("traceEvents")->items()) {
        const std::string& what = e.find("name")->as_string();
        const std::string process = std::to_string(e.find("pid")->as_integer()) + " ";
        if (what == "thread_name" || what == "process_name") {
            ++tracks[process + e.find("args")->find("name")->as_string()];
        }
        if (e.find("ph")->as_string() == "C") { ++tracks[process + what]; }
    }
    CHECK(tracks.count("2 SMs and engines") == 1);
    CHECK(tracks.count("2 SMs 0-19") == 1);
    CHECK(tracks.count("3 recorded") == 1);
    CHECK(tracks.count("1 NIC traffic out") == 1);
    CHECK(tracks.at("1 SM clock") == 2);
    CHECK(count(*root.find("traceEvents"), "X") >= 2 * static_cast<int>(r.timeline.spans.size()) + 1);
}

TEST_CASE("slices of a track lie apart or inside each other, as viewers demand") {
    RunResult r = sample::run("baseline", {}, 400, 95);
    r.timeline.spans.front().sms = 20;
    const Timeline recorded = r.timeline;
    const JsonValue root = parse_json(report::perfetto_json(r, {&recorded, 132}), "timeline.json");
    std::vector<std::tuple<std::int64_t, std::int64_t, double, double>> slices;  // process, track, from, -length
    for (const JsonValue& e : root.find("traceEvents")->items()) {
        if (e.find("ph")->as_string() != "X") { continue; }
        slices.emplace_back(e.find("pid")->as_integer(), e.find("tid")->as_integer(), e.find("ts")->as_double(),
                            -e.find("dur")->as_double());
    }
    std::sort(slices.begin(), slices.end());
    REQUIRE(slices.size() > 12);
    std::vector<double> open;
    for (std::size_t i = 0; i < slices.size(); ++i) {
        const auto& [process, track, from, minus] = slices[i];
        const bool same = i > 0 && std::get<0>(slices[i - 1]) == process && std::get<1>(slices[i - 1]) == track;
        if (!same) { open.clear(); }
        while (!open.empty() && open.back() <= from) { open.pop_back(); }
        CHECK((open.empty() || from - minus <= open.back()));
        open.push_back(from - minus);
    }
}
