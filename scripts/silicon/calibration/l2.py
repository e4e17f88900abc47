"""L2: latency, bandwidth, the ports of the SMs, and how much of it a stream can hold."""

from .constant import MIB, constant, device_fact
from .items import result
from .spread import Spread, largest, median

device_fact("l2.capacity", "B", "l2_bytes")


def load_latency(micro):
    """Load to use of a hit, the median over all SMs and lines; no range: it is a distribution, not a repeat."""
    return Spread(micro.only("A.l2_line_latency").result("cycles").value)


@constant("l2.latency_near", "clk", "A.l2_line_latency", "mean load to use over the lines of the nearer half")
def latency_near(micro):
    return micro.only("A.l2_line_latency").result("near_mean_cycles")


@constant("l2.latency_far", "clk", "A.l2_line_latency", "mean load to use over the lines of the farther half")
def latency_far(micro):
    return micro.only("A.l2_line_latency").result("far_mean_cycles")


@constant("l2.partitions", "", "A.l2_line_latency", "peaks of the histogram of latencies over SMs and lines")
def partitions(micro):
    counts = micro.only("A.l2_line_latency").items[0]["hist_count"]
    peaks = [c for before, c, after in zip([0, *counts], counts, [*counts[1:], 0])
             if before < c >= after and c > 0.05 * max(counts)]
    return Spread(len(peaks))


def all_sms(micro):
    return micro.only("J.device").result("sms").value


@constant("l2.bandwidth", "B/clk", "C.l2_read", "16-byte loads of a 16 MiB set, each line by one SM a pass, times SMs")
def bandwidth(micro):
    item = micro.only("C.l2_read", method="vec16 ld.cg", pattern="rotating", working_set=16 * MIB, sms=all_sms(micro))
    return item.result("bytes_per_clk_per_sm") * all_sms(micro)


@constant("l2.write_bandwidth", "B/clk", "C.l2_write", "16-byte stores to a 16 MiB set, times SMs")
def write_bandwidth(micro):
    item = micro.only("C.l2_write", method="vec16 write", working_set=16 * MIB, sms=all_sms(micro))
    return item.result("bytes_per_clk_per_sm") * all_sms(micro)


@constant("l2.sm_port_read", "B/clk", "D.tensor_load_throughput", "most bytes per clock that one SM was seen to take")
def sm_port_read(micro):
    return largest(micro.select("D.tensor_load_throughput", sms=1).results("bytes_per_clk_per_sm"))


@constant("l2.sm_port_write", "B/clk", "C.l2_write", "stores of one SM, to the whole byte")
def sm_port_write(micro):
    return micro.only("C.l2_write", sms=1).result("bytes_per_clk_per_sm").rounded()


@constant("l2.effective_capacity", "", "C.capacity_read",
          "largest working set before bandwidth first falls below 90 % of that at 16 MiB, over the capacity")
def effective_capacity(micro):
    curve = micro.select("C.capacity_read", method="vec16 ld.cg", pattern="rotating")
    rates = dict(zip(curve.parameters("working_set"), (s.value for s in curve.results("bytes_per_clk_per_sm"))))
    sizes = sorted(s for s in rates if s >= 16 * MIB)
    held = next(i for i, s in enumerate(sizes) if rates[s] < 0.9 * rates[sizes[0]])
    capacity = micro.only("J.device").result("l2_bytes").value
    return Spread(sizes[held - 1] / capacity, sizes[held - 1] / capacity, sizes[held] / capacity)


@constant("l2.gpc_read", "B/clk", "C.l2_read", "eight SMs, which a grid places in one GPC, on sets of 8 to 24 MiB")
def gpc_read(micro):
    sets = micro.select("C.l2_read", method="vec16 ld.cg", pattern="rotating", sms=8,
                        working_set={8 * MIB, 16 * MIB, 24 * MIB})
    return median(result(i, "GBps") / result(i, "sm_ghz") for i in sets)  # over all eight, from first start to last end


@constant("l2.usable", "", "C.capacity_read",
          "fixed slices: between the last set at 90 % of the rate at 16 MiB and the first at the memory's rate", widest=0.05)
def usable(micro):
    curve = micro.select("C.capacity_read", method="vec16 ld.cg", pattern="fixed slice")
    rates = dict(zip(curve.parameters("working_set"), (s.value for s in curve.results("bytes_per_clk_per_sm"))))
    held = max(s for s in rates if rates[s] > 0.9 * rates[16 * MIB])
    gone = min(s for s in rates if s > held and rates[s] < 1.05 * rates[max(rates)])
    capacity = micro.only("J.device").result("l2_bytes").value
    return Spread((held + gone) / 2 / capacity, held / capacity, gone / capacity)


@constant("l2.gpc_broadcast", "B/clk", "C.broadcast_read J.gpc_groups",
          "sets of 48 MiB and more that every SM reads, per SM, times the SMs of the GPC with most of them")
def gpc_broadcast(micro):
    members = max(len(group) for group in micro.only("J.gpc_groups").items[0]["smids"])
    sets = micro.select("C.broadcast_read", sms=all_sms(micro), working_set={48 * MIB, 64 * MIB})
    return median(sets.results("bytes_per_clk_per_sm")) * members


def stored(micro, what, **more):
    return micro.only("D.store_throughput", what=what, dim=1, stages=8, **more).result("bytes_per_clk_per_sm")


@constant("l2.reduce_cost", "", "D.store_throughput", "bulk stores of one SM into L2 over its additions there, by rate")
def reduce_cost(micro):
    return stored(micro, "store", sms=1) / stored(micro, "reduce-add f32", sms=1)


@constant("l2.reduce_width", "B", "D.store_throughput G.atomics",
          "all SMs add to the same 128 lines: a line over its sums' period in sm.sync.same_address, to a power of two",
          widest=0.1)
def reduce_width(micro):
    sums = stored(micro, "reduce-add f32, same 16 KiB", sms=all_sms(micro)) * all_sms(micro) / (16 * 1024)
    return sums * micro.given["sm.sync.same_address"] * 128
