"""What a kernel costs beside its work."""

import statistics

from .constant import constant
from .spread import Spread, median


@constant("launch.kernel_gap", "ns", "G.kernel_gap",
          "last block's end to the next kernel's first block, stream launches of 10 us each (shorter ones wait for the "
          "host), less launch.kernel_latency of the config")
def kernel_gap(micro):
    gaps = [s.value for s in micro.select("G.kernel_gap", how="stream", pdl=0, spin_cycles=20000).results("ns")]
    return Spread(statistics.median(gaps), min(gaps), max(gaps)) - micro.given["launch.kernel_latency"]


@constant("launch.kernel_latency", "ns", "structures.json G.fence",
          "empty kernel of one block in a profiler, among other kernels (range: alone), less launch.drain")
def kernel_latency(micro):
    us = micro.record("structures.json", "nop_1")["us"]
    return Spread(us["sequence"], us["hot"], us["sequence"]) * 1000 - drain(micro).value


@constant("launch.drain", "ns", "G.fence", "__threadfence after a store of one thread, nothing else running")
def drain(micro):
    return median(micro.select("G.fence", what="__threadfence", ctas=1, threads=1, stores_before_each={1, 8}).results("ns"))


def flush(micro, ctas):
    return Spread(micro.only("G.fence", what="fence.acq_rel.sys", ctas=ctas, threads=256).result("ns").value)


@constant("launch.flush_one", "ns", "G.fence", "fence.acq_rel.sys, one SM with 256 threads after a store each")
def flush_one(micro):
    return flush(micro, 1)


@constant("launch.flush_all", "ns", "G.fence", "fence.acq_rel.sys, every SM with 256 threads after a store each")
def flush_all(micro):
    return flush(micro, micro.only("J.device").result("sms").value)


def gap(micro, how, dependent):
    gaps = micro.select("G.kernel_gap", how=how, pdl=dependent, spin_cycles=20000).results("ns")
    return median(Spread(g.value) for g in gaps)


constant("launch.spread", "ns", "G.kernel_gap", "start_skew_ns of kernels of 10 us, the largest (the timer steps by 32 ns)")(
    lambda micro: Spread(max(s.high for s in micro.select("G.kernel_gap", pdl=0, spin_cycles=20000)
                             .results("start_skew_ns"))))
constant("launch.graph_gap", "ns", "G.kernel_gap", "kernels of 10 us in a graph (the timer steps by 256 ns)")(
    lambda micro: gap(micro, "graph", 0))
constant("launch.dependent_gap", "ns", "G.kernel_gap", "kernels of 10 us on a stream, programmatic launch")(
    lambda micro: gap(micro, "stream", 1))
constant("launch.dependent_graph_gap", "ns", "G.kernel_gap", "kernels of 10 us in a graph, programmatic launch")(
    lambda micro: gap(micro, "graph", 1))
