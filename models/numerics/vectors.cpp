#include "models/numerics/vectors.hpp"

#include "models/numerics/convert.hpp"
#include "models/numerics/mma.hpp"
#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tessera::numerics {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Entry {
public:
    Entry(const JsonValue& v, std::string manifest, std::size_t index)
        : value_(v), manifest_(std::move(manifest)), pointer_("/vectors/" + std::to_string(index)) {
        if (!v.is_object()) { refuse("", "expected an object"); }
    }
    [[noreturn]] void refuse(const std::string& key, const std::string& message, const std::string& hint = {}) const {
        throw ConfigError(manifest_, pointer_ + (key.empty() ? "" : "/" + key), message, hint);
    }
    std::string text(const std::string& key) const {
        const JsonValue* v = value_.find(key);
        if (v == nullptr || !v->is_string()) { refuse(key, "expected a string"); }
        return v->as_string();
    }
    int count(const std::string& key) const {
        const JsonValue* v = value_.find(key);
        constexpr std::int64_t most = 1 << 24;
        if (v == nullptr || v->kind() != JsonValue::Kind::integer || v->as_integer() < 1 || v->as_integer() > most) {
            refuse(key, "expected an integer from 1 to " + std::to_string(most));
        }
        return static_cast<int>(v->as_integer());
    }
    Bytes bytes(std::size_t expected) const {
        Bytes data = value_.find("hex") != nullptr ? from_hex() : from_file();
        if (data.size() != expected) {
            refuse("",
                   "\"" + text("file") + "\" has " + std::to_string(data.size()) + " bytes, expected " +
                       std::to_string(expected),
                   "the file is cut short, or the entry's counts are wrong");
        }
        return data;
    }
    const std::string& manifest() const { return manifest_; }

private:
    Bytes from_hex() const {
        const std::string digits = text("hex");
        Bytes data;
        if (digits.size() % 2 != 0) { refuse("hex", "an odd number of hexadecimal digits"); }
        for (std::size_t i = 0; i < digits.size(); i += 2) {
            data.push_back(static_cast<std::uint8_t>(nibble(digits[i]) << 4U | nibble(digits[i + 1])));
        }
        return data;
    }
    unsigned nibble(char c) const {
        if (c >= '0' && c <= '9') { return static_cast<unsigned>(c - '0'); }
        if (c >= 'a' && c <= 'f') { return static_cast<unsigned>(c - 'a') + 10; }
        refuse("hex", "expected lower-case hexadecimal digits");
    }
    Bytes from_file() const {
        const std::filesystem::path path = std::filesystem::path(manifest_).parent_path() / text("file");
        std::ifstream in(path, std::ios::binary);
        if (!in) { refuse("file", "cannot read " + path.string()); }
        return {std::istreambuf_iterator<char>(in), {}};
    }

    const JsonValue& value_;
    std::string manifest_, pointer_;
};

float float_at(const Bytes& data, std::size_t at) {
    float x = 0;
    std::memcpy(&x, &data[at], sizeof x);
    return x;
}

std::string hex(std::uint32_t v) {
    static const char* digits = "0123456789abcdef";
    std::string s = "0x";
    for (unsigned shift = 28; shift < 32; shift -= 4) { s += digits[(v >> shift) & 0xFU]; }
    return s;
}

void note(VectorCase& c, bool same, const std::string& where, std::uint32_t got, std::uint32_t recorded) {
    ++c.outputs;
    if (same) { return; }
    if (c.different++ == 0) { c.first_difference = where + " gives " + hex(got) + ", recorded " + hex(recorded); }
}

std::vector<std::uint16_t> codes(const Bytes& data, std::size_t& at, std::size_t count, std::size_t size) {
    std::vector<std::uint16_t> list(count);
    for (std::uint16_t& code : list) {
        code = data[at];
        if (size == 2) { code = static_cast<std::uint16_t>(code | data[at + 1] << 8U); }
        at += size;
    }
    return list;
}

// The instructions along k of one output.
float chained(const MmaSpec& mma, Format f, const std::uint16_t* a, const std::uint16_t* b, int k, int step, float c) {
    for (int i = 0; i < k; i += step) { c = mma_dot(mma, f, a + i, b + i, step, c); }
    return c;
}

