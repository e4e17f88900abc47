#include "models/nvlink/ordering.hpp"
#include "sim/app/measured/links.hpp"

namespace tessera::measured::links {

namespace {

void read_load(const JsonCursor& at, Case& c) {
    const std::string set = at.text("set");
    const bool peer = at.at("remote").integer() != 0;
    const HeldIn held = set.rfind("l1", 0) == 0 ? HeldIn::l1 : set.rfind("l2", 0) == 0 ? HeldIn::l2 : HeldIn::hbm;
    c.id = "load " + set + ", GPU " + std::to_string(at.at("reader").integer()) + " from " +
           std::to_string(at.at("owner").integer());
    c.variant = held != HeldIn::hbm ? "calibration" : peer ? "peer" : "own";
    c.unit = "ns";
    c.measured = middle(at.at("ns"));
    c.probe = [held, peer](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(load_latency(s, fastest(s), held, peer)), "latency"};
    };
}

void read_atomic(const JsonCursor& at, Case& c) {
    const bool peer = at.at("remote").integer() != 0;
    c.id = "atomic at GPU " + std::to_string(at.at("owner").integer());
    c.variant = peer ? "peer" : "calibration";
    c.unit = "ns";
    c.measured = middle(at.at("ns"));
    c.probe = [peer](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(atomic_latency(s, fastest(s), peer)), "latency"};
    };
}

void read_reduction(const JsonCursor& at, Case& c) {
    Reductions w;
    w.peer = at.at("remote").integer() != 0;
    w.one_word = at.text("addresses") == "one word";
    w.blocks = static_cast<int>(at.count("blocks"));
    w.threads = static_cast<int>(at.count("threads"));
    w.each = w.one_word ? 20 : 100;  // as the measuring program does
    c.id = "reductions, " + at.text("addresses") + (w.peer ? ", peer, " : ", own, ") + std::to_string(w.blocks) +
           " blocks";
    c.variant = w.blocks == 1 || w.blocks == 132 ? "calibration" : w.peer ? "peer" : "own";
    c.unit = "ops/ns";
    c.measured = middle(at.at("ops_per_ns"));
    c.probe = [w](const SystemConfig& s, Frequency) {
        return Prediction{reductions_per_second(s, fastest(s), w) * 1e-9, ""};
    };
}

void read_fence(const JsonCursor& at, Case& c) {
    const std::string name = at.text("fence");
    const FenceScope scope = name == "gpu" ? FenceScope::gpu : name == "sys" ? FenceScope::system : FenceScope::none;
    const bool peer = at.at("remote").integer() != 0;
    const int threads = static_cast<int>(at.count("threads"));
    const int stores = static_cast<int>(at.at("stores16B_before").integer());
    c.id = "fence " + name + (peer ? ", peer, " : ", own, ") + std::to_string(threads) + " threads, " +
           std::to_string(stores) + " stores";
    c.variant = threads != 32 && stores < 2 ? "calibration" : peer ? "peer" : "own";
    c.unit = "ns";
    c.measured = middle(at.at("ns_per_turn"));
    c.probe = [=](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(fence_turn(s, fastest(s), scope, threads, stores, peer)), "latency"};
    };
}

void read_signal(const JsonCursor& at, Case& c) {
    const std::int64_t mode = at.at("mode").integer(), payload = at.at("payload_bytes").integer();
    const int threads = static_cast<int>(at.count("threads"));
    const Signal how = mode == 0   ? Signal::release_to_peer
                       : mode == 2 ? Signal::peer_polls_remotely
                                   : Signal::fence_then_store;
    c.id = "signal GPU " + std::to_string(at.at("a").integer()) + " to " + std::to_string(at.at("b").integer()) + ", " +
           at.text("how") + ", " + std::to_string(payload) + " B";
    c.variant = mode == 0 && payload == 0 ? "calibration" : "signal";
    c.unit = "ns";
    c.measured = middle(at.at("one_way_ns"));
    c.probe = [=](const SystemConfig& s, Frequency) {
        return Prediction{to_nanoseconds(signal_latency(s, fastest(s), how, bytes(payload), threads)), "latency"};
    };
}

}  // namespace

Reader latency_reader(const std::string& list) {
    if (list == "load_latency") { return read_load; }
    if (list == "atomic_latency") { return read_atomic; }
    if (list == "reduction_rate") { return read_reduction; }
    if (list == "fence_cost") { return read_fence; }
    if (list == "pingpong") { return read_signal; }
    return {};
}

}  // namespace tessera::measured::links
