"""HBM: what the pins could move, what a long read reaches of it, and the latency beyond L2."""

import math

from .constant import MIB, constant, device_fact
from .items import result
from .l2 import load_latency
from .spread import Spread, largest, median

GB = 10**9

device_fact("hbm.capacity", "B", "global_mem")


@constant("hbm.peak", "GB/s", "J.device", "bus width / 8 x memory clock x 2 (double data rate)")
def peak(micro):
    device = micro.only("J.device")
    return device.result("memory_bus_bits") / 8 * device.result("memory_clock_khz") * 2 / 1e6


@constant("hbm.read_efficiency", "", "B.full J.device", "read of at least 4 GB by bulk copies, over the peak")
def read_efficiency(micro):
    longest = max(micro.select("B.full", method="tma1d", mode="read"), key=lambda i: i["bytes"])
    return micro.only("B.full", method="tma1d", mode="read", bytes=longest["bytes"]).result("GBps") / peak(micro)


def copy_rates(micro):
    kernels = [c for method in ("vec16", "tma1d") for c in micro.select("B.full", method=method, mode="copy")]
    driver = micro.select("B.driver_copy", what="cudaMemcpyAsync D2D")
    return ([result(c, "GBps") for c in kernels if c["bytes"] > GB],
            [result(c, "GBps") for c in driver if c["bytes"] > GB])


@constant("hbm.write_batch", "B", "B.full B.driver_copy J.device",
          "turnaround over (1 / copy rate - 1 / read rate) of a pseudo-channel: a batch is read and written between two "
          "turnarounds; range up to the driver's copy, which orders its accesses better", widest=0.5)
def write_batch(micro):
    channels = micro.given["hbm.stacks"] * micro.given["hbm.channels_per_stack"]
    read = read_efficiency(micro) * peak(micro) / channels
    kernels, driver = copy_rates(micro)

    def batch(copy):
        return micro.given["hbm.turnaround"] / (1 / (copy / channels).value - 1 / read.value)

    rates = [r.value for r in kernels]
    return Spread(batch(median(kernels)), batch(Spread(min(rates))), batch(largest(driver)))


@constant("hbm.latency", "ns", "A.hbm_chase_cold A.l2_line_latency J.device",
          "pointer chase in one cold 2 MiB page, less the latency of an L2 hit at the highest clock")
def latency(micro):
    miss = micro.only("A.hbm_chase_cold", footprint=2 * MIB).result("ns")
    return miss - load_latency(micro) / (micro.only("J.device").result("sm_clock_khz_max") / 1e6)


@constant("hbm.latency_spread", "ns", "D.bulk1d_load_latency",
          "bulk copies from HBM less from L2: what each doubling of 128 B adds, up to 4 KiB (range: to 1 and 2 KiB)")
def latency_spread(micro):
    def beyond_l2(size):
        places = [micro.only("D.bulk1d_load_latency", bytes=size, **{"from": place}) for place in ("HBM (flushed)", "L2")]
        hbm, l2 = (i.result("cycles").value / i.result("sm_ghz").value for i in places)
        return hbm - l2

    def a_doubling(size):
        return (beyond_l2(size) - beyond_l2(128)) / math.log2(size / 128)

    steps = [a_doubling(size) for size in (1024, 2048, 4096)]
    return Spread(steps[-1], min(steps), max(steps))


def beside_loads(micro):
    """A lone reader's latency in ns and the loaders' GB/s, every SM but one loading at a set pace."""
    paced = micro.select("A.hbm_latency_under_load", loader_sms=131)
    return sorted((result(i, "load_GBps").value, result(i, "ns").value) for i in paced)


@constant("hbm.queue_service", "ns", "A.hbm_latency_under_load",
          "wait of a lone reader over that of an M/D/1 queue, load / (2 (1 - load)), all SMs loading at half to nine "
          "tenths of the full rate, against a fifth", widest=0.5)
def queue_service(micro):
    points = beside_loads(micro)
    full, (least, idle) = points[-1][0], points[0]

    def waits(load):
        return load / (2 * (1 - load))

    services = [(ns - idle) / (waits(rate / full) - waits(least / full))
                for rate, ns in points[1:] if 0.45 < rate / full < 0.9]
    return Spread(sorted(services)[len(services) // 2], min(services), max(services))


@constant("hbm.queue_limit", "ns", "A.hbm_latency_under_load",
          "a lone reader's latency beside 131 SMs that load all they can, less that beside almost idle ones")
def queue_limit(micro):
    points = beside_loads(micro)
    return Spread(points[-1][1] - points[0][1])
