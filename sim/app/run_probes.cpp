#include "sim/app/run_probes.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {
namespace {

constexpr std::size_t kPieces = 16;  // of a run: short enough that no core waits long for another's last piece

ProbeAnswer ask(const measured::Case& c, const SystemConfig& system) {
    ProbeAnswer answer;
    try {
        answer.prediction = c.probe(system, c.clock);
        if (!std::isfinite(answer.prediction.value)) { throw ModelError("the model gives no finite value"); }
    } catch (const ModelError& e) { answer.problem = e.what(); }
    return answer;
}

std::string encode(const std::vector<ProbeAnswer>& answers) {
    JsonValue list = JsonValue::array();
    for (const ProbeAnswer& a : answers) {
        JsonValue v = JsonValue::array();
        v.push(JsonValue::number(a.problem.empty() ? a.prediction.value : 0.0));
        v.push(JsonValue::string(a.prediction.limiter));
        v.push(JsonValue::string(a.problem));
        list.push(std::move(v));
    }
    return write_json(list, 0);
}

}  // namespace

std::vector<ProbeAnswer> run_probes(const std::vector<measured::Case>& cases, const SystemConfig& system, int jobs,
                                    const ProgressFn& progress) {
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (cases[i].probe && cases[i].problem.empty()) { asked.push_back(i); }
    }
    const std::size_t pieces = std::min(kPieces, asked.size());
    std::vector<Work> work;
    for (std::size_t piece = 0; piece < pieces; ++piece) {  // neighbours cost alike: deal them out in turn
        work.push_back({"part " + std::to_string(piece + 1) + " of the probes", [&, piece] {
                            std::vector<ProbeAnswer> answers;
                            for (std::size_t i = piece; i < asked.size(); i += pieces) {
                                answers.push_back(ask(cases[asked[i]], system));
                            }
                            return encode(answers);
                        }});
    }
    const std::vector<std::string> texts = run_in_processes(work, jobs, progress);
    std::vector<ProbeAnswer> out(cases.size());
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        std::size_t i = piece;
        const JsonValue list = parse_json(texts[piece], "answers of a child");
        for (const JsonValue& v : list.items()) {
            const auto& f = v.items();
            out[asked[i]] = {{f[0].as_double(), f[1].as_string()}, f[2].as_string()};
            i += pieces;
        }
    }
    return out;
}

}  // namespace tessera
