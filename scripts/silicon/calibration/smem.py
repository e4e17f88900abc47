"""Shared memory."""

from .constant import constant, device_fact
from .spread import largest

device_fact("sm.smem.capacity", "B", "shared_per_sm")
device_fact("sm.smem.reserved_per_cta", "B", "reserved_shared_per_block")


@constant("sm.smem.bandwidth", "B/clk", "F.shared_bandwidth", "most bytes per clock of any wide load or store")
def bandwidth(micro):
    return largest(micro.select("F.shared_bandwidth").results("bytes_per_clk_per_sm"))


@constant("sm.smem.latency", "clk", "A.smem", "cycles per hop of a pointer chase in shared memory")
def latency(micro):
    return micro.only("A.smem").result("cycles")
