// Speed-ups with their bands, and the assumptions behind them.
#pragma once

#include "sim/base/json.hpp"
#include "sim/report/document.hpp"

#include <string>
#include <vector>

namespace tessera::report {

struct Uncertainty {
    struct Assumed {
        std::string path, low, nominal, high, source;
    };
    struct Weight {
        std::string path;
        double correlation = 0;  // of ranks, -1 to 1
        double swing = 0;        // of the speed-up, from the lower to the upper half of its draws
    };
    struct Band {
        std::string id;
        double speedup = 1;                    // at the nominal values
        double low = 1, high = 1;              // assumptions and model together
        double drawn_low = 1, drawn_high = 1;  // assumptions alone: 5th and 95th percentile
        double model = 0;                      // half width that the model's error adds, as a share of the speed-up
        std::vector<Weight> most;              // the three that matter most
    };
    int samples = 0, dropped = 0;
    // With fewer draws than this the 5th and 95th percentile are the extremes that happened to be drawn.
    static constexpr int enough_samples = 16;
    bool indicative() const { return samples < enough_samples; }
    double model_error = 0;
    std::vector<Assumed> assumed;
    std::vector<Band> bands;
};

// The paths that move all bands most: the sums of the absolute swings of those that the bands name, the largest first.
std::vector<std::string> weightiest(const Uncertainty& u, std::size_t count = 3);

// {"schema": "tessera.uncertainty/1", ...}
JsonValue to_json(const Uncertainty& u);
Section uncertainty_section(const Uncertainty& u);
std::string summary_text(const Uncertainty& u);  // for the terminal

}  // namespace tessera::report
