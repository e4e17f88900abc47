#include "sim/report/plots.hpp"

#include "sim/base/json.hpp"
#include "sim/report/family.hpp"

#include <set>

namespace tessera::report {

std::string families_json(const Comparison& c) {
    std::set<std::string> classes;
    for (const ClassTotal& k : c.baseline.classes) { classes.insert(k.op_class); }
    for (const VariantOutcome& v : c.variants) {
        for (const ClassTotal& k : v.result.classes) { classes.insert(k.op_class); }
    }
    JsonValue names = JsonValue::array(), of = JsonValue::object();
    for (const Family& f : families()) { names.push(JsonValue::string(std::string(f.name))); }
    for (const std::string& name : classes) {
        of.set(name, JsonValue::integer(static_cast<std::int64_t>(family_of(name))));
    }
    JsonValue root = JsonValue::object();
    root.set("names", std::move(names));
    root.set("of", std::move(of));
    return write_json(root, 0);
}

std::string base64(std::string_view bytes) {
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t n = bytes.size() - at < 3 ? bytes.size() - at : 3;
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = (group << 8U) | (i < n ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) { out += i <= n ? digits[(group >> (18U - 6U * i)) & 63U] : '='; }
    }
    return out;
}

}  // namespace tessera::report
