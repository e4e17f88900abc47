// Cost of the device's own event queue: the figure that the choice of a timing wheel rests on.
#include "sim/engine/timing_wheel.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace tessera;

// Keeps `pending` events under way: each schedules its successor at a staggered distance of 1 to 256 ns.
class Chain final : public EventSink {
public:
    explicit Chain(TimingWheel& wheel) : wheel_(wheel) {}
    void start(std::uint64_t pending) {
        for (std::uint64_t i = 0; i < pending; ++i) { on_event(wheel_.now(), i); }
    }
    void on_event(Time now, std::uint64_t token) override {
        const auto distance = static_cast<std::int64_t>((token * 0x9e3779b97f4a7c15ULL) >> 56U) + 1;
        wheel_.at(now + femtoseconds(distance * 1'000'000), *this, token + 1,
                  static_cast<std::uint32_t>(token & 0xffU));
    }

private:
    TimingWheel& wheel_;
};

void timing_wheel(benchmark::State& state) {
    TimingWheel wheel;
    Chain chain(wheel);
    chain.start(static_cast<std::uint64_t>(state.range(0)));
    const std::uint64_t before = wheel.dispatched();
    for (auto _ : state) { wheel.run_until(wheel.now() + microseconds(10)); }
    state.SetItemsProcessed(static_cast<std::int64_t>(wheel.dispatched() - before));
}
BENCHMARK(timing_wheel)->Arg(64)->Arg(1024)->Arg(16384);

}  // namespace
