#include "sim/cli/plots.hpp"

#include "sim/base/log.hpp"
#include "sim/cli/subprocess.hpp"
#include "sim/report/plots.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tessera::cli {
namespace {

struct Plot {
    const char* name;
    const char* caption;
};
constexpr std::array<Plot, 4> kPlots = {
    {{"speedup", "Speed-up of each proposal alone and of all together, with the bound of each."},
     {"waterfall", "From the baseline to the best variant by operator class."},
     {"interactions", "Time saved alone and as the last one added; kernel time that two proposals both remove."},
     {"timeline", "Streams of the baseline and of the best variant."}}};

std::string last_line(std::string text) {
    while (!text.empty() && text.back() == '\n') { text.pop_back(); }
    return text.substr(text.rfind('\n') + 1);
}

bool run_script(const PlotRequest& r) {
    if (r.script.empty()) {
        logger().warning("plots left out: scripts/plots/report_plots.py is not installed beside the program");
        return false;
    }
    const SubprocessResult done =
        run_subprocess({r.python, "-B", r.script, r.result_json, r.folder, r.families}, r.limit_s);
    if (!done.started) {
        logger().warning("plots left out: " + r.python + " is not there (apt-get install python3-matplotlib)");
    } else if (done.timed_out) {
        logger().warning("plots left out: the plotting script took longer than its time limit");
    } else if (done.exit_code != 0) {
        logger().warning("plots left out: " + last_line(done.error_text));
    }
    return done.started && !done.timed_out && done.exit_code == 0;
}

}  // namespace

std::vector<report::Image> draw_plots(const PlotRequest& request) {
    std::vector<report::Image> images;
    if (!run_script(request)) {
        std::error_code ignored;
        std::filesystem::remove_all(request.folder, ignored);  // a plot or two without the others would mislead
        return images;
    }
    for (const Plot& p : kPlots) {
        const std::string name = std::string(p.name) + ".png";
        std::ifstream file(request.folder + "/" + name, std::ios::binary);
        if (!file) { continue; }  // nothing to draw: no variants, no timeline
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        images.push_back({"image/png", report::base64(bytes), p.caption, "plots/" + name});
    }
    return images;
}

}  // namespace tessera::cli
