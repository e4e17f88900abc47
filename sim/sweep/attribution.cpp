#include "sim/sweep/attribution.hpp"

#include "sim/base/error.hpp"

namespace tessera::sweep {
namespace {

std::size_t players_of(const std::vector<double>& saved) {
    std::size_t n = 0;
    while ((std::size_t{1} << n) < saved.size()) { ++n; }
    invariant(saved.size() == std::size_t{1} << n && n <= 20, "a game needs the value of every subset");
    return n;
}

std::size_t members(std::size_t subset) {
    std::size_t count = 0;
    for (; subset != 0; subset &= subset - 1) { ++count; }
    return count;
}

// s! (n - s)! / (n + 1)!: how often, over all orders of n + 1 things, a given s of the others come before one.
double weight(std::size_t s, std::size_t n) {
    double w = 1.0 / static_cast<double>(n + 1);
    for (std::size_t i = 1; i <= s; ++i) { w *= static_cast<double>(i) / static_cast<double>(n - s + i); }
    return w;
}

}  // namespace

std::vector<double> shapley_values(const std::vector<double>& saved) {
    const std::size_t n = players_of(saved);
    std::vector<double> values(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t bit = std::size_t{1} << i;
        for (std::size_t s = 0; s < saved.size(); ++s) {
            if ((s & bit) == 0) { values[i] += weight(members(s), n - 1) * (saved[s | bit] - saved[s]); }
        }
    }
    return values;
}

std::vector<std::vector<double>> shapley_interactions(const std::vector<double>& saved) {
    const std::size_t n = players_of(saved);
    std::vector<std::vector<double>> values(n, std::vector<double>(n, 0));
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const std::size_t a = std::size_t{1} << i, b = std::size_t{1} << j;
            double sum = 0;
            for (std::size_t s = 0; s < saved.size(); ++s) {
                if ((s & (a | b)) != 0) { continue; }
                sum += weight(members(s), n - 2) * (saved[s | a | b] - saved[s | a] - saved[s | b] + saved[s]);
            }
            values[i][j] = values[j][i] = sum;
        }
    }
    return values;
}

std::vector<std::uint32_t> best_of_size(const std::vector<double>& saved) {
    const std::size_t n = players_of(saved);
    std::vector<std::uint32_t> best(n + 1, 0);
    std::vector<bool> known(n + 1, false);
    for (std::size_t s = 0; s < saved.size(); ++s) {
        const std::size_t k = members(s);
        if (!known[k] || saved[s] > saved[best[k]]) { best[k] = static_cast<std::uint32_t>(s); }
        known[k] = true;
    }
    return best;
}

}  // namespace tessera::sweep
