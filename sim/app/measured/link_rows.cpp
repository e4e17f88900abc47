#include "models/nvlink/copy_engine.hpp"
#include "models/nvlink/row_copy.hpp"
#include "sim/app/measured/case_checks.hpp"
#include "sim/app/measured/links.hpp"
#include "sim/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::measured::links {

namespace {

// The measuring program: 4096 tokens a GPU, rows of 7168 bytes FP8 with 224 bytes of scales, BF16 for combine.
constexpr double tokens = 4096, scales = 224, dispatch_row = 7392, combine_row = 14336;

constexpr double expert_rows = 8192;  // of a GPU from which combine picks at random

// Reads and writes in equal parts: every batch of writes turns the bus twice.
double copy_bandwidth(const SystemConfig& s) {
    const double channels = static_cast<double>(s.hbm.stacks) * s.hbm.channels_per_stack;
    const double batch = 2 * to_double(s.hbm.write_batch) / (s.hbm.peak.raw() / channels);
    return s.hbm.peak.raw() * s.hbm.read_efficiency * batch / (batch + 2 * to_seconds(s.hbm.turnaround));
}

// Tokens that have any target: with random experts nearly all, of one target in two GPUs half.
double rows_of(double copies, const std::string& fanout) {
    if (fanout != "top8") { return tokens; }
    return std::min(tokens, copies);
}

void read_dispatch(const JsonCursor& at, bool local, Case& c) {
    RowJob job;
    job.bulk = at.text("method") == "tma";
    job.warps = job.bulk ? 4 : 20;
    job.sms = sms_of(at.at("sms"));
    job.row = bytes(static_cast<std::int64_t>(dispatch_row));
    job.tail = bytes(static_cast<std::int64_t>(scales));
    job.to_peers = !local;
    const double moved = at.positive("bytes_per_gpu"), copies = moved / dispatch_row;
    job.rows = rows_of(copies, at.text("fanout"));
    job.copies = copies / job.rows;
    c.id = std::string(local ? "pack " : "dispatch ") + at.text("method") + " " + std::to_string(job.sms) +
           " SMs, fan " + at.text("fanout");
    c.family = local ? "rows packed" : "rows dispatched";
    c.variant = at.text("method");
    c.shape = {{"sms", job.sms}};
    c.measured = middle(at.at("ns")) / 1e3;
    c.probe = [=](const SystemConfig& s, Frequency) mutable {
        job.copy_bandwidth = copy_bandwidth(s);
        WireLoad load;
        if (!local) { load.written_out = load.written_in = bytes(std::llround(moved)); }
        const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::sm);
        const Time time = send_rows_time(sm_link_params(s), job, wire, fastest(s));
        return Prediction{to_microseconds(time), wire * 2.0 > time ? "nvlink" : "sm_copy"};
    };
}

// Pack into one buffer per peer, then two copies to each.
void read_engine_dispatch(const JsonCursor& at, Case& c) {
    RowJob job;
    job.bulk = true;
    job.warps = 4;
    job.sms = sms_of(at.at("pack_sms"));
    job.row = bytes(static_cast<std::int64_t>(dispatch_row));
    job.tail = bytes(static_cast<std::int64_t>(scales));
    job.to_peers = false;
    const double moved = at.positive("bytes_per_gpu"), copies = moved / dispatch_row;
    job.rows = rows_of(copies, at.text("fanout"));
    job.copies = copies / job.rows;
    c.id = "dispatch by engines, packed by " + std::to_string(job.sms) + " SMs, fan " + at.text("fanout");
    c.family = "rows dispatched by engines";
    c.measured = middle(at.at("total_ns")) / 1e3;
    c.probe = [=](const SystemConfig& s, Frequency) mutable {
        job.copy_bandwidth = copy_bandwidth(s);
        WireLoad load;
        load.written_out = load.written_in = bytes(std::llround(moved));
        const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::copy_engine);
        EngineCopies copy;
        copy.copies = 2;  // rows and scales
        copy.size = bytes(std::llround(moved / 2));
        const Time launch = s.launch.kernel_latency + s.launch.kernel_gap + s.launch.drain;
        const Time time = send_rows_time(sm_link_params(s), job, Time::zero(), fastest(s)) + launch +
                          engine_copies_time(s.nvlink, copy, wire);
        return Prediction{to_microseconds(time), "nvlink"};
    };
}

