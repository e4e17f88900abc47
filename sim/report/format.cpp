#include "sim/report/format.hpp"

#include "sim/base/text.hpp"

#include <cmath>
#include <cstdio>
#include <map>

namespace tessera::report {

std::string fixed(double value, int decimals) {
    return std::isfinite(value) ? format_fixed(value, decimals) : std::string("n/a");
}

std::string signed_fixed(double value, int decimals) {
    const std::string text = fixed(value, decimals);
    const bool zero = text.find_first_of("123456789") == std::string::npos;
    return value > 0 && !zero && std::isfinite(value) ? "+" + text : text;
}

std::string scientific(double value) {
    if (!std::isfinite(value)) { return "n/a"; }
    char text[32];
    std::snprintf(text, sizeof text, "%.2e", value);
    return text;
}

std::string factor(double ratio) { return fixed(ratio, 3) + "\u00d7"; }

std::string signed_human(Time t) {
    return t == Time::zero() ? std::string("no change") : (t > Time::zero() ? "+" : "") + human(t);
}

std::string signed_human(Bytes b) { return (b > Bytes::zero() ? "+" : "") + human(b); }

std::string limiter_name(std::string_view limiter) {
    static const std::map<std::string_view, const char*> names = {{"tensor_core", "Tensor Core"},
                                                                  {"cuda_core", "CUDA cores"},
                                                                  {"smem", "shared memory"},
                                                                  {"tma", "TMA"},
                                                                  {"l2", "L2"},
                                                                  {"hbm", "HBM"},
                                                                  {"nvlink", "NVLink"},
                                                                  {"nic", "NIC"},
                                                                  {"sm_copy", "copying SMs"},
                                                                  {"launch", "launch"},
                                                                  {"coprocessor", "co-processor"}};
    const auto found = names.find(limiter);
    return found == names.end() ? words(std::string(limiter)) : found->second;
}

std::string words(std::string identifier) {
    for (char& c : identifier) {
        if (c == '_') { c = ' '; }
    }
    return identifier;
}

}  // namespace tessera::report
