#include "sim/app/kernel_book.hpp"

#include "sim/base/error.hpp"

#include <cmath>

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
    invariant(weight >= 0 && weight <= 1, "a blend of kernels outside its ends");
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

void KernelBook::set_clock(Frequency f) {
    if (f == clock_) { return; }
    clock_ = f;
    for (Entry& e : entries_) { e.prices.clear(); }
}

const KernelResult& KernelBook::price(int kernel, int sms) {
    Entry& e = entries_.at(static_cast<std::size_t>(kernel));
    const auto known = e.prices.find(sms);
    if (known != e.prices.end()) { return known->second; }
    return e.prices.emplace(sms, work_out(e, sms)).first->second;
}

KernelResult KernelBook::work_out(const Entry& e, int sms) {
    if (e.low >= 0) { return between(price(e.low, sms), price(e.high, sms), e.weight); }
    KernelContext context;
    context.sms = sms;
    context.sm_clock = clock_;
    context.exact = exact_;
    return timers_.time(e.kernel, e.hash, context);
}

}  // namespace tessera
