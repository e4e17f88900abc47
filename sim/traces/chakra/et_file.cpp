#include "sim/traces/chakra/et_file.hpp"

#include "sim/base/error.hpp"

#include <execution_trace.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace tessera::traces {
namespace {

namespace io = google::protobuf::io;
namespace chakra = tessera::chakra;
using chakra::Attribute;

constexpr std::array<const char*, 10> collectives = {
    "ALL_REDUCE", "REDUCE",         "ALL_GATHER",           "GATHER", "SCATTER", "BROADCAST",
    "ALL_TO_ALL", "REDUCE_SCATTER", "REDUCE_SCATTER_BLOCK", "BARRIER"};
constexpr std::uint32_t longest_message = 64U << 20U;
constexpr std::size_t most_nodes = std::size_t{4} << 20U;

std::optional<std::int64_t> integer(const Attribute& a) {
    const auto fits = [](std::uint64_t v) -> std::optional<std::int64_t> {
        if (v > static_cast<std::uint64_t>(INT64_MAX)) { return std::nullopt; }
        return static_cast<std::int64_t>(v);
    };
    switch (a.value_case()) {
        case Attribute::kInt32Val: return a.int32_val();
        case Attribute::kInt64Val: return a.int64_val();
        case Attribute::kUint32Val: return a.uint32_val();
        case Attribute::kUint64Val: return fits(a.uint64_val());
        case Attribute::kSint32Val: return a.sint32_val();
        case Attribute::kSint64Val: return a.sint64_val();
        case Attribute::kFixed32Val: return a.fixed32_val();
        case Attribute::kFixed64Val: return fits(a.fixed64_val());
        case Attribute::kSfixed32Val: return a.sfixed32_val();
        case Attribute::kSfixed64Val: return a.sfixed64_val();
        case Attribute::kBoolVal: return a.bool_val() ? 1 : 0;
        default: return std::nullopt;
    }
}

struct IntegerField {
    const char* name;
    std::int64_t EtNode::*field;
    bool is_unsigned;  // as ASTRA-sim's feeder reads it
};
constexpr std::array<IntegerField, 9> fields = {{{"num_ops", &EtNode::num_ops, false},
                                                 {"tensor_size", &EtNode::tensor_size, true},
                                                 {"comm_type", &EtNode::comm_type, false},
                                                 {"comm_size", &EtNode::comm_size, false},
                                                 {"comm_priority", &EtNode::comm_priority, false},
                                                 {"comm_src", &EtNode::comm_src, false},
                                                 {"comm_dst", &EtNode::comm_dst, false},
                                                 {"comm_tag", &EtNode::comm_tag, false},
                                                 {"stream", &EtNode::stream, false}}};

bool narrow(const char* name) {  // read as 32-bit integers
    const std::string n = name;
    return n == "comm_priority" || n == "comm_src" || n == "comm_dst" || n == "comm_tag";
}

void take_attribute(const Attribute& a, EtNode& n, const std::string& where, Leftovers& left_out) {
    if (a.name() == "is_cpu_op") {
        const auto v = integer(a);
        if (v) { n.is_cpu_op = *v != 0; }
        return;
    }
    if (a.name() == "pg_name") {
        if (a.value_case() == Attribute::kStringVal) {
            n.pg_name = a.string_val();
        } else if (const auto v = integer(a)) {
            n.pg_name = std::to_string(*v);
        }
        return;
    }
    const auto it =
        std::find_if(fields.begin(), fields.end(), [&](const IntegerField& f) { return a.name() == f.name; });
    if (it == fields.end()) { return left_out.add("attribute " + a.name().substr(0, 64), where); }
    const auto v = integer(a);
    if (!v || *v < 0) { return left_out.add(a.name() + " that is no whole number from 0 on", where); }
    n.*(it->field) = *v;
}

EtNode node_of(const chakra::Node& m, Leftovers& left_out) {
    EtNode n;
    n.id = m.id();
    n.name = m.name();
    const std::string where = "node " + std::to_string(n.id);
    const int kind = static_cast<int>(m.type());
    if (kind >= 0 && kind <= static_cast<int>(EtKind::collective)) {
        n.kind = static_cast<EtKind>(kind);
    } else {
        n.kind = EtKind::invalid;
        left_out.add("kind of node " + std::to_string(kind), where);
    }
    n.ctrl_deps.assign(m.ctrl_deps().begin(), m.ctrl_deps().end());
    n.data_deps.assign(m.data_deps().begin(), m.data_deps().end());
    n.start_us = m.start_time_micros();
    n.duration_us = m.duration_micros();
    for (const Attribute& a : m.attr()) { take_attribute(a, n, where, left_out); }
    return n;
}

// One length-delimited message; false at the end of the data. `problem` says why it ended early.
template <class Message>
bool next(io::ZeroCopyInputStream& in, Message& m, std::string& problem) {
    io::CodedInputStream coded(&in);
    std::uint32_t size = 0;
    const int before = coded.CurrentPosition();
    if (!coded.ReadVarint32(&size)) {
        const void* data = nullptr;
        int rest = 0;
        if (coded.CurrentPosition() != before || coded.GetDirectBufferPointer(&data, &rest)) {
            problem = "the length of a message breaks off";
        }
        return false;
    }
    if (size > longest_message) {
        problem = "a message of " + std::to_string(size) + " bytes";
        return false;
    }
    const auto limit = coded.PushLimit(static_cast<int>(size));
    if (!m.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage() || coded.BytesUntilLimit() != 0) {
        problem = "a message that does not parse";
        return false;
    }
    coded.PopLimit(limit);
    return true;
}

EtTrace read_stream(io::ZeroCopyInputStream& in, const std::string& file) {
    const google::protobuf::LogSilencer quiet;  // what does not parse is said by our own words
    EtTrace trace;
    std::string problem;
    chakra::GlobalMetadata metadata;
    if (!next(in, metadata, problem)) {
        throw ConfigError(file, "", "no Chakra execution trace: " + (problem.empty() ? "the file is empty" : problem),
                          "expected GlobalMetadata and Nodes, each after its length");
    }
    trace.version = metadata.version();
    for (chakra::Node m; next(in, m, problem); m.Clear()) {
        if (trace.nodes.size() >= most_nodes) { throw ConfigError(file, "", "more than four million nodes"); }
        trace.nodes.push_back(node_of(m, trace.left_out));
    }
    if (!problem.empty()) {
        trace.complete = false;
        trace.left_out.add("the file breaks off: " + problem, "after node " + std::to_string(trace.nodes.size()));
    }
    if (trace.nodes.empty()) {
        throw ConfigError(file, "", "a Chakra execution trace without nodes" + (problem.empty() ? "" : ": " + problem));
    }
    return trace;
}

void append(std::string& out, const google::protobuf::MessageLite& m) {
    io::StringOutputStream stream(&out);
    io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    coded.WriteVarint32(static_cast<std::uint32_t>(m.ByteSizeLong()));
    m.SerializeWithCachedSizes(&coded);
}

chakra::Node message_of(const EtNode& n) {
    chakra::Node m;
    m.set_id(n.id);
    m.set_name(n.name);
    m.set_type(static_cast<chakra::NodeKind>(n.kind));
    for (const std::uint64_t d : n.ctrl_deps) { m.add_ctrl_deps(d); }
    for (const std::uint64_t d : n.data_deps) { m.add_data_deps(d); }
    m.set_start_time_micros(n.start_us);
    m.set_duration_micros(n.duration_us);
    if (n.is_cpu_op) {
        Attribute& a = *m.add_attr();
        a.set_name("is_cpu_op");
        a.set_bool_val(*n.is_cpu_op);
    }
    for (const IntegerField& f : fields) {
        const std::int64_t v = n.*(f.field);
        if (v < 0) { continue; }
        Attribute& a = *m.add_attr();
        a.set_name(f.name);
        if (f.is_unsigned) {
            a.set_uint64_val(static_cast<std::uint64_t>(v));
        } else if (narrow(f.name) && v <= INT32_MAX) {
            a.set_int32_val(static_cast<std::int32_t>(v));
        } else {
            a.set_int64_val(v);
        }
    }
    if (!n.pg_name.empty()) {
        Attribute& a = *m.add_attr();
        a.set_name("pg_name");
        a.set_string_val(n.pg_name);
    }
    return m;
}

}  // namespace

std::string collective_name(std::int64_t type) {
    return type >= 0 && type < static_cast<std::int64_t>(collectives.size())
               ? collectives[static_cast<std::size_t>(type)]
               : "";
}

std::int64_t collective_number(const std::string& name) {
    const auto it = std::find(collectives.begin(), collectives.end(), name);
    return it == collectives.end() ? -1 : it - collectives.begin();
}

EtTrace read_et(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) { throw ConfigError(path, "", "no such file"); }
    std::ifstream file(path, std::ios::binary);
    if (!file) { throw ConfigError(path, "", "cannot read"); }
    io::IstreamInputStream in(&file);
    return read_stream(in, path);
}

EtTrace parse_et(const std::string& bytes, const std::string& file) {
    io::ArrayInputStream in(bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT32_MAX)));
    return read_stream(in, file);
}

std::string et_bytes(const EtTrace& trace) {
    std::string out;
    chakra::GlobalMetadata metadata;
    metadata.set_version(trace.version);
    append(out, metadata);
    for (const EtNode& n : trace.nodes) { append(out, message_of(n)); }
    return out;
}

}  // namespace tessera::traces
