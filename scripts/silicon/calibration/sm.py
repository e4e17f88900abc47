"""SM: what fits on one, and how thread blocks come and go."""

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
