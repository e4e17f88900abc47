"""Bulk copy engine of an SM."""

from .constant import constant
from .l2 import load_latency
from .spread import largest


@constant("tma.issue_interval", "clk", "D.burst", "cycles to issue 8 boxes of 64x64 bytes, less those of one, over 7")
def issue_interval(micro):
    box = dict(box="fp8 64x64")
    eight, one = (micro.only("D.burst", n=n, **box).result("cycles_to_issue_all") for n in (8, 1))
    return (eight - one) / 7


@constant("tma.bandwidth", "B/clk", "D.tensor_load_throughput", "boxes of 32 KiB out of L2, most bytes per clock of one SM")
def bandwidth(micro):
    return largest(micro.select("D.tensor_load_throughput", stage_bytes=32768, sms=1).results("bytes_per_clk_per_sm"))


@constant("tma.latency_overhead", "clk", "D.burst A.l2_line_latency D.tensor_load_throughput",
          "one box of 4 KiB out of L2, less the latency of a load and 4 KiB at tma.bandwidth")
def latency_overhead(micro):
    box = micro.only("D.burst", n=1, box="fp8 64x64").result("cycles")
    return box - load_latency(micro) - 4096 / bandwidth(micro)


@constant("tma.max_multicast", "", "J.clusters", "the largest cluster of thread blocks that runs")
def max_multicast(micro):
    return largest(micro.select("J.clusters").results("cluster_size"))
