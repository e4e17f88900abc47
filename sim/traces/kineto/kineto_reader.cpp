#include "sim/traces/kineto/kineto_reader.hpp"

#include "sim/base/error.hpp"
#include "sim/traces/kineto/event_fields.hpp"
#include "sim/traces/kineto/trace_input.hpp"

#include <istream>
#include <nlohmann/json.hpp>

namespace tessera::traces {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t most_kept = std::size_t{4} << 20U;
constexpr std::size_t most_name_bytes = std::size_t{64} << 20U;
constexpr std::size_t most_text = 16384;  // of a name that is kept

// Where the parser is: the path of containers, told apart as far as the reader cares.
enum class Place : std::uint8_t { root, events, event, arguments, triple, devices, device, distributed, other };

class Handler final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit Handler(RecordedTrace& trace) : trace_(trace) {}

    const std::string& problem() const { return problem_; }
    bool too_much() const { return too_much_; }

    bool null() override { return true; }
    bool boolean(bool /*v*/) override { return true; }
    bool number_integer(number_integer_t v) override { return number({v, true, static_cast<double>(v), {}}); }
    bool number_unsigned(number_unsigned_t v) override {
        const bool fits = v <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return number({fits ? static_cast<std::int64_t>(v) : 0, fits, static_cast<double>(v), {}});
    }
    bool number_float(number_float_t v, const string_t& text) override { return number({0, false, v, text}); }
    bool binary(binary_t& /*v*/) override { return true; }
    bool key(string_t& name) override {
        key_ = std::move(name);
        return true;
    }

    bool string(string_t& v) override {
        if (v.size() > most_text) { v.resize(most_text); }
        const Place at = place();
        if (at == Place::event) {
            if (key_ == "ph") {
                event_.phase = std::move(v);
            } else if (key_ == "cat") {
                event_.category = std::move(v);
            } else if (key_ == "name") {
                event_.name = std::move(v);
            } else if (key_ == "ts" || key_ == "dur") {
                event_.bad_time = true;
            }
        } else if (at == Place::device && key_ == "name" && trace_.device_name.empty()) {
            trace_.device_name = std::move(v);
        } else if (at == Place::root && key_ == "traceName") {
            trace_.title = std::move(v);
        }
        return true;
    }

