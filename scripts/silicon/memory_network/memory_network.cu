// Structure of the way from SMs to memory on a Hopper GPU: which SMs share a GPC and a side of the L2, what one SM, one
// TPC, one GPC and one side can read and write, where thread blocks are placed, and what the L2 keeps of lines that live
// on its other side. One JSON object a line on stdout.
//
// nvcc -O3 -std=c++17 -gencode=arch=compute_90a,code=sm_90a -o memory_network memory_network.cu
#include "places.cuh"

// After `primers` have read `region` over and over: what a reader on side 0 finds, hop by hop.
void residency(Bench& b, const char* who_primed, const std::vector<int>& primers, int reader, size_t region, int lead) {
    const size_t n = std::min<size_t>(region / 128, 24576), slot_bytes = region / n / 128 * 128;
    std::vector<u64> at(n);
    std::mt19937 g(7);
    for (size_t i = 0; i < n; ++i) { at[i] = i * slot_bytes + g() % (slot_bytes / 128) * 128; }
    std::shuffle(at.begin(), at.end(), g);
    std::vector<u64> chain(region / 8, 0);
    for (size_t i = 0; i < n; ++i) {
        chain[at[i] / 8] = reinterpret_cast<u64>(b.data) + at[(i + 1) % n];
    }
    CHECK(cudaMemcpy(b.data, chain.data(), region, cudaMemcpyHostToDevice));
    b.run(primers, false, 512 * kMiB, 400000, 1ULL << 30);  // something else
    const double pass_ns = static_cast<double>(region) / (static_cast<double>(primers.size()) * 33.0 * 1.9);
    b.run(primers, false, region, static_cast<u64>(pass_ns * 4 + 50000));
    if (lead > 0) { b.run({reader}, false, region, static_cast<u64>(static_cast<double>(region) / 100.0 * lead)); }
    CHECK(cudaMemset(b.scratch, 0, kBins * 4 + 64));
    auto* sum = reinterpret_cast<u64*>(b.scratch + kBins + 8);
    chase<<<b.sms, 32, 0>>>(reinterpret_cast<u64*>(b.data + at[0]), static_cast<int>(n), static_cast<u32>(reader), b.scratch,
                            sum);
    CHECK(cudaDeviceSynchronize());
    std::vector<u32> h(kBins + 16);
    CHECK(cudaMemcpy(h.data(), b.scratch, h.size() * 4, cudaMemcpyDeviceToHost));
    u64 total;
    CHECK(cudaMemcpy(&total, sum, 8, cudaMemcpyDeviceToHost));
    std::printf("{\"id\": \"residency\", \"primed_by\": \"%s\", \"own_passes\": %d, \"region_mib\": %zu, \"hops\": %zu, "
                "\"mean_cycles\": %.1f, \"bin_cycles\": %d, \"bins\": {",
                who_primed, lead, region / kMiB, n, static_cast<double>(total) / static_cast<double>(n), kBinCycles);
    bool first = true;
    for (int i = 0; i < kBins; ++i) {
        if (h[static_cast<size_t>(i)] * 1000 > n) {
            std::printf("%s\"%d\": %.3f", first ? "" : ", ", i * kBinCycles, h[static_cast<size_t>(i)] / static_cast<double>(n));
            first = false;
        }
    }
    std::printf("}}\n");
    std::fflush(stdout);
}

std::string quoted(const char* key, const std::string& v) { return std::string("\"") + key + "\": \"" + v + "\""; }

