#include "sim/report/html_assets.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

using namespace tessera;
using namespace tessera::report;

namespace {

using Palette = std::map<std::string, std::string>;  // "--ink" -> "#1b1f24"
using Linear = std::array<double, 3>;

// The custom properties of the rule that begins with `selector`.
Palette palette(const std::string& selector) {
    const std::string css(page_style());
    const std::size_t from = css.find(selector);
    REQUIRE(from != std::string::npos);
    const std::string body = css.substr(from + selector.size(), css.find('}', from) - from - selector.size());
    Palette out;
    for (std::size_t at = body.find("--"); at != std::string::npos; at = body.find("--", at + 2)) {
        const std::size_t colon = body.find(':', at), end = std::min(body.find(';', at), body.size());
        out[body.substr(at, colon - at)] = body.substr(colon + 1, end - colon - 1);
    }
    return out;
}

double linear(int byte) {
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Linear linear_rgb(std::string hex) {
    if (hex.size() == 4) { hex = {'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]}; }
    REQUIRE(hex.size() == 7);
    Linear out{};
    for (std::size_t i = 0; i < 3; ++i) { out[i] = linear(std::stoi(hex.substr(1 + 2 * i, 2), nullptr, 16)); }
    return out;
}

// WCAG 2.1: relative luminance and contrast ratio.
double luminance(const Linear& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; }
double contrast(const Linear& a, const Linear& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

// Machado, Oliveira, Fernandes 2009, severity 1: how linear RGB looks to protan, deutan and tritan eyes.
using Matrix = std::array<Linear, 3>;
constexpr std::array<Matrix, 4> kEyes = {
    Matrix{Linear{1, 0, 0}, Linear{0, 1, 0}, Linear{0, 0, 1}},
    Matrix{Linear{0.152286, 1.052583, -0.204868}, Linear{0.114503, 0.786281, 0.099216},
           Linear{-0.003882, -0.048116, 1.051998}},
    Matrix{Linear{0.367322, 0.860646, -0.227968}, Linear{0.280085, 0.672501, 0.047413},
           Linear{-0.011820, 0.042940, 0.968881}},
    Matrix{Linear{1.255528, -0.076749, -0.178779}, Linear{-0.078411, 0.930809, 0.147602},
           Linear{0.004733, 0.691367, 0.303900}}};

Linear times(const Matrix& m, const Linear& v) {
    Linear out{};
    for (std::size_t i = 0; i < 3; ++i) { out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2]; }
    return out;
}

// Björn Ottosson's Oklab, in which equal distances look equally different.
Linear oklab(const Linear& rgb) {
    const Matrix to_cones = {Linear{0.4122214708, 0.5363325363, 0.0514459929},
                             Linear{0.2119034982, 0.6806995451, 0.1073969566},
                             Linear{0.0883024619, 0.2817188376, 0.6299787005}};
    const Matrix to_lab = {Linear{0.2104542553, 0.7936177850, -0.0040720468},
                           Linear{1.9779984951, -2.4285922050, 0.4505937099},
                           Linear{0.0259040371, 0.7827717662, -0.8086757660}};
    Linear cones = times(to_cones, rgb);
    for (double& c : cones) { c = std::cbrt(std::max(0.0, c)); }
    return times(to_lab, cones);
}

double distance(const Linear& a, const Linear& b, const Matrix& eyes) {
    const Linear x = oklab(times(eyes, a)), y = oklab(times(eyes, b));
    return std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

const std::vector<std::string> kModes = {":root{color-scheme:light;", ":root[data-theme=dark]{color-scheme:dark;",
                                         "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){",
                                         ":root,:root[data-theme=dark]{color-scheme:light;"};

}  // namespace

TEST_CASE("the page's style knows dark mode and print, and asks nothing of the network") {
    const std::string css(page_style()), js(page_script());
    CHECK(css.find("prefers-color-scheme:dark") != std::string::npos);
    CHECK(css.find("@media print") != std::string::npos);
    for (const char* part : {"url(", "@import", "http"}) { CHECK(css.find(part) == std::string::npos); }
    for (const char* part : {"fetch(", "XMLHttpRequest", "import(", "http", "eval(", "innerHTML"}) {
        CHECK(js.find(part) == std::string::npos);
    }
    CHECK(js.find("</script") == std::string::npos);
}

TEST_CASE("text has the contrast that WCAG AA asks for, in light, dark and print") {
    for (const std::string& mode : kModes) {
        const Palette p = palette(mode);
        for (const char* text : {"--ink", "--soft", "--faint", "--accent", "--good", "--bad"}) {
            for (const char* ground : {"--bg", "--surface", "--zebra"}) {
                INFO(mode << " " << text << " on " << ground);
                CHECK(contrast(linear_rgb(p.at(text)), linear_rgb(p.at(ground))) >= 4.5);
            }
        }
        CHECK(contrast(linear_rgb(p.at("--ink")), linear_rgb(p.at("--meter"))) >= 4.5);
        for (const std::string i : {"0", "1", "2", "3", "4", "5", "6", "7"}) {
            INFO(mode << " series " << i);
            CHECK(contrast(linear_rgb(p.at("--c" + i)), linear_rgb(p.at("--surface"))) >= 3);
            CHECK(contrast(linear_rgb(p.at("--c" + i)), linear_rgb(p.at("--t" + i))) >= 4.5);
        }
        CHECK(contrast(linear_rgb(p.at("--wait")), linear_rgb(p.at("--tw"))) >= 4.5);
    }
}

TEST_CASE("any two series, and gain and loss, stay apart for every kind of colour vision") {
    for (const std::string& mode : kModes) {
        const Palette p = palette(mode);
        for (const Matrix& eyes : kEyes) {
            for (int i = 0; i < 8; ++i) {
                for (int j = 0; j < i; ++j) {
                    INFO(mode << " " << i << " and " << j);
                    CHECK(distance(linear_rgb(p.at("--c" + std::to_string(i))),
                                   linear_rgb(p.at("--c" + std::to_string(j))), eyes) >= 0.06);
                }
            }
            CHECK(distance(linear_rgb(p.at("--good")), linear_rgb(p.at("--bad")), eyes) >= 0.12);
        }
    }
}

TEST_CASE("what is worse is underlined, not only coloured") {
    CHECK(std::string(page_style()).find(".bad{color:var(--bad);font-weight:600;text-decoration:underline") !=
          std::string::npos);
}
