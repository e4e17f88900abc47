#include "models/l2/sm_places.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {

namespace {

constexpr int kTpcsOfCpc = 3;
constexpr int kSmsOfTpc = 2;

}  // namespace

std::vector<SmPlace> sm_places(int sms, int gpcs, int lone_tpcs) {
    invariant(sms > 0 && gpcs > 0 && lone_tpcs >= 0, "a device has SMs in at least one GPC");
    const int tpcs = (sms + kSmsOfTpc - 1) / kSmsOfTpc;
    std::vector<SmPlace> out;
    const auto add = [&](int gpc, int tpc) {
        if (static_cast<int>(out.size()) == sms) { return; }
        // Two GPCs of any four neighbours lie in each half and in each side, in different pairs.
        out.push_back({gpc, tpc / kTpcsOfCpc, gpc % 2, (gpc + 1) / 2 % 2});
    };
    const auto size_of = [&](int gpc) { return tpcs / gpcs + (gpc >= gpcs - tpcs % gpcs ? 1 : 0); };
    const int lone = std::min(lone_tpcs, size_of(0));
    for (int t = 0; t < lone; ++t) {
        for (int i = 0; i < kSmsOfTpc; ++i) { add(0, size_of(0) - 1 - t); }
    }
    for (int i = 0; i < kSmsOfTpc; ++i) {
        for (int t = 0; t < tpcs; ++t) {
            for (int g = 0; g < gpcs; ++g) {
                if (t < size_of(g) - (g == 0 ? lone : 0)) { add(g, t); }
            }
        }
    }
    return out;
}

ClusterPlaces cluster_places(const std::vector<SmPlace>& places, int size, int lone_tpcs) {
    invariant(size > 0, "a cluster has at least one block");
    if (size == 1) { return {places, static_cast<int>(places.size())}; }
    const auto lone = std::min<std::size_t>(places.size(), static_cast<std::size_t>(lone_tpcs * kSmsOfTpc));
    const auto each = static_cast<std::size_t>(size);
    ClusterPlaces out;
    std::vector<SmPlace> rest;
    const auto deal = [&](std::vector<SmPlace>& from) {
        if (from.size() < each) { return false; }
        const auto end = from.begin() + size;
        out.places.insert(out.places.end(), from.begin(), end);
        from.erase(from.begin(), end);
        ++out.clusters;
        return true;
    };
    std::vector<SmPlace> alone(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(lone));
    while (size <= kSmsOfTpc && deal(alone)) {}
    rest = alone;
    int gpcs = 0;
    for (const SmPlace& p : places) { gpcs = std::max(gpcs, p.gpc + 1); }
    std::vector<std::vector<SmPlace>> of(static_cast<std::size_t>(gpcs));
    for (std::size_t i = lone; i < places.size(); ++i) {
        of[static_cast<std::size_t>(places[i].gpc)].push_back(places[i]);
    }
    for (std::vector<SmPlace>& g : of) {
        std::stable_sort(g.begin(), g.end(), [](const SmPlace& a, const SmPlace& b) { return a.cpc < b.cpc; });
    }
    for (bool more = true; more;) {
        more = false;
        for (std::vector<SmPlace>& g : of) { more = deal(g) || more; }
    }
    for (const std::vector<SmPlace>& g : of) { rest.insert(rest.end(), g.begin(), g.end()); }
    out.places.insert(out.places.end(), rest.begin(), rest.end());
    return out;
}

std::vector<int> balanced_sms(const std::vector<SmPlace>& places, int n) {
    invariant(n >= 0 && n <= static_cast<int>(places.size()), "more SMs picked than there are");
    int gpcs = 0;
    for (const SmPlace& p : places) { gpcs = std::max(gpcs, p.gpc + 1); }
    std::vector<std::vector<int>> of(static_cast<std::size_t>(gpcs));
    for (std::size_t i = 0; i < places.size(); ++i) {
        of[static_cast<std::size_t>(places[i].gpc)].push_back(static_cast<int>(i));
    }
    std::vector<int> out;
    for (std::size_t level = 0; static_cast<int>(out.size()) < n; ++level) {
        for (const std::vector<int>& g : of) {
            if (level < g.size() && static_cast<int>(out.size()) < n) { out.push_back(g[level]); }
        }
    }
    return out;
}

}  // namespace tessera
