"""SM: what fits on one, and how thread blocks come and go."""

import math

from .constant import constant, device_fact
from .spread import Spread, median

device_fact("sm.count", "", "sms")
device_fact("sm.max_threads", "", "max_threads_per_sm")
device_fact("sm.max_ctas", "", "max_blocks_per_sm")
device_fact("sm.registers", "", "regs_per_sm")


@constant("sm.cta_launch", "clk", "G.cta_turnover",
          "median of last instruction of a block to first of the next on its SM, blocks of 128 threads")
def cta_launch(micro):
    turnover = micro.only("G.cta_turnover", block=128).result("cycles").value
    others = [s.value for s in micro.select("G.cta_turnover").results("cycles")]
    return Spread(turnover, min(others), max(others))  # of medians: single blocks wait for the grid's scheduler


@constant("sm.cta_launch_interval", "clk", "G.cta_rate",
          "cycles per block and SM, empty blocks of 32 to 128 threads without shared memory")
def cta_launch_interval(micro):
    return median(micro.select("G.cta_rate", block={32, 64, 128}, smem=0).results("cycles_per_cta_per_sm"))


INSTRUCTIONS_A_LINE = 128 // 16
FEW_WARPS = ("to_long", "gather", "scatter_mask", "grad_accumulate_7168", "sum_topk", "div_topk")


@constant("sm.code_line_fetch", "clk", "structures.json J.device",
          "kernels of few warps: time lost to swept instruction caches per instruction of a warp, for 8 of 16 bytes a line",
          widest=0.1)
def code_line_fetch(micro):
    def cycles_a_line(record):
        warps = math.prod(record["grid"]) * math.prod(record["block"]) / 32
        lost = record["us"]["sequence"] - record["us"]["hot"]
        return INSTRUCTIONS_A_LINE * lost * 1000 / (record["warp_instructions"] / warps)

    ghz = micro.only("J.device").result("sm_clock_khz_max").value / 1e6
    return median(Spread(cycles_a_line(micro.record("structures.json", name))) for name in FEW_WARPS) * ghz
