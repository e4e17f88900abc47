#include "sim/traces/import_trace.hpp"

#include "sim/base/error.hpp"
#include "sim/traces/dependencies.hpp"
#include "sim/traces/launch_places.hpp"
#include "sim/traces/link_tensors.hpp"
#include "sim/traces/recognise.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace tessera::traces {
namespace {

constexpr std::size_t most_streams = 512;
constexpr double longest_ns = 1800e9;          // of all kernels and gaps together: Time reaches 2.5 hours
constexpr std::int64_t most_link_blocks = 64;  // blocks of a kernel that drives links: one an SM, never a whole GPU's

// "void ns::kernel<A, B>(args)" -> "ns::kernel"
std::string short_name(const std::string& name) {
    std::string s = name.rfind("void ", 0) == 0 ? name.substr(5) : name;
    const std::size_t end = s.find_first_of("<(", s.rfind("(anonymous", 0) == 0 ? 1 : 0);
    if (end != std::string::npos && end > 0) { s.erase(end); }
    if (s.size() > 80) { s.erase(80); }
    return s.empty() ? "kernel" : s;
}

class Importer {
public:
    Importer(const RecordedTrace& trace, const std::vector<RuleFile>& rules) : trace_(trace), rules_(rules) {}

    ImportedWorkload run() {
        pick_device();
        find_launches();
        places_ = launch_places(trace_, kernels_, launched_, threads_);
        recognise_all();
        make_streams();
        make_tasks();
        link_tensors(w_);
        describe_source();
        return std::move(w_);
    }

private:
    void note(const std::string& what, std::int64_t count) {
        if (count > 0) { w_.notes.push_back({what, count, {}}); }
    }

    void pick_device() {
        std::map<std::int64_t, std::size_t> count;
        for (const RecordedKernel& k : trace_.kernels) { ++count[k.device]; }
        const auto most = std::max_element(count.begin(), count.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        for (const RecordedKernel& k : trace_.kernels) {
            if (k.device == most->first) { kernels_.push_back(k); }
        }
        note("kernels of other devices than " + std::to_string(most->first),
             static_cast<std::int64_t>(trace_.kernels.size() - kernels_.size()));
        std::stable_sort(kernels_.begin(), kernels_.end(),
                         [](const auto& a, const auto& b) { return a.start_ns < b.start_ns; });
        double total = static_cast<double>(kernels_.back().start_ns - kernels_.front().start_ns);
        for (const RecordedKernel& k : kernels_) { total += static_cast<double>(k.duration_ns); }
        if (total > longest_ns) {
            throw ModelError("the trace spans more than half an hour; cut it to the iterations of interest");
        }
    }

    void find_launches() {
        std::map<std::int64_t, const HostCall*> calls;
        std::int64_t first = 0;
        for (const HostCall& c : trace_.calls) {
            first = std::min(first, c.at_ns);
            if (c.kind == HostCall::Kind::launch && c.correlation >= 0) { calls[c.correlation] = &c; }
        }
        std::int64_t unknown = 0;
        for (const RecordedKernel& k : kernels_) {
            const auto call = k.correlation < 0 ? calls.end() : calls.find(k.correlation);
            const bool known = call != calls.end() && first >= 0;
            launched_.push_back(known ? call->second->at_ns : -1);
            threads_.push_back(known ? call->second->thread : 0);
            unknown += known ? 0 : 1;
        }
        note("kernels without a host call that launched them", unknown);
    }

    void recognise_all() {
        std::vector<std::size_t> order(kernels_.size());
        for (std::size_t i = 0; i < order.size(); ++i) { order[i] = i; }
        const auto at = [&](std::size_t i) { return launched_[i] >= 0 ? launched_[i] : kernels_[i].start_ns; };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return at(a) < at(b); });
        std::vector<RecordedKernel> launched;
        std::vector<LaunchPlace> places;
        for (const std::size_t i : order) {
            launched.push_back(kernels_[i]);
            places.push_back(places_[i]);
        }
        std::vector<Recognised> found = recognise(rules_, launched, places, trace_.names, trace_.device_sms);
        recognised_.resize(kernels_.size());
        std::map<std::string, WorkloadNote> problems;
        for (std::size_t n = 0; n < order.size(); ++n) {
            if (!found[n].problem.empty()) {
                WorkloadNote& p = problems[found[n].role];
                p.what = "no shape for " + found[n].role + ": " + found[n].problem;
                ++p.count;
            }
            recognised_[order[n]] = std::move(found[n]);
        }
        for (auto& [role, p] : problems) { w_.notes.push_back(std::move(p)); }
    }

    void make_streams() {
        std::map<std::int64_t, bool> only_copies;
        std::set<std::int64_t> link_streams;
        for (std::size_t i = 0; i < kernels_.size(); ++i) {
            const RecordedKernel& k = kernels_[i];
            const auto it = only_copies.try_emplace(k.stream, true).first;
            it->second = it->second && k.kind != RecordedKernel::Kind::kernel;
            if (recognised_[i].communication) {
                link_streams.insert(k.stream);
                if (k.blocks() <= most_link_blocks) { link_sms_ = std::max(link_sms_, static_cast<int>(k.blocks())); }
            }
        }
        if (only_copies.size() > most_streams) {
            throw ModelError("the trace has " + std::to_string(only_copies.size()) + " streams, more than 512");
        }
        for (const auto& [stream, copies] : only_copies) {
            stream_index_[stream] = static_cast<int>(w_.streams.size());
            Stream s;
            s.name = "stream " + std::to_string(stream);
            s.role = link_streams.count(stream) != 0 ? StreamRole::communication
                     : copies                        ? StreamRole::copy
                                                     : StreamRole::compute;
            w_.streams.push_back(std::move(s));
        }
    }

