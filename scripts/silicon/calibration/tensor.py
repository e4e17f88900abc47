"""Tensor Cores: rate, latency and the gap between groups of wgmma; promotion of partial sums by CUDA cores."""

from .constant import constant
from .spread import Spread, median, smallest

TILE = dict(wg_rows=64, n=128)  # per warpgroup
KBLOCK_MACS = 64 * 128 * 128


def mac_per_clk(micro, kind, k):
    fastest = smallest(micro.select("E.wgmma_throughput", type=kind, n=256, k=k, sms=1)
                       .results("cycles_per_instruction_per_sm"))
    rate = 64 * 256 * k / fastest
    # Loop overhead only ever takes away: the array is as wide as the next power of two.
    width = 1 << (round(rate.value) - 1).bit_length()
    return Spread(width, rate.low, width) if width * 0.97 < rate.value else rate


@constant("sm.tensor.fp8_mac_per_clk", "", "E.wgmma_throughput",
          "64 x 256 x 32 over the cycles of an E4M3 wgmma m64n256k32, up to the power of two at most 3 % above")
def fp8_mac_per_clk(micro):
    return mac_per_clk(micro, "e4m3", 32)


@constant("sm.tensor.bf16_mac_per_clk", "", "E.wgmma_throughput",
          "64 x 256 x 16 over the cycles of a BF16 wgmma m64n256k16, up to the power of two at most 3 % above")
def bf16_mac_per_clk(micro):
    return mac_per_clk(micro, "bf16", 16)


def wgmma_group(micro, count, a_from="shared"):
    """Cycles of `count` dependent E4M3 m64n256k32 with fence, commit and wait, less their multiplications."""
    return micro.only("E.wgmma_latency", type="e4m3", a_from=a_from, n=256, group=count).result("cycles") - 128 * count


@constant("sm.tensor.wgmma_latency", "clk", "E.wgmma_latency",
          "four dependent E4M3 wgmmas m64n256k32 from shared memory with fence, commit and wait, less 4 x 128")
def wgmma_latency(micro):
    return wgmma_group(micro, 4)


@constant("sm.tensor.wgmma_alone", "clk", "E.wgmma_latency",
          "one E4M3 wgmma m64n256k32 from shared memory with fence, commit and wait, less 128")
def wgmma_alone(micro):
    return wgmma_group(micro, 1)


@constant("sm.tensor.wgmma_register_a", "clk", "E.wgmma_latency",
          "what A from registers spares one wgmma (9 cycles) and four (4 to 5), their mean", widest=0.5)
def wgmma_register_a(micro):
    spared = [wgmma_group(micro, count) - wgmma_group(micro, count, "registers") for count in (1, 4)]
    return (spared[0] + spared[1]) / 2


@constant("sm.tensor.wgmma_interval", "clk", "E.wgmma_throughput",
          "E4M3 wgmmas m64n16k32 with A in registers, one warpgroup")
def wgmma_interval(micro):
    return micro.only("E.wgmma_throughput", type="e4m3", a_from="registers", n=16, warpgroups=1, sms=1,
                      accumulator_sets=1).result("cycles_per_instruction_per_sm")


def kblock(micro, warpgroups, promotion, ordered):
    return median(micro.select("E.promotion", warpgroups=warpgroups, promotion=promotion, ordered=ordered, **TILE)
                  .results("cycles_per_kblock"))


@constant("sm.tensor.wgmma_issue", "clk", "E.promotion",
          "k-block of one warpgroup, 64x128, without promotion, less the 256 cycles of its MMA")
def wgmma_issue(micro):
    return kblock(micro, 1, "none", 0) - KBLOCK_MACS / fp8_mac_per_clk(micro).value


@constant("sm.cuda.promotion_alone", "clk", "E.promotion",
          "k-block of one warpgroup, 64x128, with promotion after each, less the same without")
def promotion_alone(micro):
    return kblock(micro, 1, "after each k-block", 0) - kblock(micro, 1, "none", 0)


@constant("sm.cuda.promotion_start", "clk", "E.promotion E.wgmma_latency",
          "k-block of one warpgroup with promotion, less four dependent wgmmas m64n128 and a warp's 2 x 64 FFMAs", widest=0.1)
def promotion_start(micro):
    group = micro.only("E.wgmma_latency", type="e4m3", a_from="shared", n=128, group=4).result("cycles")
    return kblock(micro, 1, "after each k-block", 0) - group - 128


@constant("sm.cuda.kblock_sync", "clk", "E.promotion",
          "k-block of two warpgroups that take turns, 64x128 each, with promotion, less one's MMA and one's promotion")
def kblock_sync(micro):
    return kblock(micro, 2, "after each k-block", 1) - kblock(micro, 1, "after each k-block", 0)