    bool start_object(std::size_t /*count*/) override {
        const Place at = place();
        Place next = Place::other;
        if (path_.empty()) {
            next = Place::root;
        } else if (at == Place::events) {
            next = Place::event;
            event_.clear();
        } else if (at == Place::event && key_ == "args") {
            next = Place::arguments;
        } else if (at == Place::devices) {
            next = Place::device;
        } else if (at == Place::root && key_ == "distributedInfo") {
            next = Place::distributed;
        }
        return enter(next);
    }
    bool end_object() override {
        const bool event = place() == Place::event;
        path_.pop_back();
        if (!event) { return true; }
        keep_event(event_, "event " + std::to_string(trace_.events++), trace_);
        if (trace_.kernels.size() + trace_.calls.size() + trace_.annotations.size() + trace_.waits.size() > most_kept ||
            trace_.names.bytes() > most_name_bytes) {
            too_much_ = true;
        }
        return !too_much_;
    }
    bool start_array(std::size_t /*count*/) override {
        const Place at = place();
        Place next = Place::other;
        if (path_.empty() || (at == Place::root && key_ == "traceEvents")) {
            next = Place::events;
        } else if (at == Place::root && key_ == "deviceProperties") {
            next = Place::devices;
        } else if (at == Place::arguments && (key_ == "grid" || key_ == "block")) {
            next = Place::triple;
            filled_ = 0;
        }
        return enter(next);
    }
    bool end_array() override {
        path_.pop_back();
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& /*e*/) override {
        problem_ = "not JSON from byte " + std::to_string(position) + " on";
        return false;
    }

private:
    Place place() const { return path_.empty() ? Place::other : path_.back(); }
    bool enter(Place next) {
        if (path_.size() >= max_depth) {
            problem_ =
                "nested deeper than " + std::to_string(max_depth) + " levels in event " + std::to_string(trace_.events);
            return false;
        }
        path_.push_back(next);
        return true;
    }
    bool number(const TraceNumber& n) {
        switch (place()) {
            case Place::event: event_number(n); break;
            case Place::arguments: argument(n); break;
            case Place::triple:
                if (filled_ < 3) {
                    (key_ == "grid" ? event_.grid : event_.block)[filled_++] = n.exact ? n.integer : -1;
                }
                break;
            case Place::device:
                if (key_ == "numSms" && trace_.device_sms == 0 && n.exact && n.integer > 0 && n.integer <= 4096) {
                    trace_.device_sms = static_cast<int>(n.integer);
                }
                break;
            case Place::distributed:
                if (n.exact && n.integer >= 0 && n.integer < (1 << 24)) {
                    if (key_ == "rank") { trace_.rank = static_cast<int>(n.integer); }
                    if (key_ == "world_size") { trace_.ranks = static_cast<int>(n.integer); }
                }
                break;
            default: break;
        }
        return true;
    }
    void event_number(const TraceNumber& n) {
        if (key_ == "ts" || key_ == "dur") {
            const auto ns = to_nanoseconds(n);
            (key_ == "ts" ? event_.at_ns : event_.duration_ns) = ns;
            event_.bad_time = event_.bad_time || !ns;
        } else if (n.exact && key_ == "pid") {
            event_.process = n.integer;
        } else if (n.exact && key_ == "tid") {
            event_.thread = n.integer;
        }
    }
    void argument(const TraceNumber& n) {
        if (!n.exact) { return; }
        if (key_ == "device") {
            event_.device = n.integer;
        } else if (key_ == "stream") {
            event_.stream = n.integer;
        } else if (key_ == "correlation") {
            event_.correlation = n.integer;
        } else if (key_ == "bytes") {
            event_.bytes = n.integer;
        } else if (key_ == "registers per thread") {
            event_.registers = n.integer;
        } else if (key_ == "shared memory") {
            event_.smem = n.integer;
        } else if (key_ == "wait_on_stream") {
            event_.wait_stream = n.integer;
        } else if (key_ == "wait_on_cuda_event_record_corr_id") {
            event_.wait_record = n.integer;
        }
    }

    RecordedTrace& trace_;
    std::vector<Place> path_;
    std::string key_, problem_;
    EventFields event_;
    std::size_t filled_ = 0;
    bool too_much_ = false;
};

}  // namespace

RecordedTrace read_kineto(const std::string& path) {
    RecordedTrace trace;
    trace.file = path;
    TraceInput input(path);
    std::istream stream(&input);
    stream.exceptions(std::ios::badbit);
    Handler handler(trace);
    const bool whole = nlohmann::json::sax_parse(stream, &handler);
    if (handler.too_much()) {
        throw ConfigError(path, "",
                          "more than " + std::to_string(most_kept) + " kernels and calls, or over 64 MiB of names",
                          "cut the trace to the iterations of interest");
    }
    const std::string why = !input.problem().empty() ? input.problem() : handler.problem();
    trace.complete = whole && why.empty();
    if (!whole && trace.events == 0) {
        throw ConfigError(path, "", "no trace in Chrome's event format: " + why,
                          "expected {\"traceEvents\": [...]} or an array of events, plain or gzip");
    }
    if (!trace.complete) { trace.left_out.add("the file breaks off: " + why, "event " + std::to_string(trace.events)); }
    if (trace.kernels.empty()) {
        throw ConfigError(path, "", "no GPU kernel among " + std::to_string(trace.events) + " events",
                          "profile with ProfilerActivity.CUDA");
    }
    return trace;
}

}  // namespace tessera::traces
