// Recorded results of Tensor Core instructions and conversions, and how many of them the arithmetic here reproduces.
//
// A manifest (vectors.json) lists files beside it, little-endian, in one of two kinds:
//   "wgmma": per trial A[m][k], B[n][k] codes (8-bit formats one byte each, else two), C[m][n], D[m][n] FP32 with
//            D = A * B^T + C in k / k_per_instruction instructions; fields type, m, n, k, k_per_instruction, trials.
//   "cvt.rn[.satfinite].FORMAT": records of an FP32 value and its code ("record" says uint8 or uint16); field records.
// An entry may hold its bytes as "hex" instead of in the file; "architecture" other than "hopper" stands in "meta".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::numerics {

struct VectorCase {
    std::string file, kind, type;
    std::int64_t outputs = 0, different = 0;  // bit for bit
    std::string first_difference;             // which output, the inputs, both results; empty if there is none
    double error() const { return outputs == 0 ? 0 : static_cast<double>(different) / static_cast<double>(outputs); }
};

// Computes every output of every entry. Throws ConfigError for unreadable manifests, unknown kinds and formats, files
// whose length is not what the entry says.
std::vector<VectorCase> check_vectors(const std::string& manifest_path);

// Whether `path` is such a manifest, by its contents: an object with "vectors".
bool is_vector_manifest(const std::string& path);

}  // namespace tessera::numerics
