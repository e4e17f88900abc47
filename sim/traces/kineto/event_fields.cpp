#include "sim/traces/kineto/event_fields.hpp"

#include <cmath>
#include <limits>

namespace tessera::traces {
namespace {

constexpr double most_ns = 9.2e18;

bool starts_with(const std::string& s, const char* prefix) { return s.rfind(prefix, 0) == 0; }

std::optional<RecordedKernel::Kind> device_kind(const EventFields& e) {
    using Kind = RecordedKernel::Kind;
    if (e.category == "kernel" || e.category == "Kernel") { return Kind::kernel; }
    if (e.category == "gpu_memcpy" || e.category == "Memcpy") { return Kind::copy; }
    if (e.category == "gpu_memset" || e.category == "Memset") { return Kind::fill; }
    return std::nullopt;
}

bool host_category(const std::string& c) {
    return c == "cuda_runtime" || c == "cuda_driver" || c == "Runtime" || c == "hip_runtime" ||
           c == "privateuse1_runtime";
}

std::optional<HostCall::Kind> host_kind(const std::string& name) {
    if (name.find("StreamWaitEvent") != std::string::npos) { return HostCall::Kind::wait_event; }
    if (name.find("EventRecord") != std::string::npos) { return HostCall::Kind::record_event; }
    for (const char* word : {"Launch", "Memcpy", "Memset"}) {
        if (name.find(word) != std::string::npos) { return HostCall::Kind::launch; }
    }
    return std::nullopt;
}

std::int32_t small(std::int64_t v) {
    return static_cast<std::int32_t>(std::min<std::int64_t>(std::max<std::int64_t>(v, 0), 0x7fffffff));
}

std::int64_t thread_of(const EventFields& e) {
    const auto process = static_cast<std::uint64_t>(e.process.value_or(0));
    return static_cast<std::int64_t>((process << 32U) ^ static_cast<std::uint64_t>(e.thread.value_or(0)));
}

// Why an event with times cannot be used, or nullptr.
const char* time_problem(const EventFields& e) {
    if (e.bad_time) { return "a time that is not a number in range"; }
    if (!e.at_ns) { return "no start time"; }
    if (e.duration_ns.value_or(0) < 0) { return "a negative duration"; }
    if (*e.at_ns > std::numeric_limits<std::int64_t>::max() / 2 ||
        e.duration_ns.value_or(0) > std::numeric_limits<std::int64_t>::max() / 4 ||
        *e.at_ns < std::numeric_limits<std::int64_t>::min() / 2) {
        return "a time that is not a number in range";
    }
    return nullptr;
}

void keep_kernel(const EventFields& e, RecordedKernel::Kind kind, const std::string& where, RecordedTrace& trace) {
    const std::string what = kind == RecordedKernel::Kind::kernel ? "kernel" : "copy or fill";
    if (const char* problem = time_problem(e)) { return trace.left_out.add(what + " with " + problem, where); }
    if (!e.duration_ns) { return trace.left_out.add(what + " without a duration", where); }
    for (const std::int64_t v : {e.grid[0], e.grid[1], e.grid[2], e.block[0], e.block[1], e.block[2]}) {
        if (v < 0 || v > 0x7fffffff) { return trace.left_out.add(what + " with a grid or block out of range", where); }
    }
    RecordedKernel k;
    k.kind = kind;
    k.name = trace.names.id(e.name);
    k.device = e.device.value_or(e.process.value_or(0));
    k.stream = e.stream.value_or(e.thread.value_or(0));
    k.start_ns = *e.at_ns;
    k.duration_ns = *e.duration_ns;
    k.correlation = e.correlation.value_or(-1);
    for (std::size_t i = 0; i < 3; ++i) {
        k.grid[i] = small(e.grid[i]);
        k.block[i] = small(e.block[i]);
    }
    k.registers = small(e.registers.value_or(0));
    k.smem = small(e.smem.value_or(0));
    k.bytes = std::max<std::int64_t>(e.bytes.value_or(0), 0);
    trace.kernels.push_back(k);
}

}  // namespace

std::optional<std::int64_t> to_nanoseconds(const TraceNumber& us) {
    if (us.exact) {
        std::int64_t ns = 0;
        return __builtin_mul_overflow(us.integer, std::int64_t{1000}, &ns) ? std::nullopt : std::optional(ns);
    }
    // Digits, not the double: microseconds since 1970 have no room for thirds of a nanosecond in 53 bits.
    const std::size_t point = us.text.find('.');
    if (us.text.find_first_of("eE") == std::string::npos && point != std::string::npos) {
        const bool negative = us.text[0] == '-';
        std::int64_t ns = 0;
        bool fits = true;
        const auto append = [&](char c) {
            fits =
                fits && !__builtin_mul_overflow(ns, std::int64_t{10}, &ns) && !__builtin_add_overflow(ns, c - '0', &ns);
        };
        for (std::size_t i = negative ? 1 : 0; i < point; ++i) { append(us.text[i]); }
        for (std::size_t i = 1; i <= 3; ++i) { append(point + i < us.text.size() ? us.text[point + i] : '0'); }
        if (!fits) { return std::nullopt; }
        return negative ? -ns : ns;
    }
    if (!std::isfinite(us.real) || std::abs(us.real) > most_ns / 1000) { return std::nullopt; }
    return static_cast<std::int64_t>(std::llround(us.real * 1000));
}

void keep_event(const EventFields& e, const std::string& where, RecordedTrace& trace) {
    if (const auto kind = device_kind(e)) {
        if (e.phase == "X") { return keep_kernel(e, *kind, where, trace); }
        return trace.left_out.add("kernel that is not one complete event (phase \"X\")", where);
    }
    if (e.phase != "X") { return; }
    if (host_category(e.category)) {
        const auto kind = host_kind(e.name);
        if (!kind) { return; }
        if (const char* problem = time_problem(e)) {
            return trace.left_out.add(std::string("host call with ") + problem, where);
        }
        trace.calls.push_back({*kind, thread_of(e), *e.at_ns, e.correlation.value_or(-1)});
    } else if (e.category == "cuda_sync" && starts_with(e.name, "Stream Wait Event") && e.stream && e.wait_stream) {
        trace.waits.push_back({*e.stream, *e.wait_stream, e.wait_record.value_or(-1), e.correlation.value_or(-1)});
    } else if (e.category == "user_annotation" || e.category == "gpu_user_annotation") {
        if (time_problem(e) != nullptr || !e.duration_ns) {
            return trace.left_out.add("named range without times", where);
        }
        trace.annotations.push_back({trace.names.id(e.name), thread_of(e), *e.at_ns, *e.at_ns + *e.duration_ns,
                                     e.category == "gpu_user_annotation"});
    }
}

}  // namespace tessera::traces
