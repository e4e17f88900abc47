"""NVLink: from nvlink_2gpu.json, which another program measured between two GPUs; its lists are taken for items."""

from .constant import constant
from .items import Items
from .spread import Spread, median

FILE = "nvlink_2gpu.json"
LINE = 128  # bytes of payload in a packet
LONG = 1 << 28


def link(micro, name, **parameters):
    """The entries of list `name`, "B.load_latency", with these parameters."""
    section, entries = name.split(".")
    lists = micro.files.get(FILE, {}).get("sections", {}).get(section, {})
    return Items([{**entry, "id": name} for entry in lists.get(entries, [])]).select(name, **parameters)


def ns(path, formula):
    return constant(path, "ns", FILE, formula)


@constant("nvlink.wire.links", "", FILE, "A.gpu: nvlinks_up")
def links(micro):
    return link(micro, "A.gpu").result("nvlinks_up")


def overhead(micro, rate):
    """Bytes beside each 128 of payload, by which a stream stays below the links."""
    return micro.given["nvlink.per_direction"] / rate * LINE - LINE


def long_streams(micro, method):
    rates = link(micro, "C.uni1", method=method, sms=range(16, 133), bytes=LONG, mode="stream").results("gbps")
    return overhead(micro, Spread(median(rates).value, min(r.value for r in rates), max(r.value for r in rates)))


@constant("nvlink.wire.load_overhead", "B", FILE, "C.uni1: 128 B at the links' rate over that of bulk loads of 256 MiB, 16 SMs "
          "and more, less 128 B")
def load_overhead(micro):
    return long_streams(micro, "tma_pull")


@constant("nvlink.wire.store_overhead", "B", FILE, "C.uni1: likewise of bulk stores", widest=0.1)
def store_overhead(micro):
    return long_streams(micro, "tma_push")


@constant("nvlink.wire.engine_overhead", "B", FILE, "D.bandwidth: likewise of copy engines, by what 192 MiB more take longer")
def engine_overhead(micro):
    short, long = (link(micro, "D.bandwidth", what="uni1 push", bytes=size, api="cudaMemcpyPeerAsync").result("ns")
                   for size in (LONG // 4, LONG))
    return overhead(micro, 0.75 * LONG / (long - short))


@ns("nvlink.order.load_trip", "B.load_latency: a line in the peer's L2 less one in the own")
def load_trip(micro):
    remote = median(link(micro, "B.load_latency", set="l2_1MiB", remote=1).results("ns"))
    return remote - link(micro, "B.load_latency", set="l2_1MiB", remote=0).result("ns")


def without_fence(micro, threads, remote):
    return link(micro, "B.fence_cost", fence="none", threads=threads, stores16B_before=1, remote=remote).result("ns_per_turn")


def fence(micro, kind, threads, stores, remote):
    """A fence after `stores` stores of each thread, less the loop that has none."""
    cost = link(micro, "B.fence_cost", fence=kind, threads=threads, stores16B_before=stores, remote=remote)
    return cost.result("ns_per_turn") - (without_fence(micro, threads, remote) if stores else 0)


ns("nvlink.order.store_trip", "B.fence_cost: fence.sys after a store to the peer, less the loop without fence")(
    lambda micro: fence(micro, "sys", 1, 1, 1))
ns("nvlink.order.sync_turn", "B.fence_cost: the loop of one thread and one store without fence")(
    lambda micro: without_fence(micro, 1, 0))
ns("nvlink.order.flag", "B.pingpong: a flag alone, one way")(
    lambda micro: link(micro, "B.pingpong", mode=0, payload_bytes=0).result("one_way_ns"))

for scope in ("gpu", "sys"):
    for suffix, count in (("", 1), ("_block", 1024)):
        place, who = f"nvlink.order.fence_{scope}{suffix}", f"B.fence_cost: fence.{scope} of {count} threads"
        ns(f"{place}.idle", f"{who} without stores")(
            lambda micro, s=scope, c=count: fence(micro, s, c, 0, 0))
        ns(f"{place}.stores", f"{who} after a store each to own memory, less the loop without fence")(
            lambda micro, s=scope, c=count: fence(micro, s, c, 1, 0))
        ns(f"{place}.peer_stores", f"{who} after a store each to the peer, less the loop without fence")(
            lambda micro, s=scope, c=count: fence(micro, s, c, 1, 1))


def cycles(path, name, formula, **parameters):
    constant(path, "clk", FILE, f"{name}: {formula}")(
        lambda micro: median(link(micro, name, **parameters).results("cycles")))


cycles("nvlink.order.l1_trip", "B.load_latency", "a line in L1", set="l1_16KiB_ld_ca", remote=0)
cycles("nvlink.order.l1_peer", "B.load_latency", "a line of the peer in L1", set="l1_16KiB_ld_ca", remote=1)
cycles("nvlink.order.atomic", "B.atomic_latency", "dependent sums in own memory", remote=0)


@constant("nvlink.copy_engine.count", "", FILE, "A.gpu: copy_engines")
def copy_engines(micro):
    return link(micro, "A.gpu").result("copy_engines")


ns("nvlink.copy_engine.trigger_device", "D.kernel_triggered: no bytes, flags in GPU memory")(
    lambda micro: link(micro, "D.kernel_triggered", bytes=0, flags_in="GPU memory").result("ns"))
ns("nvlink.copy_engine.trigger_host", "D.kernel_triggered: no bytes, flags in host memory")(
    lambda micro: link(micro, "D.kernel_triggered", bytes=0, flags_in="pinned host memory").result("ns"))
