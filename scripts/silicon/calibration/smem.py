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


OPERAND_FETCH = 384  # cycles of a k-block of 128x128x128: two warpgroups read 8 KiB of A and 16 KiB of B, 128 B a clock


@constant("sm.smem.fill_bandwidth", "B/clk", "E.mainloop_tma_fp8",
          "32 KiB over a k-block of the main loop on one SM without promotion, less 384 cycles of operand fetch")
def fill_bandwidth(micro):
    loop = micro.only("E.mainloop_tma_fp8", m=512, sms=1, promotion=0).result("cycles_per_kblock")
    return 32768 / (loop - OPERAND_FETCH)
