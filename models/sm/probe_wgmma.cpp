#include "models/sm/probe_program.hpp"
#include "models/sm/probe_programs.hpp"

#include "sim/base/error.hpp"

namespace tessera {
namespace {

class WgmmaLoopProgram : public ProbeProgram {
public:
    WgmmaLoopProgram(const WgmmaLoop& loop, const RunScope& scope, Units& units)
        : ProbeProgram(scope, units), loop_(loop), warpgroups_(static_cast<std::size_t>(loop.warpgroups)) {
        shape_.n = loop.n;
        shape_.k = is_fp8(loop.dtype) ? 32 : 16;
        shape_.dtype = loop.dtype;
        shape_.a_in_registers = loop.a_in_registers;
    }

    void start() override {
        for (std::size_t w = 0; w < warpgroups_.size(); ++w) {
            warpgroups_[w].before = scope_.begin;
            begin_actor(w);
        }
    }

    void on_event(Time now, std::uint64_t token) override {
        Warpgroup& w = warpgroups_[token];
        if (w.issued == loop_.iterations) {
            end_actor(now);
            return;
        }
        Time done = now;
        for (int k = 0; k < loop_.group; ++k) { done = units_.tensor.mma(0, shape_, now); }
        const bool last = ++w.issued == loop_.iterations;
        wake(token, loop_.drain || last ? done : max(now, w.before));
        w.before = done;
    }

private:
    struct Warpgroup {
        int issued = 0;
        Time before{};  // end of the group before
    };
    WgmmaLoop loop_;
    MmaShape shape_;
    std::vector<Warpgroup> warpgroups_;
};

}  // namespace

std::unique_ptr<Program> make_probe(const WgmmaLoop& loop, const RunScope& scope, Units& units) {
    const bool fits = loop.n >= 8 && loop.n <= 256 && loop.n % 8 == 0 && loop.warpgroups >= 1 &&
                      loop.warpgroups * 128 <= units.config.sm.max_threads && loop.group >= 1 && loop.iterations >= 1;
    if (!fits) { throw ModelError("no such wgmma: N is a multiple of 8 up to 256, warpgroups have 128 threads"); }
    return std::make_unique<WgmmaLoopProgram>(loop, scope, units);
}

}  // namespace tessera
