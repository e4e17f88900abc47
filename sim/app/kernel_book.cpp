#include "sim/app/kernel_book.hpp"

#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

Time between(Time a, Time b, double w) { return a + (b - a) * w; }
Bytes between(Bytes a, Bytes b, double w) { return a + (b - a) * w; }
Energy between(Energy a, Energy b, double w) { return a + (b - a) * w; }
double between(double a, double b, double w) { return a + (b - a) * w; }

KernelResult between(const KernelResult& a, const KernelResult& b, double w) {
    KernelResult r = w < 0.5 ? a : b;  // limiter, SMs and waves of the nearer one
    r.shares.clear();
    r.time = between(a.time, b.time, w);
    for (auto part : {&Traffic::hbm_read, &Traffic::hbm_write, &Traffic::l2_read, &Traffic::l2_write, &Traffic::smem,
                      &Traffic::nvlink_out, &Traffic::nvlink_in, &Traffic::nic_out, &Traffic::nic_in}) {
        r.traffic.*part = between(a.traffic.*part, b.traffic.*part, w);
    }
    for (auto part : {&EnergyUse::tensor, &EnergyUse::cuda, &EnergyUse::smem, &EnergyUse::l2, &EnergyUse::hbm,
                      &EnergyUse::link, &EnergyUse::engine}) {
        r.energy.*part = between(a.energy.*part, b.energy.*part, w);
    }
    r.tensor_flops = flops(between(a.tensor_flops.raw(), b.tensor_flops.raw(), w));
    r.tensor_busy = between(a.tensor_busy, b.tensor_busy, w);
    r.cuda_busy = between(a.cuda_busy, b.cuda_busy, w);
    r.clock_bound = between(a.clock_bound, b.clock_bound, w);
    return r;
}

}  // namespace

int KernelBook::add(const KernelDesc& kernel) {
    const std::uint64_t hash = kernel_hash(kernel);
    const auto [it, fresh] = index_.try_emplace(hash, static_cast<int>(entries_.size()));
    if (fresh) {
        Entry e;
        e.kernel = kernel;
        e.hash = hash;
        entries_.push_back(std::move(e));
    }
    return it->second;
}

int KernelBook::blend(int low, int high, double weight) {
    if (low == high || weight == 0) { return low; }
    if (weight == 1) { return high; }
    const auto [it, fresh] = blends_.try_emplace({low, high, weight}, static_cast<int>(entries_.size()));
    if (fresh) {
        Entry e;
        e.low = low;
        e.high = high;
        e.weight = weight;
        entries_.push_back(std::move(e));
    }
    return it->second;
}

void KernelBook::set_clock(Frequency f, Frequency simulated, const ClockModel* clocks) {
    invariant(f == simulated || clocks != nullptr, "prices at another clock need a clock model");
    clock_ = f;
    simulated_ = simulated;
    clocks_ = clocks;
    for (Entry& e : entries_) { e.prices.clear(); }
}

const KernelResult& KernelBook::price(int kernel, int sms) {
    return price_of(entries_.at(static_cast<std::size_t>(kernel)), sms);
}

const KernelResult& KernelBook::price_of(Entry& e, int sms) {
    const auto known = e.prices.find(sms);
    if (known != e.prices.end()) { return known->second; }
    return e.prices.emplace(sms, work_out(e, sms)).first->second;
}

KernelResult KernelBook::work_out(Entry& e, int sms) {
    if (e.low >= 0) {
        KernelResult r = between(price(e.low, sms), price(e.high, sms), e.weight);
        if (r.time <= Time::zero()) { throw ModelError("a rank's rows are too far from rank 0's to tell its times"); }
        return r;
    }
    const bool device =
        !std::holds_alternative<ExchangeDesc>(e.kernel) && !std::holds_alternative<BarrierDesc>(e.kernel);
    const auto above = std::lower_bound(partitions_.begin(), partitions_.end(), sms);
    if (!device || above == partitions_.begin() || above == partitions_.end() || *above == sms) {
        return restated(simulate(e, sms));
    }
    const int few = *(above - 1), many = *above;
    const auto inverse = [](int n) { return 1.0 / n; };
    const double weight = (inverse(sms) - inverse(few)) / (inverse(many) - inverse(few));
    const KernelResult &slow = price_of(e, few), &fast = price_of(e, many);
    KernelResult r = between(slow, fast, weight);
    r.sms = std::min(sms, std::max(slow.sms, fast.sms));
    return r;
}

KernelResult KernelBook::simulate(const Entry& e, int sms) {
    KernelContext context;
    context.sms = sms;
    context.sm_clock = simulated_;
    context.exact = exact_;
    return timers_.time(e.kernel, e.hash, context);
}

// The part of the time that scales with the clock is stretched, the rest stays.
KernelResult KernelBook::restated(KernelResult r) const {
    if (clock_ == simulated_) { return r; }
    const double stretch = simulated_ / clock_;
    const double factor = r.clock_bound * stretch + (1 - r.clock_bound);
    r.time = r.time * factor;
    r.tensor_busy = r.tensor_busy * stretch;
    r.cuda_busy = r.cuda_busy * stretch;
    r.clock_bound *= stretch / factor;
    r.energy = clocks_->at_clock(r.energy, simulated_, clock_);
    return r;
}

}  // namespace tessera
