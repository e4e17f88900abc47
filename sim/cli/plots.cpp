#include "sim/cli/plots.hpp"

#include "sim/base/data_files.hpp"
#include "sim/base/log.hpp"
#include "sim/cli/subprocess.hpp"
#include "sim/report/plots.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tessera::cli {
namespace {

std::string last_line(std::string text) {
    while (!text.empty() && text.back() == '\n') { text.pop_back(); }
    return text.substr(text.rfind('\n') + 1);
}

}  // namespace

PlotRequest comparison_plots(const std::string& result_json, const std::string& folder, const std::string& families) {
    PlotRequest r;
    r.script = find_data("scripts/plots/report_plots.py");
    r.input = result_json;
    r.folder = folder;
    r.arguments = {families};
    r.plots = {
        {"speedup", "Speed-up of each proposal alone and of all together, with the bound of each."},
        {"waterfall", "From the baseline to the best variant by operator class."},
        {"interactions", "Time saved alone and as the last one added; kernel time that two proposals both remove."},
        {"timeline", "Streams of the baseline and of the best variant."}};
    return r;
}

PlotRequest validation_plots(const std::string& validation_json, const std::string& folder) {
    PlotRequest r;
    r.script = find_data("scripts/plots/validation_plots.py");
    r.input = validation_json;
    r.folder = folder;
    r.plots = {
        {"scatter", "Predicted against measured, each quantity in its own panel; the band is 15 % wide on each side."},
        {"histogram", "Errors of the predictions; what lies beyond half is counted in the outermost bars."},
        {"families", "Errors per family: median, quartiles, 10th and 90th percentile, and the cases beyond."}};
    return r;
}

PlotRequest sweep_plots(const std::string& results_json, const std::string& folder) {
    PlotRequest r;
    r.script = find_data("scripts/plots/sweep_plots.py");
    r.input = results_json;
    r.folder = folder;
    r.plots = {{"pareto", "Every point by two objectives; the line joins those that no other point beats."},
               {"tornado", "Mean time at each level of each axis, against the mean of all points."},
               {"heat_map", "Mean time over the two axes that change it most."},
               {"parallel_coordinates", "Every point as a line over its settings and its time, the fastest in colour."},
               {"attribution", "What each proposal is worth over all orders of adding them, and what pairs share."}};
    return r;
}

bool run_plot_script(const PlotRequest& r) {
    if (r.script.empty()) {
        logger().warning("plots left out: the scripts in scripts/plots are not installed beside the program");
        return false;
    }
    std::vector<std::string> command = {r.python, "-B", r.script, r.input, r.folder};
    command.insert(command.end(), r.arguments.begin(), r.arguments.end());
    const SubprocessResult done = run_subprocess(command, r.limit_s);
    if (!done.started) {
        logger().warning("plots left out: " + r.python + " is not there (apt-get install python3-matplotlib)");
    } else if (done.timed_out) {
        logger().warning("plots left out: the plotting script took longer than its time limit");
    } else if (done.exit_code != 0) {
        logger().warning("plots left out: " + last_line(done.error_text));
    }
    return done.started && !done.timed_out && done.exit_code == 0;
}

std::vector<report::Image> draw_plots(const PlotRequest& request) {
    std::vector<report::Image> images;
    if (!run_plot_script(request)) {
        std::error_code ignored;
        std::filesystem::remove_all(request.folder, ignored);  // a plot or two without the others would mislead
        return images;
    }
    for (const Plot& p : request.plots) {
        const std::string name = p.name + ".png";
        std::ifstream file(request.folder + "/" + name, std::ios::binary);
        if (!file) { continue; }  // nothing to draw: no variants, no timeline, no case
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        images.push_back({"image/png", report::base64(bytes), p.caption, "plots/" + name});
    }
    return images;
}

}  // namespace tessera::cli
