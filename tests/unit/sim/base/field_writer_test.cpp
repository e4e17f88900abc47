#include "sim/base/field_writer.hpp"

#include "sim/base/json_reader.hpp"
#include "tests/support/described_sample.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace tessera;

namespace {

sample::Whole example() {
    sample::Whole w;
    w.name = "w";
    w.share = 0.1;
    w.colour = sample::Colour::green;
    w.rate = gb_per_second(4814.3);
    w.size = kib(3);
    w.rows = {3, 1};
    w.options = {{"a/b", {{"x", "1"}}}, {"c", {}}};
    w.part.delay = nanoseconds(8);
    return w;
}

}  // namespace

TEST_CASE("what is written reads back as the same", "[base][writer]") {
    const JsonValue first = FieldWriter().write(example());
    const tessera::testing::TemporaryFolder folder;
    JsonReader reader;
    sample::Whole back;
    reader.read_file(folder.write("w.json", write_json(first)), back);
    reader.finish(back);
    CHECK(write_json(FieldWriter().write(back)) == write_json(first));
    CHECK(back.rate == example().rate);
    CHECK(back.options == example().options);
}

TEST_CASE("flatten gives every value by pointer, in order", "[base][writer]") {
    const auto values = flatten(FieldWriter().write(example()));
    REQUIRE(values.size() == 15);
    CHECK(values[0] == std::pair<std::string, std::string>("/name", "\"w\""));
    CHECK(values[6] == std::pair<std::string, std::string>("/rate", "\"4.8143 TB/s\""));
    CHECK(values[8] == std::pair<std::string, std::string>("/rows", "[3,1]"));
    CHECK(values[9] == std::pair<std::string, std::string>("/options/a~1b/x", "1"));
    CHECK(values[10] == std::pair<std::string, std::string>("/options/c", "{}"));
    CHECK(values[12] == std::pair<std::string, std::string>("/part/delay", "\"8 ns\""));
}

TEST_CASE("numbers without a fraction are written without one", "[base][writer]") {
    CHECK(write_json(plain_number(4096), 0) == "4096");
    CHECK(write_json(plain_number(0.25), 0) == "0.25");
}