VectorCase wgmma(const Entry& e, const std::string& architecture) {
    const int m = e.count("m"), n = e.count("n"), k = e.count("k"), trials = e.count("trials");
    VectorCase c{e.text("file"), e.text("kind"), e.text("type"), 0, 0, {}};
    const Format f = format_named(c.type, e.manifest());
    const MmaSpec mma = mma_spec(architecture, f, e.manifest());
    const int step = e.count("k_per_instruction");
    if (k % step != 0 || step != mma.k) {
        e.refuse("k_per_instruction", "the instruction of " + architecture + " takes k = " + std::to_string(mma.k) +
                                          ", and it divides the k of the vectors");
    }
    const auto rows = static_cast<std::size_t>(m), columns = static_cast<std::size_t>(n),
               depth = static_cast<std::size_t>(k);
    const std::size_t size = spec(f).bits() > 8 ? 2 : 1;
    const Bytes data =
        e.bytes(static_cast<std::size_t>(trials) * ((rows + columns) * depth * size + rows * columns * 8));
    std::size_t at = 0;
    for (int t = 0; t < trials; ++t) {
        const std::vector<std::uint16_t> a = codes(data, at, rows * depth, size),
                                         b = codes(data, at, columns * depth, size);
        const std::size_t addends = at, results = at + rows * columns * 4;
        at = results + rows * columns * 4;
        for (std::size_t i = 0; i < rows * columns; ++i) {
            const float got = chained(mma, f, &a[i / columns * depth], &b[i % columns * depth], k, step,
                                      float_at(data, addends + 4 * i));
            const std::uint32_t recorded = float_bits(float_at(data, results + 4 * i));
            note(c, float_bits(got) == recorded, "trial " + std::to_string(t) + " output " + std::to_string(i),
                 float_bits(got), recorded);
        }
    }
    return c;
}

VectorCase conversion(const Entry& e) {
    VectorCase c{e.text("file"), e.text("kind"), {}, 0, 0, {}};
    const std::string prefix = "cvt.rn.", saturating = "satfinite.";
    std::string rest = c.kind.substr(prefix.size());
    const bool saturate = rest.compare(0, saturating.size(), saturating) == 0;
    if (saturate) { rest = rest.substr(saturating.size()); }
    c.type = rest;
    const Conversion how{format_named(rest, e.manifest()), Rounding::nearest_even, saturate};
    const std::size_t size = e.text("record").find("uint16") != std::string::npos ? 2 : 1;
    const auto records = static_cast<std::size_t>(e.count("records"));
    const Bytes data = e.bytes(records * (4 + size));
    for (std::size_t r = 0; r < records; ++r) {
        const std::size_t at = r * (4 + size);
        const float x = float_at(data, at);
        const std::uint32_t recorded = data[at + 4] | (size == 2 ? unsigned{data[at + 5]} << 8U : 0U);
        const std::uint32_t got = convert(x, how);
        note(c, got == recorded, "record " + std::to_string(r) + ", " + hex(float_bits(x)) + ",", got, recorded);
    }
    return c;
}

}  // namespace

bool is_vector_manifest(const std::string& path) {
    const JsonValue root = read_json_file(path);
    return root.is_object() && root.find("vectors") != nullptr && root.find("vectors")->is_array();
}

std::vector<VectorCase> check_vectors(const std::string& manifest_path) {
    const JsonValue root = read_json_file(manifest_path);
    const JsonValue* list = root.is_object() ? root.find("vectors") : nullptr;
    if (list == nullptr || !list->is_array()) {
        throw ConfigError(manifest_path, "/vectors", "expected an array of vector files");
    }
    const JsonValue* meta = root.find("meta");
    const JsonValue* named = meta != nullptr && meta->is_object() ? meta->find("architecture") : nullptr;
    const std::string architecture = named != nullptr && named->is_string() ? named->as_string() : "hopper";
    std::vector<VectorCase> cases;
    for (std::size_t i = 0; i < list->items().size(); ++i) {
        const Entry e(list->items()[i], manifest_path, i);
        const std::string kind = e.text("kind");
        if (kind == "wgmma") {
            cases.push_back(wgmma(e, architecture));
        } else if (kind.compare(0, 7, "cvt.rn.") == 0) {
            cases.push_back(conversion(e));
        } else {
            e.refuse("kind", "unknown kind \"" + kind + "\"", "wgmma, or cvt.rn with a format");
        }
    }
    return cases;
}

}  // namespace tessera::numerics
