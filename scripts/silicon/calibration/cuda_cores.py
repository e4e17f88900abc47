"""CUDA cores: lanes per kind of instruction."""

from .constant import constant
from .spread import Spread


def lanes(micro, op):
    """Thread instructions per clock of a kind: the power of two that a loop's overhead keeps it from."""
    item = micro.only("F.alu", op=op)
    rate = item.result("values_per_clk_per_sm") / item.parameters("values_per_op")[0]
    width = 1 << (round(rate.value) - 1).bit_length()
    return Spread(width, rate.low, width) if width * 0.93 < rate.value else rate


@constant("sm.cuda.fp32_lanes", "", "F.alu", "independent FADD per clock, up to the power of two at most 7 % above")
def fp32_lanes(micro):
    return lanes(micro, "fadd")


@constant("sm.cuda.sfu_lanes", "", "F.alu", "independent EX2 per clock, up to the power of two at most 7 % above")
def sfu_lanes(micro):
    return lanes(micro, "ex2_approx")


@constant("sm.cuda.convert_lanes", "", "F.alu",
          "independent conversions of packed floats to BF16 per clock, up to the power of two at most 7 % above")
def convert_lanes(micro):
    return lanes(micro, "cvt_f32_to_bf16")
