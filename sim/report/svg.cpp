#include "sim/report/svg.hpp"

#include "sim/report/escape.hpp"
#include "sim/report/format.hpp"

#include <cmath>

namespace tessera::report {
namespace {

std::string attribute(const char* name, double value) {
    return std::string(" ") + name + "=\"" + fixed(value, 1) + "\"";
}
std::string css_class(std::string_view css) {
    return css.empty() ? std::string() : " class=\"" + std::string(css) + "\"";
}

}  // namespace

Svg::Svg(double width, double height, std::string_view label) {
    body_ = R"(<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 )" + fixed(width, 0) + " " +
            fixed(height, 0) + "\" aria-label=\"" + escape_html(label) + "\">\n";
}

Svg& Svg::rect(double x, double y, double w, double h, std::string_view css, std::string_view tooltip) {
    body_ += "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", w > 0 ? w : 0) +
             attribute("height", h > 0 ? h : 0) + css_class(css);
    body_ += tooltip.empty() ? "/>\n" : "><title>" + escape_html(tooltip) + "</title></rect>\n";
    return *this;
}

Svg& Svg::circle(double x, double y, double radius, std::string_view css, std::string_view tooltip) {
    body_ += "<circle" + attribute("cx", x) + attribute("cy", y) + attribute("r", radius) + css_class(css);
    body_ += tooltip.empty() ? "/>\n" : "><title>" + escape_html(tooltip) + "</title></circle>\n";
    return *this;
}

Svg& Svg::path(const std::vector<std::pair<double, double>>& points, std::string_view css) {
    if (points.size() < 2) { return *this; }
    body_ += "<path d=\"";
    for (std::size_t i = 0; i < points.size(); ++i) {
        body_ += (i == 0 ? "M" : "L") + fixed(points[i].first, 1) + " " + fixed(points[i].second, 1);
    }
    body_ += "\"" + css_class(css) + "/>\n";
    return *this;
}

Svg& Svg::line(double x1, double y1, double x2, double y2, std::string_view css) {
    body_ += "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
             css_class(css) + "/>\n";
    return *this;
}

Svg& Svg::text(double x, double y, std::string_view content, std::string_view css) {
    body_ +=
        "<text" + attribute("x", x) + attribute("y", y) + css_class(css) + ">" + escape_html(content) + "</text>\n";
    return *this;
}

Svg& Svg::label_inside(double x, double y, double w, double h, std::string_view content, std::string_view css) {
    constexpr double kLetter = 6.4, kMargin = 8;  // of 11 px text
    if (css.size() < 2 || kLetter * static_cast<double>(content.size()) + kMargin > w) { return *this; }
    return text(x + w / 2, y + h / 2 + 4, content, "in mid t" + std::string(css.substr(1, 1)));
}

std::string Svg::finish() const { return body_ + "</svg>"; }

double tick_step(double range, int wanted) {
    const double raw = range / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double m : {1.0, 2.0, 5.0}) {
        if (raw <= m * power * 1.0001) { return m * power; }
    }
    return 10 * power;
}

}  // namespace tessera::report
