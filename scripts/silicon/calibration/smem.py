"""Shared memory."""

from .constant import constant, device_fact
from .spread import Spread, largest

device_fact("sm.smem.capacity", "B", "shared_per_sm")
device_fact("sm.smem.reserved_per_cta", "B", "reserved_shared_per_block")


@constant("sm.smem.bandwidth", "B/clk", "F.shared_bandwidth", "most bytes per clock of any wide load or store")
def bandwidth(micro):
    return largest(micro.select("F.shared_bandwidth").results("bytes_per_clk_per_sm"))


@constant("sm.smem.latency", "clk", "A.smem", "cycles per hop of a pointer chase in shared memory")
def latency(micro):
    return micro.only("A.smem").result("cycles")


@constant("sm.smem.cluster_latency", "clk", "A.dsmem_cluster2", "cycles per hop of a chase in another block's shared memory")
def cluster_latency(micro):
    return micro.only("A.dsmem_cluster2").result("cycles")


def chase(micro, kib):
    return micro.only("A.l1_chase", footprint=kib * 1024).result("cycles")


@constant("sm.smem.l1_latency", "clk", "A.l1_chase", "cycles per hop of a chase over 64 KiB")
def l1_latency(micro):
    return chase(micro, 64)


def missed(micro, kib):
    """KiB of a chase over `kib` that miss: from the hop's mean between that of L1 and that of 320 KiB, where all do."""
    hit, miss = l1_latency(micro), Spread(chase(micro, 320).value)
    return (chase(micro, kib) - hit) / (miss - hit).value * kib


# A set that holds one line too many misses all of its lines in a chase that comes round: with sets of `ways` lines,
# each line beyond the capacity costs itself and `ways` others.
@constant("sm.smem.l1_ways", "", "A.l1_chase", "what misses at 256 KiB less at 224 KiB, over 32 KiB, less one")
def l1_ways(micro):
    return ((missed(micro, 256) - missed(micro, 224)) / 32 - 1).rounded()


@constant("sm.smem.l1_capacity", "B", "A.l1_chase", "224 KiB less what misses of them over the lines that each one too many costs")
def l1_capacity(micro):
    return (Spread(224) - missed(micro, 224) / (l1_ways(micro).value + 1)) * 1024


OPERAND_FETCH = 384  # cycles of a k-block of 128x128x128: two warpgroups read 8 KiB of A and 16 KiB of B, 128 B a clock


@constant("sm.smem.fill_bandwidth", "B/clk", "E.mainloop_tma_fp8",
          "32 KiB over a k-block of the main loop on one SM without promotion, less 384 cycles of operand fetch")
def fill_bandwidth(micro):
    loop = micro.only("E.mainloop_tma_fp8", m=512, sms=1, promotion=0).result("cycles_per_kblock")
    return 32768 / (loop - OPERAND_FETCH)
