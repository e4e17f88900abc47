"""Bulk copy engine of an SM."""

from .constant import constant
from .l2 import load_latency
from .spread import Spread, largest, median
from .tensor import promotion_alone


@constant("tma.issue_interval", "clk", "D.burst", "cycles to issue 8 boxes of 64x64 bytes, less those of one, over 7")
def issue_interval(micro):
    box = dict(box="fp8 64x64")
    eight, one = (micro.only("D.burst", n=n, **box).result("cycles_to_issue_all") for n in (8, 1))
    return (eight - one) / 7


@constant("tma.bandwidth", "B/clk", "D.tensor_load_throughput", "boxes of 32 KiB out of L2, most bytes per clock of one SM")
def bandwidth(micro):
    return largest(micro.select("D.tensor_load_throughput", stage_bytes=32768, sms=1).results("bytes_per_clk_per_sm"))


@constant("tma.latency_overhead", "clk", "D.burst D.bulk1d_load_latency A.l2_line_latency D.tensor_load_throughput",
          "one box of 4 KiB out of L2, less the latency of a load and 4 KiB at tma.bandwidth; where requests are "
          "modelled, a plain copy (D.bulk1d_load_latency) less tma.request_interval each")
def latency_overhead(micro):
    if "tma.request_interval" in micro.given:
        copy = micro.only("D.bulk1d_load_latency", bytes=4096, **{"from": "L2"}).result("cycles")
        return copy - micro.only("A.l2_line_latency").result("far_mean_cycles") - request_interval(micro) * 32
    box = micro.only("D.burst", n=1, box="fp8 64x64").result("cycles")
    return box - load_latency(micro) - 4096 / bandwidth(micro)


@constant("tma.max_multicast", "", "J.clusters", "the largest cluster of thread blocks that runs")
def max_multicast(micro):
    return largest(micro.select("J.clusters").results("cluster_size"))


def tensor_latency(micro, box):
    return Spread(micro.only("D.tensor_load_latency", box=box, **{"from": "L2"}).result("cycles").value)


@constant("tma.request_interval", "clk", "D.tensor_load_latency", "64 more rows of 64 B out of L2, over 64")
def request_interval(micro):
    return (tensor_latency(micro, "fp8 128x64 (128 rows, 64 B)") - tensor_latency(micro, "fp8 64x64")) / 64


def store_beyond(micro, what, rate):
    """Cycles of a 16 KiB stage on its own beyond its bytes at `rate` per clock; repeats agree within 0.2 % of the whole."""
    stored = micro.only("D.store_throughput", what=what, dim=1, stages=1, sms=1).result("bytes_per_clk_per_sm").value
    return 16384 / Spread(stored, 0.998 * stored, 1.002 * stored) - 16384 / rate


@constant("tma.store_overhead", "clk", "D.store_throughput", "one stage of 16 KiB after another, less 32 B a clock")
def store_overhead(micro):
    return store_beyond(micro, "store", 32)


@constant("tma.reduce_overhead", "clk", "D.store_throughput", "one stage of 16 KiB after another, less 25.6 B a clock")
def reduce_overhead(micro):
    return store_beyond(micro, "reduce-add f32", 25.6)


@constant("tma.producer_issue", "clk", "D.burst", "one box: cycles until it is issued")
def producer_issue(micro):
    return micro.only("D.burst", n=1).result("cycles_to_issue_all")


def turn(micro, in_flight):
    stage = micro.only("D.tensor_load_throughput", box="fp8 64x64", in_flight=in_flight, sms=1)
    return stage.parameters("stage_bytes")[0] / stage.result("bytes_per_clk_per_sm")


@constant("tma.producer_wake", "clk", "D.tensor_load_throughput D.burst",
          "4 KiB boxes one at a time, less one box of D.burst (range of its repeats)", widest=0.3)
def producer_wake(micro):
    return turn(micro, 1) - micro.only("D.burst", n=1, box="fp8 64x64").result("cycles")


@constant("tma.producer_wait", "clk", "D.tensor_load_throughput D.burst",
          "4 KiB boxes, four in flight: cycles a stage less tma.producer_issue and tma.producer_wake (whose range it has)",
          widest=0.06)
def producer_wait(micro):
    wait = turn(micro, 4) - producer_issue(micro) - producer_wake(micro)
    return wait.at_least(0)  # several warps that issue leave none


@constant("tma.consumer_wait", "clk", "E.mainloop_tma_fp8 E.promotion",
          "k-block of the main loop with promotion on one SM, less 512 of MMA and one warpgroup's promotion")
def consumer_wait(micro):
    loop = micro.only("E.mainloop_tma_fp8", m=512, sms=1, promotion=1).result("cycles_per_kblock")
    return loop - 512 - promotion_alone(micro)


@constant("tma.descriptor_fetch", "clk", "D.tensor_load_latency", "box of 64x64 bytes out of L2: the first less later ones")
def descriptor_fetch(micro):
    box = micro.only("D.tensor_load_latency", box="fp8 64x64", **{"from": "L2"})
    first = box.result("first_cycles").value
    return Spread(first) - Spread(box.result("cycles").value)


@constant("tma.ring_turn", "clk", "C.l2_read", "bulk copies of 8 KiB out of 16 MiB by 2 to 64 SMs: cycles each")
def ring_turn(micro):
    rings = micro.select("C.l2_read", method="tma1d", stage_bytes=8192, working_set=1 << 24, sms={2, 4, 8, 16, 32, 48, 64})
    return 8192 / median(rings.results("bytes_per_clk_per_sm"))
