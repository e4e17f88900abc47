"""CUDA cores: lanes per kind of instruction."""

from .constant import constant
from .spread import Spread, median


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


@constant("sm.cuda.half_lanes", "", "F.alu",
          "independent IADD3, LOP3, PRMT, FMNMX and IMAD per clock, up to the power of two at most 7 % above")
def half_lanes(micro):
    return median(lanes(micro, op) for op in ("iadd3", "lop3", "prmt", "fmax_abs", "imad"))


@constant("sm.cuda.shuffle_lanes", "", "F.alu", "shuffles per clock, up to the power of two at most 7 % above")
def shuffle_lanes(micro):
    return lanes(micro, "shfl_bfly")


def rate(micro, op):
    return micro.only("F.alu", op=op).result("values_per_clk_per_sm")


@constant("sm.cuda.fused_slots", "", "F.alu", "lanes over FFMA per clock less lanes over FADD per clock, plus one")
def fused_slots(micro):
    width = fp32_lanes(micro).value
    return width / rate(micro, "ffma") - width / rate(micro, "fadd") + 1


@constant("sm.cuda.dependent_issue", "clk", "F.alu", "FFMA, FMNMX, IADD3 and LOP3 that wait for their own last result")
def dependent_issue(micro):
    return median(micro.select("F.alu", op={"ffma", "fmax_abs", "iadd3", "lop3"}).results("dependent_cycles_per_op"))


@constant("sm.cuda.shuffle_latency", "clk", "F.alu", "a shuffle and a maximum that wait for each other")
def shuffle_latency(micro):
    return micro.only("F.alu", op="shfl_then_fmax").result("dependent_cycles_per_op")
