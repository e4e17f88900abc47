"""Barriers, fences and turns, within a block, a cluster and the chip."""

import statistics

from .constant import constant
from .l2 import load_latency
from .spread import Spread, median

PATH = "sm.sync."


def barrier(micro, what, threads=None):
    parameters = {"what": what} if threads is None else {"what": what, "threads": threads}
    return micro.only("G.barrier", **parameters).result("cycles")


def turn(path, item, formula, **more):
    return constant(PATH + path, "clk", item, formula, **more)


@turn("block_barrier_warp", "G.barrier", "__syncthreads of 32 warps less that of 16, over 16")
def block_barrier_warp(micro):
    return (barrier(micro, "__syncthreads", 1024) - barrier(micro, "__syncthreads", 512)) / 16


@turn("block_barrier", "G.barrier", "__syncthreads of 32 warps less what the warps add")
def block_barrier(micro):
    return barrier(micro, "__syncthreads", 1024) - block_barrier_warp(micro) * 32


turn("block_barrier_least", "G.barrier", "__syncthreads of one warp")(lambda micro: barrier(micro, "__syncthreads", 32))
turn("cluster_barrier", "G.barrier", "cluster barrier of two blocks")(lambda micro: barrier(micro, "cluster barrier, 2 CTAs"))


@turn("cluster_barrier_block", "G.barrier", "cluster barrier of 8 blocks less that of 2, per doubling")
def cluster_barrier_block(micro):
    return (barrier(micro, "cluster barrier, 8 CTAs") - barrier(micro, "cluster barrier, 2 CTAs")) / 2


turn("mbarrier", "G.barrier", "half an mbarrier round trip of two warps")(
    lambda micro: barrier(micro, "mbarrier round trip, two warps of a CTA") / 2)
turn("cluster_mbarrier", "G.barrier", "half an mbarrier round trip of two blocks of a cluster")(
    lambda micro: barrier(micro, "mbarrier round trip, two CTAs of a cluster") / 2)
turn("proxy_fence", "G.barrier", "fence.proxy.async.shared::cta")(
    lambda micro: barrier(micro, "fence.proxy.async.shared::cta"))


def lone_fence(micro, what):
    return micro.only("G.fence", what=what, ctas=1, threads=1, stores_before_each=0).result("cycles")


for name, instruction in (("fence_block", "__threadfence_block"), ("fence_gpu", "__threadfence"),
                          ("fence_system", "__threadfence_system")):
    turn(name, "G.fence", f"{instruction} of one thread, nothing to wait for")(
        lambda micro, what=instruction: lone_fence(micro, what))


@turn("fence_gpu_store", "G.fence", "fence.acq_rel.gpu of one thread after a store")
def fence_gpu_store(micro):
    return micro.only("G.fence", what="fence.acq_rel.gpu", ctas=1, threads=1, stores_before_each=1).result("cycles")


def tile(micro, cluster):
    """Cycles a tile of 16 KiB that the blocks of a lone cluster share, with four stages or more."""
    shared = micro.select("D.multicast", cluster=cluster, multicast=1, clusters=1, stages={4, 8, 12}, working_set=1 << 24)
    return 16384 / median(shared.results("delivered_bytes_per_clk_per_sm"))


@turn("cluster_arrive", "D.multicast",
      "cycles a tile with four blocks less those with one, over the three more arrivals (range: each step)", widest=0.1)
def cluster_arrive(micro):
    one, two, four = (tile(micro, blocks).value for blocks in (1, 2, 4))
    return Spread((four - one) / 3, min(two - one, (four - two) / 2), max(two - one, (four - two) / 2))


@turn("cluster_release", "D.multicast D.burst D.tensor_load_throughput",
      "cycles a tile of a cluster of one, less an arrival, the producer's issue, two waits and a wake", widest=0.05)
def cluster_release(micro):
    producer = sum(micro.given[f"tma.producer_{part}"] for part in ("issue", "wait", "wait", "wake"))
    alone = micro.select("D.multicast", cluster=1, clusters=1, stages={4, 8, 12}, working_set=1 << 24)
    rates = [16384 / r.value for r in alone.results("delivered_bytes_per_clk_per_sm")]
    cycles = Spread(statistics.median(rates), min(rates), max(rates) + 0.01 * max(rates))
    return cycles - cluster_arrive(micro) - producer


@turn("acquire", "G.grid_barrier G.barrier G.fence A.l2_line_latency",
      "grid barrier of one block on a counter in L2, less two barriers of the block, a fence and a load (near to far)",
      widest=0.2)
def acquire(micro):
    counter = micro.only("G.grid_barrier", kind="one L2 counter, red.release + ld.acquire spin", ctas=1, threads=32)
    lines = micro.only("A.l2_line_latency")
    load = Spread(load_latency(micro).value, lines.result("near_mean_cycles").value, lines.result("far_mean_cycles").value)
    return counter.result("cycles") - barrier(micro, "__syncthreads", 32) * 2 - lone_fence(micro, "__threadfence") - load


@turn("far_side", "G.flag_round_trip_L2", "round trips with SMs of the far side less those of the near one", widest=0.1)
def far_side(micro):
    trips = sorted(micro.only("G.flag_round_trip_L2").items[0]["cycles_by_peer"])
    steps = [b - a for a, b in zip(trips, trips[1:])]
    split = steps.index(max(steps)) + 1
    near, far = trips[:split], trips[split:]
    return Spread(statistics.median(far) - statistics.median(near), far[0] - near[-1], far[-1] - near[0])


def block_turn(micro, threads):
    return micro.only("G.cta_rate", block=threads, smem=204800).result("cycles_per_cta_per_sm")


@turn("cta_turn_warp", "G.cta_rate", "one block an SM: blocks of 12 warps less blocks of 4, over 8")
def cta_turn_warp(micro):
    return (block_turn(micro, 384) - block_turn(micro, 128)) / 8


@turn("cta_turn", "G.cta_rate", "one block an SM: blocks of 4 warps less what the warps add")
def cta_turn(micro):
    return block_turn(micro, 128) - cta_turn_warp(micro) * 4


@turn("same_address", "G.atomics", "cycles per sum of a warp into one word, from all SMs")
def same_address(micro):
    sums = micro.only("G.atomics", what="red.u32, one address for all", sms=micro.only("J.device").result("sms").value)
    of_a_thread = sums.items[0].get("sums_of_a_thread", 400)
    return sums.result("cycles") / (of_a_thread * 512 / 32 * sums.parameters("sms")[0])
