#include "sim/app/network_job.hpp"
#include "sim/base/json.hpp"
#include "sim/base/quantity_text.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/verbs.hpp"
#include "sim/config/loader.hpp"

#include <ostream>

namespace tessera::cli {
namespace {

// In the order of the enumerations.
const std::vector<std::string>& patterns() {
    static const std::vector<std::string> all = {"all-to-all", "all-reduce", "all-gather", "reduce-scatter",
                                                 "incast",     "dispatch",   "combine"};
    return all;
}
const std::vector<std::string> topologies = {"mpft", "mrft", "node", "nvl72"};
const std::vector<std::string> modes = {"classes", "message", "packet"};

NetworkJob job_of(Arguments& a) {
    NetworkJob job;
    if (a.positionals().empty()) { a.problem("network needs a pattern", "one of " + join(patterns(), ", ")); }
    job.topology = static_cast<NetworkTopology>(a.choice("--topology", 0));
    job.mode = static_cast<NetworkMode>(a.choice("--mode", 0));
    job.roce = a.choice("--protocol", 0) == 1;
    job.gpus = static_cast<int>(a.integer("--gpus", 64, 1, 1 << 20));
    job.nodes_per_leaf = static_cast<int>(a.integer("--nodes-per-leaf", job.nodes_per_leaf, 1, 4096));
    job.uplink_ratio = a.number("--uplink-ratio", job.uplink_ratio, 0, 16);
    job.tokens = a.integer("--tokens", job.tokens, 1, 1 << 24);
    job.hidden = a.integer("--hidden", job.hidden, 1, 1 << 20);
    job.experts = static_cast<int>(a.integer("--experts", job.experts, 1, 1 << 20));
    job.top_k = static_cast<int>(a.integer("--top-k", job.top_k, 1, 1 << 10));
    job.node_limit = static_cast<int>(a.integer("--node-limit", job.node_limit, 1, 1 << 20));
    job.sms = static_cast<int>(a.integer("--sms", job.sms, 0, 1 << 20));
    job.hbm_load = a.number("--hbm-load", 0, 0, 1);
    job.bulk_copies = a.choice("--deepep", 0) == 1;
    a.finish();
    for (std::size_t k = 0; k < patterns().size(); ++k) {
        if (patterns()[k] == a.positionals().front()) {
            job.pattern = static_cast<NetworkPattern>(k);
            job.each = parse_quantity<Bytes>(a.text("--bytes", "64 MiB"), "--bytes");
            return job;
        }
    }
    throw ConfigError("command line", "", "unknown pattern \"" + a.positionals().front() + "\"",
                      "one of " + join(patterns(), ", "));
}

std::string row(const std::string& label, const std::string& value) {
    return "  " + label + std::string(label.size() < 16 ? 16 - label.size() : 1, ' ') + value + "\n";
}

std::string bytes_text(double count) { return human(bytes(static_cast<std::int64_t>(count))); }

std::string text_of(const NetworkJob& job, const NetworkAnswer& r, const std::string& title) {
    std::string text = title + "\n" + row("time", human(r.time));
    for (const NetworkLimit& l : r.limits) {
        if (l.alone > Time::zero()) { text += row(l.label, human(l.alone) + ", " + percent(l.alone / r.time)); }
    }
    text += row("sent per GPU", bytes_text(r.on_nvlink) + " on NVLink, " + bytes_text(r.on_nic) + " on its NIC, " +
                                    bytes_text(r.on_spine) + " through spines");
    text += row("all GPUs", human(r.injected) + " sent, " + human(r.delivered) + " delivered");
    if (r.flows > 0) {
        text += row("followed", std::to_string(r.flows) +
                                    (job.mode == NetworkMode::classes ? " classes of flows on " : " messages on ") +
                                    std::to_string(r.links) + " links");
    }
    return text;
}

JsonValue json_of(const NetworkJob& job, const NetworkAnswer& r, const std::string& pattern) {
    JsonValue root = JsonValue::object();
    root.set("schema", JsonValue::string("tessera.network/1"));
    root.set("pattern", JsonValue::string(pattern));
    root.set("topology", JsonValue::string(topologies[static_cast<std::size_t>(job.topology)]));
    root.set("mode", JsonValue::string(modes[static_cast<std::size_t>(job.mode)]));
    root.set("gpus", JsonValue::integer(job.gpus));
    root.set("time_s", JsonValue::number(to_seconds(r.time)));
    root.set("injected_bytes", JsonValue::integer(r.injected.raw()));
    root.set("delivered_bytes", JsonValue::integer(r.delivered.raw()));
    root.set("nvlink_bytes_per_gpu", JsonValue::number(r.on_nvlink));
    root.set("nic_bytes_per_gpu", JsonValue::number(r.on_nic));
    root.set("spine_bytes_per_gpu", JsonValue::number(r.on_spine));
    JsonValue limits = JsonValue::array();
    for (const NetworkLimit& l : r.limits) {
        JsonValue limit = JsonValue::object();
        limit.set("label", JsonValue::string(l.label));
        limit.set("time_s", JsonValue::number(to_seconds(l.alone)));
        limits.push(std::move(limit));
    }
    root.set("limits", std::move(limits));
    return root;
}

int run(Arguments& a, std::ostream& out) {
    const NetworkJob job = job_of(a);
    const SystemConfig system = load_system(find_config("systems", a.text("--system", "h800")));
    const NetworkAnswer answer = run_network(system, job);
    const std::string& pattern = a.positionals().front();
    const std::string title = pattern + " among " + std::to_string(job.gpus) + " GPUs of " + system.name + ", " +
                              topologies[static_cast<std::size_t>(job.topology)];
    out << (a.has("--json") ? write_json(json_of(job, answer, pattern)) + "\n" : text_of(job, answer, title));
    return 0;
}

}  // namespace

Verb network_verb() {
    Verb v;
    v.name = "network";
    v.usage = "network PATTERN [--gpus N] [--bytes SIZE] [--topology NAME] [--mode MODE]";
    v.summary = "traffic among many GPUs: time, what limits it, bytes per link";
    v.details = "Patterns: " + join(patterns(), ", ") +
                ".\nTopologies: mpft and mrft (multi-plane and multi-rail fat tree of nodes), node (one NVSwitch), "
                "nvl72.\nModes: classes (GPUs that behave alike are one; any number of them), message (each followed, "
                "fluid), packet (each packet; small systems).";
    v.examples = {
        {"tessera network all-to-all --gpus 2048 --bytes '64 MiB'", "2,048 GPUs that send 64 MiB each to all others"},
        {"tessera network dispatch --gpus 64 --sms 20 --deepep v2",
         "one dispatch of a DeepSeek-V3 layer over 8 nodes, and what sets its pace"}};
    v.options = {{"--gpus", "N", "GPUs; default 64"},
                 {"--bytes", "SIZE", "that each GPU sends, or its buffer in a collective; default 64 MiB"},
                 {"--topology", "NAME", "default mpft", false, one_of(topologies)},
                 {"--mode", "MODE", "default classes", false, one_of(modes)},
                 {"--protocol", "NAME", "default ib", false, one_of({"ib", "roce"})},
                 {"--nodes-per-leaf", "N", "default 32"},
                 {"--uplink-ratio", "X", "a leaf's rate up over its rate down; default 1"},
                 {"--tokens", "N", "dispatch, combine: of each GPU; default 4096"},
                 {"--hidden", "N", "dispatch, combine: values of a token; default 7168"},
                 {"--experts", "N", "dispatch, combine: default 256"},
                 {"--top-k", "N", "dispatch, combine: experts of a token; default 8"},
                 {"--node-limit", "N", "dispatch, combine: nodes that a token may go to; default 4"},
                 {"--sms", "N", "dispatch, combine: SMs that drive them; default 20"},
                 {"--deepep", "RELEASE", "dispatch, combine: whose kernels; default v1", false, one_of({"v1", "v2"})},
                 {"--hbm-load", "X", "dispatch, combine: share of the HBM's rate that other kernels use; default 0"},
                 {"--system", "NAME", "shipped system or a file; default h800", false, configuration("systems")}};
    v.operands = {{"PATTERN", "of traffic", one_of(patterns())}};
    v.run = run;
    return v;
}

}  // namespace tessera::cli
