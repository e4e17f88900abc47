#include "sim/traces/chakra/et_file.hpp"

#include "sim/base/error.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using namespace tessera::traces;

namespace {

EtNode node(std::uint64_t id, const char* name, EtKind kind) {
    EtNode n;
    n.id = id;
    n.name = name;
    n.kind = kind;
    return n;
}

// Bytes by hand: a varint, a field with a length, an attribute of one integer field.
std::string varint(std::uint64_t v) {
    std::string out;
    for (; v >= 128; v >>= 7U) { out += static_cast<char>(v | 128U); }
    return out + static_cast<char>(v);
}
std::string sized(int field, const std::string& content) {
    return varint(static_cast<std::uint64_t>(field) << 3U | 2U) + varint(content.size()) + content;
}
std::string number(int field, std::uint64_t v) { return varint(static_cast<std::uint64_t>(field) << 3U) + varint(v); }
std::string message(const std::string& content) { return varint(content.size()) + content; }
std::string attribute(const char* name, const std::string& value) { return sized(10, sized(1, name) + value); }

}  // namespace

TEST_CASE("what is written reads back, member by member") {
    EtTrace t;
    t.version = "0.0.4";
    EtNode n = node(7, "gemm", EtKind::compute);
    n.ctrl_deps = {1, 2};
    n.data_deps = {3};
    n.start_us = 1'740'461'679'479'712;
    n.duration_us = 104;
    n.is_cpu_op = false;
    n.num_ops = 90'194'313'216;
    n.tensor_size = 0;
    n.stream = 7;
    EtNode c = node(8, "all reduce", EtKind::collective);
    c.comm_type = collective_number("ALL_REDUCE");
    c.comm_size = std::int64_t{1} << 40U;
    c.comm_priority = 3;
    c.pg_name = "12";
    t.nodes = {n, c};
    const EtTrace back = parse_et(et_bytes(t), "x");
    CHECK(et_bytes(back) == et_bytes(t));
    CHECK(back.version == "0.0.4");
    REQUIRE(back.nodes.size() == 2);
    CHECK(back.nodes[0].ctrl_deps == n.ctrl_deps);
    CHECK(back.nodes[0].data_deps == n.data_deps);
    CHECK(back.nodes[0].start_us == n.start_us);
    CHECK(back.nodes[0].is_cpu_op == false);
    CHECK(back.nodes[0].num_ops == n.num_ops);
    CHECK(back.nodes[0].tensor_size == 0);
    CHECK_FALSE(back.nodes[1].is_cpu_op);
    CHECK(back.nodes[1].comm_type == 0);
    CHECK(back.nodes[1].comm_size == c.comm_size);
    CHECK(back.nodes[1].pg_name == "12");
}

TEST_CASE("the bytes are those of the published layout") {
    EtTrace t;
    t.version = "v";
    EtNode n = node(5, "n", EtKind::collective);
    n.data_deps = {4};
    n.duration_us = 300;
    n.tensor_size = 9;
    n.comm_size = 10;
    t.nodes = {n};
    const std::string expected =
        message(sized(1, "v")) +
        message(number(1, 5) + sized(2, "n") + number(3, 7) + sized(5, varint(4)) + number(7, 300) +
                attribute("tensor_size", number(13, 9)) + attribute("comm_size", number(9, 10)));
    CHECK(et_bytes(t) == expected);
}

TEST_CASE("integers of any kind are accepted") {
    for (const int kind : {7, 9, 11, 13}) {  // int32, int64, uint32, uint64
        const std::string bytes =
            message("") + message(number(1, 1) + number(3, 7) + attribute("comm_size", number(kind, 4096)));
        CHECK(parse_et(bytes, "x").nodes[0].comm_size == 4096);
    }
    const auto zigzag = message("") + message(number(1, 1) + attribute("num_ops", number(17, 84)));  // sint64: 42
    CHECK(parse_et(zigzag, "x").nodes[0].num_ops == 42);
    const EtTrace group = parse_et(message("") + message(number(1, 1) + attribute("pg_name", number(9, 3))), "x");
    CHECK(group.nodes[0].pg_name == "3");
}

TEST_CASE("what says nothing is counted") {
    const EtTrace t = parse_et(message("") + message(number(1, 1) + attribute("tensor_size", number(13, ~0ULL)) +
                                                     attribute("colour", number(9, 1))),
                               "x");
    CHECK(t.nodes[0].tensor_size == -1);
    CHECK(t.left_out.entries().count("tensor_size that is no whole number from 0 on") == 1);
    CHECK(t.left_out.entries().count("attribute colour") == 1);
    CHECK(parse_et(message("") + message(number(1, 1) + number(3, 9)), "x").nodes[0].kind == EtKind::invalid);
}

TEST_CASE("files that break off give what was there, others are refused") {
    EtTrace t;
    t.nodes = {node(1, "a", EtKind::compute), node(2, "b", EtKind::compute)};
    const std::string bytes = et_bytes(t);
    const EtTrace cut = parse_et(bytes.substr(0, bytes.size() - 2), "x");
    CHECK_FALSE(cut.complete);
    CHECK(cut.nodes.size() == 1);
    CHECK_FALSE(parse_et(bytes + varint(std::uint64_t{1} << 31U), "x").complete);
    CHECK_THROWS_AS(parse_et("", "x"), ConfigError);
    CHECK_THROWS_AS(parse_et(message(""), "x"), ConfigError);
    CHECK_THROWS_AS(parse_et("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "x"), ConfigError);
    CHECK_THROWS_AS(read_et("no such file"), ConfigError);
}

TEST_CASE("collectives go by the schema's numbers") {
    CHECK(collective_name(6) == "ALL_TO_ALL");
    CHECK(collective_number("BARRIER") == 9);
    CHECK(collective_name(10).empty());
    CHECK(collective_name(-1).empty());
    CHECK(collective_number("NONE") == -1);
}
