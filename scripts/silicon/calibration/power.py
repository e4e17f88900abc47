"""Clocks. Energies are fitted to whole kernels' power (kernels.json), which no item isolates."""

from .constant import constant
from .spread import largest


@constant("power.max_clock", "MHz", "J.device", "sm_clock_khz_max")
def max_clock(micro):
    return micro.only("J.device").result("sm_clock_khz_max") / 1000


@constant("power.tensor_max_clock", "MHz", "E.mainloop_tma_fp8", "highest clock of the main loop on one SM")
def tensor_max_clock(micro):
    return largest(micro.select("E.mainloop_tma_fp8", sms=1).results("sm_ghz")) * 1000


@constant("power.sustained_clock", "MHz", "E.sustained", "median clock of the TMA-fed main loop with promotion over a second")
def sustained_clock(micro):
    what = "e4m3 TMA-fed main loop 128x128x128 with promotion"
    return micro.only("E.sustained", what=what).result("sm_ghz") * 1000
