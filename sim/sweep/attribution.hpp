// What each part of a set is worth when all of its subsets are known: a game whose players are the proposals and whose
// value is the time that a subset saves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tessera::sweep {

// saved[s] is the value of the subset whose members are the bits of s; saved[0] is 0. 2^n entries, n <= 20.
// Shapley values (Shapley, "A Value for n-Person Games", 1953): the mean over all orders of adding the players of what
// each adds when its turn comes. They add up to the value of the full set.
std::vector<double> shapley_values(const std::vector<double>& saved);

// Shapley interaction index of each pair (Grabisch and Roubens, "An axiomatic approach to the concept of interaction
// among players in cooperative games", 1999): the mean of v(S+i+j) - v(S+i) - v(S+j) + v(S). Negative: the two do the
// same work twice; positive: one needs the other. Symmetric, zero on the diagonal.
std::vector<std::vector<double>> shapley_interactions(const std::vector<double>& saved);

// For k = 0 .. n the subset of k players with the largest value; of equals the smallest number.
std::vector<std::uint32_t> best_of_size(const std::vector<double>& saved);

}  // namespace tessera::sweep
