// covers: sim/app/measured/read_cases.cpp
#include "sim/app/measured/read_cases.hpp"

#include "sim/base/data_files.hpp"
#include "sim/base/rng.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using tessera::testing::h200;

namespace {

std::vector<JsonValue> wrong_values() {
    JsonValue list = JsonValue::array();
    list.push(JsonValue::string("x"));
    return {JsonValue::integer(0),
            JsonValue::integer(-1),
            JsonValue::integer(std::int64_t{1} << 62),
            JsonValue::number(1e300),
            JsonValue::number(-0.5),
            JsonValue::string(""),
            JsonValue(),
            JsonValue::object(),
            list};
}

// One value somewhere inside is missing or replaced by one that makes no sense there.
void damage(JsonValue& v, Rng& rng) {
    const bool inner = !v.is_object() && !v.is_array();
    if (inner || (v.is_object() && v.members().empty()) || (v.is_array() && v.items().empty())) {
        const std::vector<JsonValue> wrong = wrong_values();
        v = wrong[rng.below(wrong.size())];
    } else if (v.is_object()) {
        auto& members = v.mutable_members();
        const std::size_t at = rng.below(members.size());
        if (rng.below(4) == 0) {
            members.erase(members.begin() + static_cast<std::ptrdiff_t>(at));
        } else {
            damage(members[at].second, rng);
        }
    } else {
        damage(v.mutable_items()[rng.below(v.items().size())], rng);
    }
}

JsonValue document(const char* list, const JsonValue& damaged, const JsonValue& intact) {
    JsonValue root = JsonValue::object(), entries = JsonValue::array();
    entries.push(damaged);
    entries.push(intact);
    root.set(list, entries);
    return root;
}

void check_damaged(const std::string& file, const char* list) {
    CAPTURE(file);
    const JsonValue whole = read_json_file(find_data("tests/validation/h200/" + file));
    const std::vector<JsonValue>& entries = whole.find(list)->items();
    const JsonValue& intact = entries.front();
    const std::string problem = measured::read_cases(document(list, intact, intact), file, h200()).at(1).problem;
    Rng rng(7);
    for (int i = 0; i < 300; ++i) {
        JsonValue damaged = entries[rng.below(entries.size())];
        damage(damaged, rng);
        CAPTURE(write_json(damaged, 0));
        const std::vector<measured::Case> cases = measured::read_cases(document(list, damaged, intact), file, h200());
        REQUIRE(cases.size() >= 2);
        CHECK(cases.back().problem == problem);
    }
}

}  // namespace

TEST_CASE("whatever is wrong with a case, it is told in place and the others are read") {
    check_damaged("kernels.json", "cases");
    check_damaged("deepgemm.json", "rows");
    check_damaged("flashmla.json", "rows");
    check_damaged("layer.json", "cases");
}

TEST_CASE("whatever is wrong with a microbenchmark item, the other items are read") {
    const JsonValue whole = read_json_file(find_data("tests/validation/h200/micro.json"));
    Rng rng(11);
    for (const auto& [name, section] : whole.find("sections")->members()) {
        if (section.find("items") == nullptr) { continue; }
        const std::vector<JsonValue>& items = section.find("items")->items();
        for (int i = 0; i < 60; ++i) {
            JsonValue damaged = items[rng.below(items.size())];
            damage(damaged, rng);
            CAPTURE(name, write_json(damaged, 0));
            JsonValue part = document("items", damaged, items.front()), sections = JsonValue::object();
            sections.set(name, part);
            JsonValue root = JsonValue::object();
            root.set("sections", sections);
            CHECK(measured::read_cases(root, "micro.json", h200()).size() >= 2);
        }
    }
}