void read_engine_rows(const JsonCursor& at, Case& c) {
    const std::string what = at.text("what");
    EngineCopies w;
    const bool pitched = what.find("2D") != std::string::npos;
    w.call = pitched ? CopyCall::rows : what.find("Batch") != std::string::npos ? CopyCall::batch : CopyCall::single;
    w.size = bytes(at.count("row_bytes"));
    w.copies = static_cast<int>(at.count("rows_per_stream"));
    const bool all_peers = what.find("all peers") != std::string::npos;
    const int streams = static_cast<int>(at.count("streams"));
    w.host_bound = at.at("gated").integer() == 0;
    w.peers = all_peers ? streams : 1;
    w.streams_per_peer = all_peers ? 1 : streams;
    c.id = what + ", " + std::to_string(w.copies) + " rows of " + std::to_string(w.size.raw()) + " B, " +
           std::to_string(streams) + " streams" + (w.host_bound ? ", not gated" : "");
    c.family = w.host_bound ? "rows by engines, host's pace" : "rows by engines";
    c.variant = what;
    c.measured = middle(at.at("ns")) / 1e3;
    c.probe = [w](const SystemConfig& s, Frequency) {
        WireLoad load;
        load.written_out = w.size * (static_cast<double>(w.copies) * w.streams_per_peer * w.peers);
        const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::copy_engine);
        return Prediction{to_microseconds(engine_copies_time(s.nvlink, w, wire)), "nvlink"};
    };
}

void read_combine(const JsonCursor& at, Case& c) {
    AddJob job;
    job.sms = sms_of(at.at("sms"));
    job.row = bytes(static_cast<std::int64_t>(combine_row));
    job.tokens = tokens;
    job.inputs = static_cast<int>(at.count("rows"));
    const double remote = at.at("remote_bytes_per_gpu").number(), all = at.positive("read_bytes_per_gpu");
    job.remote = remote / all;
    c.id =
        "combine " + at.text("what") + ", " + std::to_string(job.inputs) + " rows, " + std::to_string(job.sms) + " SMs";
    c.family = "rows combined";
    c.variant = at.text("what");
    c.shape = {{"sms", job.sms}};
    c.measured = middle(at.at("ns")) / 1e3;
    c.probe = [=](const SystemConfig& s, Frequency) mutable {
        job.copy_bandwidth = copy_bandwidth(s);
        job.issue_slots = s.sm.cuda.issue_slots;
        job.missing = std::max(0.0, 1 - to_double(s.l2.capacity) / (expert_rows * combine_row));
        WireLoad load;
        load.read_in = load.read_out = bytes(std::llround(remote));
        const Time wire = wire_time(wire_params(s.nvlink), load, WireUser::sm);
        const Time time = add_rows_time(sm_link_params(s), job, wire, fastest(s));
        return Prediction{to_microseconds(time), wire * 2.0 > time ? "nvlink" : "sm_copy"};
    };
}

}  // namespace

Reader row_reader(const std::string& list) {
    if (list == "dispatch_sm") {
        return [](const JsonCursor& at, Case& c) { read_dispatch(at, false, c); };
    }
    if (list == "pack") {
        return [](const JsonCursor& at, Case& c) { read_dispatch(at, true, c); };
    }
    if (list == "dispatch_ce") { return read_engine_dispatch; }
    if (list == "rows_ce") { return read_engine_rows; }
    if (list == "combine") { return read_combine; }
    return {};
}

}  // namespace tessera::measured::links