int main(int argc, char**) {
    Bench b;
    const std::vector<std::vector<int>> gpc = gpcs(b);
    const std::vector<int> side = sides(b);
    for (const auto& g : gpc) {
        std::printf("{\"id\": \"gpc\", \"side\": %d", side[static_cast<size_t>(g[0])]);
        list("sms", g);
        std::printf("}\n");
    }
    std::printf("{\"id\": \"sides\"");
    list("side_by_sm", side);
    std::printf("}\n");
    for (const int n : {8, 16, 48, 96, b.sms, 2 * b.sms}) {
        std::printf("{\"id\": \"placement\", \"blocks\": %d, \"smem\": \"%s\"", n, n > b.sms ? "60 KiB" : "120 KiB");
        list("sms", placed(b, n, 1, n > b.sms ? kOneBlockPerSm / 2 : kOneBlockPerSm));
        std::printf("}\n");
    }
    const std::vector<int> order = placed(b, b.sms, 1, kOneBlockPerSm);
    const u64 ns = 250000;
    const bool network = argc < 2;
    const auto all_ops = [&](const char* id, const std::string& what, const std::vector<int>& on) {
        for (const bool write : {false, true}) {
            b.report(id, what, on, write, 16 * kMiB, ns);
            b.report(id, what, on, write, 6144 * kMiB, ns);
        }
    };
    for (size_t g = 0; network && g < gpc.size(); ++g) {
        for (size_t n = 1; n <= gpc[g].size(); n += (g == 1 && n < 6) || n >= 18 ? 1 : 2) {
            if (g > 1 && n != gpc[g].size() && n != 9) { continue; }
            all_ops("one gpc", "\"gpc\": " + std::to_string(g), {gpc[g].begin(), gpc[g].begin() + static_cast<long>(n)});
        }
        if (g > 1) { all_ops("one gpc", "\"gpc\": " + std::to_string(g), gpc[g]); }
    }
    // One SM of each TPC of a GPC: no pair shares a TPC.
    for (const size_t g : {size_t{1}, size_t{2}}) {
        std::vector<int> apart;
        for (size_t i = 0; i < gpc[g].size(); i += 2) {
            apart.push_back(gpc[g][i]);
            b.report("one sm a tpc", "\"gpc\": " + std::to_string(g), apart, false, 16 * kMiB, ns);
        }
    }
    for (size_t n = 1; n <= gpc.size(); ++n) {
        std::vector<int> on;
        for (size_t g = 0; g < n; ++g) { on.insert(on.end(), gpc[g].begin(), gpc[g].end()); }
        all_ops("whole gpcs", "\"gpcs\": " + std::to_string(n), on);
    }
    for (const size_t k : {1, 2, 3, 4, 6, 8, 10, 12, 14}) {
        std::vector<int> on;
        for (const auto& g : gpc) {
            for (size_t i = 0; i < std::min(k, g.size()); ++i) { on.push_back(g[i]); }
        }
        all_ops("of every gpc", "\"of_each\": " + std::to_string(k), on);
    }
    for (const int n : {1, 2, 4, 8, 16, 20, 32, 48, 64, 96, 112, 132}) {
        const std::vector<int> on(order.begin(), order.begin() + std::min(n, b.sms));
        for (const bool write : {false, true}) {
            for (const size_t region : {16 * kMiB, 6144 * kMiB}) {
                b.report("hardware order", "\"first\": " + std::to_string(n), on, write, region, ns, true);
            }
        }
    }
    std::vector<int> plus, minus, every;
    for (int s = 0; s < b.sms; ++s) {
        (side[static_cast<size_t>(s)] > 0 ? plus : minus).push_back(s);
        every.push_back(s);
    }
    for (const size_t region : {16 * kMiB, 6144 * kMiB}) {
        for (const bool write : {false, true}) {
            for (const size_t n : {8, 16, 24, 32, 48, 66}) {
                std::vector<int> on(plus.begin(), plus.begin() + static_cast<long>(std::min(n, plus.size())));
                b.report("of one side", quoted("side", "plus"), on, write, region, ns);
                on.insert(on.end(), minus.begin(), minus.begin() + static_cast<long>(std::min(n, minus.size())));
                b.report("of each side", quoted("side", "both"), on, write, region, ns);
            }
        }
    }
    for (const size_t mib : {8, 16, 20, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56, 60, 64, 80}) {
        b.report("one side", quoted("side", "plus"), plus, false, mib * kMiB, ns * 2);
        b.report("one side", quoted("side", "both"), every, false, mib * kMiB, ns * 2);
        if (mib % 8 == 0) { b.report("one side", quoted("side", "one SM"), {plus[0]}, false, mib * kMiB, 2000000); }
    }
    for (const size_t mib : {8, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64}) {
        residency(b, "own side", plus, plus[0], mib * kMiB, 0);
        residency(b, "other side", minus, plus[0], mib * kMiB, 0);
        residency(b, "other side", minus, plus[0], mib * kMiB, 3);
        residency(b, "both sides", every, plus[0], mib * kMiB, 0);
    }
    return 0;
}
