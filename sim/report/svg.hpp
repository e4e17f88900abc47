// A small SVG writer: shapes in the page's colour classes, text escaped, coordinates with one decimal.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tessera::report {

class Svg {
public:
    // `label` describes the picture to readers who do not see it.
    Svg(double width, double height, std::string_view label);

    // `css` are class names of the page's style ("f0".."f7" series, "fg" gain, "fb" loss, "fw" wait, "ln" and "lf"
    // a faint and a coloured line, ...).
    Svg& rect(double x, double y, double w, double h, std::string_view css, std::string_view tooltip = {});
    Svg& circle(double x, double y, double radius, std::string_view css, std::string_view tooltip = {});
    Svg& path(const std::vector<std::pair<double, double>>& points, std::string_view css);  // open, nothing below two
    Svg& line(double x1, double y1, double x2, double y2, std::string_view css);
    Svg& text(double x, double y, std::string_view content, std::string_view css = {});
    // `content` in the middle of a bar of colour class "f0".."f7" or "fw", if it fits.
    Svg& label_inside(double x, double y, double w, double h, std::string_view content, std::string_view css);
    std::string finish() const;

private:
    std::string body_;
};

// Tick distance of 1, 2 or 5 times a power of ten that gives about `wanted` ticks over `range` (> 0).
double tick_step(double range, int wanted);

}  // namespace tessera::report