    // Time that kernel i shares with kernels that drive links.
    void mark_link_time() {
        std::vector<std::pair<std::int64_t, std::int64_t>> busy;
        for (std::size_t i = 0; i < kernels_.size(); ++i) {
            if (!recognised_[i].communication) { continue; }
            if (!busy.empty() && kernels_[i].start_ns <= busy.back().second) {
                busy.back().second = std::max(busy.back().second, kernels_[i].end_ns());
            } else {
                busy.emplace_back(kernels_[i].start_ns, kernels_[i].end_ns());
            }
        }
        for (std::size_t i = 0; i < kernels_.size(); ++i) {
            const RecordedKernel& k = kernels_[i];
            auto at = std::lower_bound(busy.begin(), busy.end(), k.start_ns,
                                       [](const auto& b, std::int64_t t) { return b.second <= t; });
            std::int64_t both = 0;
            for (; at != busy.end() && at->first < k.end_ns(); ++at) {
                both += std::min(at->second, k.end_ns()) - std::max(at->first, k.start_ns);
            }
            w_.tasks[i].beside_links = !recognised_[i].communication && 2 * both >= k.duration_ns && both > 0;
        }
    }

    std::string unique_name(const LaunchPlace& place, const std::string& role) {
        std::string name = place.region.empty() ? role : place.region + std::to_string(place.iteration) + "." + role;
        const int n = ++names_[name];
        if (n > 1) {
            name += "." + std::to_string(n);
            ++names_[name];
        }
        return name;
    }

    void make_tasks() {
        const Dependencies order = find_dependencies(trace_, kernels_, launched_);
        w_.notes.push_back({"order between streams from: " + order.source, order.waits, {}});
        note("waits that order nothing within the trace", order.unused);
        const std::int64_t origin = kernels_.front().start_ns;
        std::vector<std::int64_t> stream_end(w_.streams.size(), origin);
        std::int64_t overlaps = 0;
        for (std::size_t i = 0; i < kernels_.size(); ++i) {
            const RecordedKernel& k = kernels_[i];
            const Recognised& r = recognised_[i];
            WorkloadTask t;
            t.kernel_name = trace_.names.text(k.name);
            const bool kernel = k.kind == RecordedKernel::Kind::kernel;
            t.role = r.known ? r.role : short_name(t.kernel_name);
            t.op_class = r.known                                ? r.op_class
                         : kernel                               ? "unknown"
                         : k.kind == RecordedKernel::Kind::copy ? "copy"
                                                                : "fill";
            t.region = places_[i].region;
            t.iteration = places_[i].iteration;
            t.name = unique_name(places_[i], t.role);
            t.pass = r.pass;
            t.stream = stream_index_.at(k.stream);
            t.start = nanoseconds(static_cast<double>(k.start_ns - origin));
            t.duration = nanoseconds(static_cast<double>(k.duration_ns));
            t.after = order.after[i];
            std::int64_t ready = stream_end[static_cast<std::size_t>(t.stream)];
            overlaps += ready > k.start_ns + 1000 ? 1 : 0;
            for (const int d : t.after) { ready = std::max(ready, kernels_[static_cast<std::size_t>(d)].end_ns()); }
            t.gap = nanoseconds(static_cast<double>(std::max<std::int64_t>(k.start_ns - ready, 0)));
            total_ += t.duration + t.gap;
            if (total_ > seconds(longest_ns * 1e-9)) {
                throw ModelError("the kernels and the idle time of all streams together are more than half an hour");
            }
            std::int64_t& end = stream_end[static_cast<std::size_t>(t.stream)];
            end = std::max(end, k.end_ns());
            t.sms = r.sms;
            if (!r.kernel && kernel && t.sms == 0) {  // as many SMs as it has blocks
                t.sms = static_cast<int>(std::min<std::int64_t>(k.blocks(), trace_.device_sms));
            }
            t.bytes = bytes(k.bytes);
            t.kernel = r.kernel;
            w_.tasks.push_back(std::move(t));
        }
        note("kernels that overlap the one before on their stream", overlaps);
        mark_link_time();
    }

    void describe_source() {
        const std::filesystem::path file(trace_.file);
        w_.source = "kineto";
        w_.source_file = file.filename().string();
        w_.name = file.stem().string();
        if (file.extension() == ".gz") { w_.name = std::filesystem::path(w_.name).stem().string(); }
        w_.device = trace_.device_name;
        w_.device_sms = trace_.device_sms;
        w_.link_sms = link_sms_;
        w_.rank = std::max(trace_.rank, 0);
        w_.ranks = std::max(trace_.ranks, 1);
        for (const RuleFile& f : rules_) { w_.rules += (w_.rules.empty() ? "" : ", ") + f.name; }
        for (const auto& [what, entry] : trace_.left_out.entries()) {
            w_.notes.push_back({what, entry.count, entry.first});
        }
    }

    const RecordedTrace& trace_;
    const std::vector<RuleFile>& rules_;
    ImportedWorkload w_;
    std::vector<RecordedKernel> kernels_;
    std::vector<std::int64_t> launched_, threads_;
    std::vector<LaunchPlace> places_;
    std::vector<Recognised> recognised_;
    std::map<std::int64_t, int> stream_index_;
    std::map<std::string, int> names_;
    int link_sms_ = 0;
    Time total_{};
};

}  // namespace

ImportedWorkload import_trace(const RecordedTrace& trace, const std::vector<RuleFile>& rules) {
    invariant(!trace.kernels.empty(), "a trace without kernels");
    return Importer(trace, rules).run();
}

}  // namespace tessera::traces
