#include "models/l2/l2.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sc_time.hpp"

#include <algorithm>
#include <cmath>

namespace tessera {

namespace {

Bytes usable(const L2Config& c) {
    if (c.capacity.raw() <= 0 || c.bandwidth.raw() <= 0 || c.write_bandwidth.raw() <= 0 ||
        c.cross_partition.raw() <= 0 || c.sm_port_read.raw() <= 0 || c.sm_port_write.raw() <= 0 ||
        c.sector.raw() <= 0 || c.usable <= 0) {
        throw ModelError("L2 cannot be modelled: capacity, sector and every bandwidth under /l2 must be positive");
    }
    return c.capacity * c.usable;
}

constexpr int kHalves = 2;  // of the network, if there is more than one GPC

// Time of `bytes` at the share of `all` that each of those who have work takes; `limit` (0: none) of its own.
double cycles_at(double bytes, double all, int busy, double limit) {
    const double share = all / std::max(1, busy);
    return bytes / (limit > 0 ? std::min(limit, share) : share);
}

}  // namespace

std::int64_t sector_bytes(std::int64_t bytes, std::int64_t run, std::int64_t sector) {
    if (run <= 0 || run >= bytes) { return (bytes + sector - 1) / sector * sector; }
    const std::int64_t runs = (bytes + run - 1) / run;
    return runs * ((run + sector - 1) / sector * sector);
}

L2::L2(sc_core::sc_module_name name, const L2Config& config, const SmConfig& sm, Bandwidth memory, Frequency network)
    : sc_module(name),
      port("port"),
      hbm("hbm"),
      config_(config),
      memory_(memory),
      network_(network),
      residency_(usable(config), std::min(config.partitions, 2)),
      blocks_(sm_places(sm.count, sm.gpcs, sm.lone_tpcs)),
      lone_tpcs_(sm.lone_tpcs),
      same_address_(sm.sync.same_address) {
    port.bind(*this);
    hbm.bind(*this);
    read_ports_.resize(static_cast<std::size_t>(sm.count));
    missed_.resize(static_cast<std::size_t>(sm.count));
    write_ports_.resize(static_cast<std::size_t>(sm.count));
    gpcs_.resize(static_cast<std::size_t>(sm.gpcs));
    halves_.resize(sm.gpcs > 1 ? kHalves : 1);
    for (SmPlace& p : blocks_) {
        p.half %= static_cast<int>(halves_.size());
        p.side %= std::min(config.partitions, 2);
        Gpc& g = gpcs_[static_cast<std::size_t>(p.gpc)];
        g.half = p.half;
        g.cpc.resize(std::max(g.cpc.size(), static_cast<std::size_t>(p.cpc) + 1));
    }
    places_ = blocks_;
    payload_.set_extension(&access_);
}

// The payload would delete its extension, which is a member here.
L2::~L2() { payload_.clear_extension(&access_); }

void L2::reset(Time now, const Clock& clock) {
    clock_ = clock;
    places_ = blocks_;
    residency_.reset();
    for (Server& s : read_ports_) { s.reset(now); }
    for (Server& s : write_ports_) { s.reset(now); }
    std::fill(missed_.begin(), missed_.end(), Time::zero());
    for (Gpc& g : gpcs_) {
        g.read.reset(now);
        g.write.reset(now);
        g.fetch.reset(now);
        g.fetching = 0;
        for (Server& c : g.cpc) { c.reset(now); }
    }
    for (Server& h : halves_) { h.reset(now); }
    fetches_.assign(places_.size(), false);
    slices_.reset(now);
    sectors_.reset(now);
    link_.reset(now);
    near_ = clock_.time(config_.latency_near);
    far_ = clock_.time(config_.latency_far);
    copy_ = clock_.time(config_.latency_copy);
    const double adders =
        config_.reduce_width.raw() > 0 ? to_double(config_.line) / to_double(config_.reduce_width) : 0.0;
    sum_ = clock_.time(same_address_.raw() * adders);
    window_ = clock_.time(config_.coalescing_window);
    posted_ = clock_.time(config_.latency_far);
    write_slack_ = clock_.time(config_.capacity * config_.write_queue, config_.write_bandwidth);
    eviction_slack_ = clock_.time(config_.capacity * config_.eviction_queue, config_.write_bandwidth);
    for (std::vector<Time>& region : summed_) { region.clear(); }
    for (std::vector<Time>& region : ahead_) { region.clear(); }
    dirty_due_ = 0;
    stats_ = L2Stats{};
}

L2Stats L2::stats() const {
    L2Stats s = stats_;
    s.slice_busy += slices_.busy();
    s.slice_waited += slices_.waited();
    s.link_busy += link_.busy();
    s.link_waited += link_.waited();
    for (std::size_t i = 0; i < read_ports_.size(); ++i) {
        s.port_busy += read_ports_[i].busy() + write_ports_[i].busy();
        s.port_waited += read_ports_[i].waited() + write_ports_[i].waited();
    }
    return s;
}

bool L2::resident(RegionId region, std::int64_t block) const { return residency_.resident(region, block); }

int L2::place_clusters(int size) {
    const ClusterPlaces clusters = cluster_places(blocks_, size, lone_tpcs_);
    places_ = clusters.places;
    return clusters.clusters;
}

RegionId L2::map(const MemoryRegion& region) { return residency_.map(region); }

MemoryReply L2::access(const MemoryRequest& request, Time when) {
    const MemoryRegion& region = residency_.region(request.region);
    const std::int64_t bytes = request.bytes.raw() > 0 ? request.bytes.raw() : region.block_bytes.raw();
    const std::int64_t sectors = sector_bytes(bytes, region.run.raw(), config_.sector.raw());
    stats_.sectors += tessera::bytes(sectors);
    return request.op == MemoryOp::read ? read(request, bytes, sectors, when) : store(request, bytes, sectors, when);
}

void L2::account(const MemoryRequest& request, int repeat, Time when) {
    const MemoryRegion& region = residency_.region(request.region);
    const std::int64_t bytes = request.bytes.raw() > 0 ? request.bytes.raw() : region.block_bytes.raw();
    const bool is_read = request.op == MemoryOp::read;
    const bool hit =
        is_read ? residency_.touch(request.region, request.block, when, place(request.sm).side, request.bytes).hit
                : residency_.write(request.region, request.block, when, request.bytes).hit;
    stats_.hits += repeat - (hit ? 0 : 1);
    stats_.misses += hit ? 0 : 1;
    stats_.sectors += tessera::bytes(sector_bytes(bytes, region.run.raw(), config_.sector.raw()) * repeat);
    (is_read ? stats_.read : stats_.write) += tessera::bytes(bytes * repeat);
    if (is_read) { stats_.delivered += tessera::bytes(bytes * request.multicast * repeat); }
    access_.timed = false;
    Bytes pins{};
    const bool fetches = is_read || !request.full_overwrite || request.op == MemoryOp::reduce;
    if (!hit && is_read) {
        fetch_missing(request, bytes, when, pins);
    } else if (!hit && fetches) {
        fetch(request, bytes, false, when, pins);
    }
    const bool evicts = region.dirty_evictions > 0;
    if (is_read && !(evicts && !hit)) {
        access_.timed = true;
        return;
    }
    const std::int64_t all = is_read ? bytes : bytes * repeat;
    const std::int64_t out = evicts ? pushed_out(region, all) : all;
    if (out > 0) { fetch(request, out, true, when, pins); }
    access_.timed = true;
}

Time L2::fetch(const MemoryRequest& request, std::int64_t bytes, bool write, Time when, Bytes& pins, int lines) {
    const MemoryRegion& region = residency_.region(request.region);
    payload_.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload_.set_address(residency_.address(request.region, request.block));
    payload_.set_data_length(static_cast<unsigned>(bytes));
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    access_.run = region.run * lines;
    access_.pitch = region.pitch;
    access_.scattered = region.scattered;
    access_.paired = region.paired;
    access_.near_memory_ratio = region.near_memory_ratio;
    access_.core_ratio = region.core_ratio;
    access_.pin_bytes = tessera::bytes(bytes);
    const Time base = from_sc_time(sc_core::sc_time_stamp());
    sc_core::sc_time delay = to_sc_time(when - base);
    hbm->b_transport(payload_, delay);
    invariant(payload_.is_response_ok(), "the HBM model refused an access");
    pins += access_.pin_bytes;
    return base + from_sc_time(delay);
}

// Lines that are fetched in pairs come together: the one that is asked for first waits for both.
Time L2::fetch_missing(const MemoryRequest& request, std::int64_t bytes, Time when, Bytes& pins) {
    const MemoryRegion& region = residency_.region(request.region);
    if (region.pair_row < 2) { return fetch(request, bytes, false, when, pins); }
    const auto at = static_cast<std::size_t>(request.region);
    if (ahead_.size() <= at) { ahead_.resize(at + 1); }
    std::vector<Time>& ahead = ahead_[at];
    if (ahead.empty()) { ahead.assign(static_cast<std::size_t>(region.blocks), Time::zero()); }
    Time& mine = ahead[static_cast<std::size_t>(request.block)];
    if (mine > Time::zero()) {
        const Time there = max(when, mine);
        mine = Time::zero();
        return there;
    }
    const std::int64_t place = request.block % region.pair_row;
    const std::int64_t other = request.block + (place % 2 == 0 ? 1 : -1);
    const bool alone = place % 2 == 0 && place + 1 == region.pair_row;
    if (alone || residency_.resident(request.region, other)) { return fetch(request, bytes, false, when, pins); }
    MemoryRequest both = request;
    both.block = std::min(request.block, other);
    const Time there = fetch(both, 2 * bytes, false, when, pins, 2);
    ahead[static_cast<std::size_t>(other)] = there;
    return there;
}

// Bytes written back when `bytes` of new lines of a region come: whole lines, what is left over waits for the next.
std::int64_t L2::pushed_out(const MemoryRegion& region, std::int64_t bytes) {
    dirty_due_ += static_cast<double>(bytes) * region.dirty_evictions;
    const auto lines = static_cast<std::int64_t>(dirty_due_ / to_double(config_.line));
    dirty_due_ -= static_cast<double>(lines) * to_double(config_.line);
    return lines * config_.line.raw();
}

Time L2::pass_read(int sm, double bytes, bool merged, Time when) {
    if (config_.gpc_read.raw() <= 0) { return when; }
    const BytesPerCycle rate = merged && config_.gpc_broadcast.raw() > 0 ? config_.gpc_broadcast : config_.gpc_read;
    return gpcs_[static_cast<std::size_t>(place(sm).gpc)].read.serve(when, network_.time(bytes / rate.raw()));
}

// Halves that both wait for HBM share what it gives evenly, the GPCs of a half in part.
Time L2::pass_fetch(int sm, double bytes, Time when) {
    if (config_.half_fetch.raw() <= 0) { return when; }
    const auto mine = static_cast<std::size_t>(place(sm).half);
    int busy = 1;
    for (std::size_t h = 0; h < halves_.size(); ++h) { busy += h != mine && halves_[h].free() > when ? 1 : 0; }
    const double rate = busy > 1 ? std::min(config_.half_fetch.raw(), memory_.raw() / busy) : config_.half_fetch.raw();
    Gpc& gpc = gpcs_[static_cast<std::size_t>(place(sm).gpc)];
    if (!fetches_[static_cast<std::size_t>(sm)]) {
        fetches_[static_cast<std::size_t>(sm)] = true;
        ++gpc.fetching;
    }
    const bool idle = halves_[mine].free() <= when;  // nobody waits: who took more than its share owes nothing
    int turns = 0, sms = 0;
    for (Gpc& g : gpcs_) {
        if (g.half != gpc.half) { continue; }
        if (idle) { g.fetch.reset(when); }
        if (g.fetch.free() <= when && &g != &gpc) { continue; }
        ++turns;
        sms += g.fetching;
    }
    const double by_sms = config_.fetched_by_sms;
    const double share = (1 - by_sms) / turns + by_sms * gpc.fetching / sms;
    const double fs = bytes * 1e15 / rate;
    const Time own = gpc.fetch.serve(when, femtoseconds(static_cast<std::int64_t>(fs / share + 0.5)));
    const Time all = halves_[mine].serve(when, femtoseconds(static_cast<std::int64_t>(fs + 0.5)));
    // Turns matter where more waits than the memory's own queues hold; of that, as much again may come and overtake.
    const Time waiting = all - when;
    return waiting > config_.fetch_queue ? max(all, min(own, all + waiting)) : all;
}

// A half's stores are taken from its GPCs in turn, those of a GPC from its CPCs in turn.
Time L2::pass_write(int sm, double bytes, Time when) {
    const SmPlace& at = place(sm);
    Gpc& gpc = gpcs_[static_cast<std::size_t>(at.gpc)];
    Server& cpc = gpc.cpc[static_cast<std::size_t>(at.cpc)];
    int busy = gpc.write.free() > when ? 0 : 1;
    for (const Gpc& g : gpcs_) { busy += g.half == at.half && g.write.free() > when ? 1 : 0; }
    const double half = config_.write_bandwidth.raw() / static_cast<double>(halves_.size());
    const double cycles = cycles_at(bytes, half, busy, 0);
    Time end = gpc.write.serve(when, clock_.time(cycles));
    if (config_.cpc_write.raw() > 0) {
        end = max(end, cpc.serve(when, network_.time(bytes / config_.cpc_write.raw())));
    }
    return end;
}

// Sectors that the slices look up: half of what is new to this side comes through the slices of the other.
Time L2::look_up(const MemoryRequest& request, double bytes, const L2Residency::Touch& touch, Time when) {
    if (config_.slices <= 0 || config_.slice_lookup.raw() <= 0) { return when; }
    const double copied = residency_.partitions() > 1 ? std::max(touch.remote, touch.missing / 2) : 0.0;
    const double outside = request.outside * to_double(config_.outside_row);
    const double cycles = (bytes * (1 + copied) + outside) / (config_.slice_lookup.raw() * config_.slices);
    return sectors_.serve(when, clock_.time(cycles)) + near_;
}

MemoryReply L2::read(const MemoryRequest& request, std::int64_t bytes, std::int64_t sectors, Time when) {
    MemoryReply reply;
    const L2Residency::Touch touch =
        residency_.touch(request.region, request.block, when, place(request.sm).side, request.bytes);
    reply.hit = touch.hit;
    const double moved = static_cast<double>(sectors);
    stats_.read += tessera::bytes(bytes);
    stats_.delivered += tessera::bytes(bytes * request.multicast);
    // Half of the lines of any block belong to the other partition; a single line is near or far, one as often as the
    // other.
    const double half = moved / 2;
    const bool line = sectors <= config_.line.raw();
    Time done = when + (line ? (near_ + far_) / 2.0 : far_);
    const Time missed = missed_[static_cast<std::size_t>(request.sm)];
    const bool in_step = missed == Time::zero() || when - missed > config_.drift_window;
    const bool second = touch.reads <= 1;  // finds the line on its way
    const Time since = when - touch.last_use;
    const bool near_in_time =
        touch.hit && touch.last_use > Time::zero() && since <= (second ? max(window_, config_.drift_window) : window_);
    const bool merged = near_in_time && request.multicast == 1;
    // Of its sectors, looked up for this read alone.
    const double own = !merged ? 1.0 : in_step || second ? 0.0 : config_.apart;
    if (merged) { ++stats_.merged; }
    if (own > 0) {
        done = max(done, slices_.serve(when, clock_.time(moved * own / config_.bandwidth.raw())) + near_);
        done = max(done, look_up(request, moved * own, touch, when));
        const Time crossed = link_.serve(when, clock_.time(half * own / config_.cross_partition.raw()));
        if (!line) { done = max(done, crossed + far_); }
    }
    if (touch.remote > 0) { done += line ? copy_ * touch.remote : copy_; }
    touch.hit ? ++stats_.hits : ++stats_.misses;
    if (!touch.hit) {
        for (int i = 0; i < request.multicast; ++i) { missed_[static_cast<std::size_t>(request.sm + i)] = when; }
        const auto absent = static_cast<std::int64_t>(static_cast<double>(bytes) * touch.missing + 0.5);
        done = max(done, fetch_missing(request, absent, when + near_, reply.from_hbm));
        done = max(done, pass_fetch(request.sm, moved * touch.missing, when) + near_);
        const MemoryRegion& region = residency_.region(request.region);
        if (region.dirty_evictions > 0) {
            const std::int64_t out = pushed_out(region, absent);
            if (out > 0) { fetch(request, out, true, when + near_, reply.from_hbm); }
        }
    }
    done = max(done, pass_read(request.sm, moved, merged, when) + near_);
    const Time transfer = clock_.time(moved / config_.sm_port_read.raw());
    for (int i = 0; i < request.multicast; ++i) {
        Server& sm_port = read_ports_[static_cast<std::size_t>(request.sm + i)];
        const Time end = sm_port.serve(when, transfer);
        if (i == 0) { reply.accepted = end; }
        done = max(done, end + near_);
    }
    reply.done = reply.settled = done;
    return reply;
}

// When the lines of a block, each with an adder's time for every sum, have taken this one too.
Time L2::same_lines(const MemoryRequest& request, Time when) {
    const auto region = static_cast<std::size_t>(request.region), block = static_cast<std::size_t>(request.block);
    if (summed_.size() <= region) { summed_.resize(region + 1); }
    std::vector<Time>& free = summed_[region];
    if (free.empty()) { free.assign(static_cast<std::size_t>(residency_.region(request.region).blocks), when); }
    return free[block] = max(free[block], when) + sum_;
}

MemoryReply L2::store(const MemoryRequest& request, std::int64_t bytes, std::int64_t sectors, Time when) {
    MemoryReply reply;
    const L2Residency::Written written = residency_.write(request.region, request.block, when, request.bytes);
    reply.hit = written.hit;
    written.hit ? ++stats_.hits : ++stats_.misses;
    const double moved = static_cast<double>(sectors);
    stats_.write += tessera::bytes(bytes);
    Time ready = when;
    const bool fetch_first = !written.hit && (!request.full_overwrite || request.op == MemoryOp::reduce);
    if (fetch_first) { ready = fetch(request, bytes, false, when + near_, reply.from_hbm); }
    const bool sum = request.op == MemoryOp::reduce;
    // A slice takes a store request in the time of a line, however little of the line it carries.
    const double carried = to_double(residency_.region(request.region).store_request);
    const double requests = carried > 0 ? std::max(1.0, to_double(config_.line) / carried) : 1.0;
    const double port_bytes = sum ? config_.reduce_cost * moved : moved, slice_bytes = port_bytes * requests;
    Server& sm_port = write_ports_[static_cast<std::size_t>(request.sm)];
    reply.accepted = sm_port.serve(when, clock_.time(port_bytes / config_.sm_port_write.raw()));
    Time done = max(reply.accepted, pass_write(request.sm, port_bytes, when)) + near_;
    done = max(done, slices_.serve(when, clock_.time(slice_bytes / config_.write_bandwidth.raw())) + near_);
    done = max(done, link_.serve(when, clock_.time(moved / 2 / config_.cross_partition.raw())) + far_);
    done = max(done, ready);
    if (sum && sum_ > Time::zero()) { done = max(done, same_lines(request, when) + near_); }
    // Sums that meet in L2 go to HBM once. The bus is reserved now, so that the write does not block reads until the
    // fetched half of a sum is `ready`.
    if (!(sum && written.hit) && !written.dirty) {
        const MemoryRegion& region = residency_.region(request.region);
        const bool evicts = region.dirty_evictions > 0;
        const std::int64_t out = evicts ? pushed_out(region, bytes) : bytes;
        const Time drained = out > 0 ? fetch(request, out, true, when + near_, reply.from_hbm) : when;
        done = max(done, drained - (evicts ? eviction_slack_ : write_slack_));
        reply.settled = drained;
    }
    // Stores are posted until the buffers on their way are full.
    reply.accepted = max(reply.accepted, done - near_ - posted_);
    reply.done = done;
    reply.settled = max(reply.settled, done);
    return reply;
}

tlm::tlm_sync_enum L2::nb_transport_bw(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& /*phase*/,
                                       sc_core::sc_time& /*delay*/) {
    throw InternalError("L2 speaks the loosely timed protocol only");
}

void L2::invalidate_direct_mem_ptr(sc_dt::uint64 /*first*/, sc_dt::uint64 /*last*/) {}

}  // namespace tessera
