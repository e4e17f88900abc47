// covers: trace_input.cpp event_fields.cpp
#include "sim/traces/kineto/kineto_reader.hpp"

#include "sim/base/error.hpp"
#include "sim/traces/kineto/event_fields.hpp"
#include "tests/support/small_trace.hpp"
#include "tests/support/temporary_folder.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::traces;

namespace {

RecordedTrace read(const std::string& text) {
    const testing::TemporaryFolder folder;
    return read_kineto(folder.write("trace.json", text));
}

std::string zipped(const testing::TemporaryFolder& folder, const std::string& text) {
    const std::string path = folder.write("trace.json.gz", "");
    gzFile f = gzopen(path.c_str(), "wb");
    REQUIRE(gzwrite(f, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()));
    gzclose(f);
    return path;
}

std::string one_kernel(const std::string& members) {
    return R"([{"ph":"X","cat":"kernel","name":"k",)" + members + R"(,"args":{"stream":7}}, )" +
           testing::kernel_event("good", 7, 1, 2, 1, 1) + "]";
}

}  // namespace

TEST_CASE("kernels, calls and ranges are kept, operators go by") {
    const RecordedTrace t = read(testing::small_trace());
    CHECK(t.kernels.size() == 4);
    CHECK(t.calls.size() == 6);
    CHECK(t.annotations.size() == 1);
    CHECK(t.events == 12);
    CHECK(t.complete);
    CHECK(t.device_name == "GPU X");
    CHECK(t.device_sms == 132);
    CHECK(t.rank == 3);
    CHECK(t.title == "small");
    const RecordedKernel& k = t.kernels[0];
    CHECK(t.names.text(k.name) == "cast<bf16, 1024>(bf16 const*)");
    CHECK(k.start_ns == 1'000'000);
    CHECK(k.duration_ns == 100'000);
    CHECK(k.blocks() == 4096);
    CHECK(k.threads() == 128);
    CHECK(k.registers == 32);
    CHECK(k.correlation == 1);
}

TEST_CASE("a packed trace reads as the plain one, and so does a bare array") {
    const testing::TemporaryFolder folder;
    CHECK(read_kineto(zipped(folder, testing::small_trace())).kernels.size() == 4);
    CHECK(read("[" + testing::kernel_event("k", 7, 1, 2, 1, 1) + "]").kernels.size() == 1);
}

TEST_CASE("whatever the order of members and the fractions of microseconds") {
    const RecordedTrace t =
        read(R"({"traceEvents":[{"args":{"grid":[2,3,4],"stream":5},"dur":0.25,"ts":1740461679479712.123,)"
             R"("name":"k","cat":"kernel","ph":"X"}]})");
    REQUIRE(t.kernels.size() == 1);
    CHECK(t.kernels[0].start_ns == 1740461679479712123);
    CHECK(t.kernels[0].duration_ns == 250);
    CHECK(t.kernels[0].blocks() == 24);
    CHECK(t.kernels[0].stream == 5);
}

TEST_CASE("microseconds become nanoseconds exactly or not at all") {
    const auto real = [](double v, const char* text) { return to_nanoseconds({0, false, v, text}); };
    CHECK(to_nanoseconds({-3, true, -3, {}}) == -3000);
    CHECK_FALSE(to_nanoseconds({INT64_MAX, true, 9.2e18, {}}));
    CHECK(real(-1.5, "-1.5") == -1500);
    CHECK(real(0.0004, "0.0004") == 0);
    CHECK(real(1e3, "1e3") == 1'000'000);
    CHECK_FALSE(real(1e300, "1e300"));
    CHECK_FALSE(real(99999999999999999999.5, "99999999999999999999.5"));
}

TEST_CASE("events that cannot be used are counted by reason") {
    const auto reason = [](const std::string& members) {
        const RecordedTrace t = read(one_kernel(members));
        CHECK(t.kernels.size() == 1);
        REQUIRE(t.left_out.entries().size() == 1);
        CHECK(t.left_out.entries().begin()->second.first == std::vector<std::string>{"event 0"});
        return t.left_out.entries().begin()->first;
    };
    CHECK(reason(R"("dur":1)") == "kernel with no start time");
    CHECK(reason(R"("ts":1)") == "kernel without a duration");
    CHECK(reason(R"("ts":1,"dur":-1)") == "kernel with a negative duration");
    CHECK(reason(R"("ts":"soon","dur":1)") == "kernel with a time that is not a number in range");
    CHECK(reason(R"("ts":1e300,"dur":1)") == "kernel with a time that is not a number in range");
    CHECK(reason(R"("ts":9223372036854775807,"dur":1)") == "kernel with a time that is not a number in range");
}

TEST_CASE("a trace that breaks off gives what was there") {
    const std::string text = testing::small_trace();
    const std::size_t third = text.find("gemm<128>");
    for (const std::size_t cut : {third, third + 3, text.size() - 3}) {
        const RecordedTrace t = read(text.substr(0, cut));
        CHECK_FALSE(t.complete);
        CHECK(t.kernels.size() >= 2);
        CHECK(t.left_out.entries().size() == 1);
    }
    const testing::TemporaryFolder folder;
    const std::string path = zipped(folder, text + std::string(100'000, ' '));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
    CHECK_FALSE(read_kineto(path).complete);
}

TEST_CASE("what is no trace is refused") {
    const testing::TemporaryFolder folder;
    CHECK_THROWS_AS(read_kineto(folder.write("x", "").append("none")), ConfigError);
    CHECK_THROWS_AS(read_kineto("."), ConfigError);
    for (const char* text : {"", "hello", "{}", "[]", "{\"traceEvents\": []}", "3", "[[[[{}]]]]"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(read(text), ConfigError);
    }
    CHECK_THROWS_AS(read(std::string(100'000, '[')), ConfigError);                 // nested without end
    CHECK_THROWS_AS(read("[\"" + std::string((16 << 20) + 2, 'x')), ConfigError);  // a text without end
}
