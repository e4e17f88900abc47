#include "models/hbm/hbm.hpp"

#include "sim/base/error.hpp"
#include "sim/engine/sc_time.hpp"

#include <algorithm>

namespace tessera {

namespace {

Time bus_time(std::int64_t bytes, double fs_per_byte) {
    return femtoseconds(static_cast<std::int64_t>(static_cast<double>(bytes) * fs_per_byte + 0.5));
}

}  // namespace

Hbm::Hbm(sc_core::sc_module_name name, const HbmConfig& config)
    : sc_module(name), socket("socket"), params_(hbm_params(config)) {
    socket.bind(*this);
    channels_.resize(static_cast<std::size_t>(params_.channels));
    banks_.resize(channels_.size() * static_cast<std::size_t>(params_.banks));
}

void Hbm::reset(Time now) {
    begin_ = now;
    stats_ = HbmStats{};
    std::fill(banks_.begin(), banks_.end(), Bank{now, no_row});
    for (int n = 0; n < params_.channels; ++n) {
        Channel& c = channels_[static_cast<std::size_t>(n)];
        c.bus = now;
        c.refresh = now + first_refresh(n, params_);
        c.pending_writes = c.scattered = 0;
        c.writing = false;
    }
}

double Hbm::utilization(Time now) const {
    const double elapsed = static_cast<double>((now - begin_).raw()) * params_.channels;
    return elapsed > 0 ? static_cast<double>(stats_.bus_busy.raw()) / elapsed : 0.0;
}

Time Hbm::after_refresh(Channel& c, Time t) const {
    const Time past = t - c.refresh;
    if (past >= params_.refresh_interval) {
        const std::int64_t windows = past.raw() / params_.refresh_interval.raw();
        c.refresh += femtoseconds(windows * params_.refresh_interval.raw());
    }
    return max(t, c.refresh + params_.refresh_time);
}

Hbm::Bank& Hbm::bank_of(int channel, std::uint64_t row) {
    const auto banks = static_cast<std::uint64_t>(params_.banks);
    const bool power_of_two = (banks & (banks - 1)) == 0;
    return banks_[static_cast<std::uint64_t>(channel) * banks + (power_of_two ? row & (banks - 1) : row % banks)];
}

Time Hbm::visit(int channel, std::uint64_t row, Time service, Time when) {
    Channel& c = channels_[static_cast<std::size_t>(channel)];
    Bank& bank = bank_of(channel, row);
    Time open = when;
    if (bank.row != row) {
        open = max(when, bank.free);
        bank.free = open + params_.row_cycle;
        bank.row = row;
    }
    const Time start = after_refresh(c, max(c.bus, when));
    if (c.writing) {
        c.writing = false;
        service += params_.turnaround;
        ++stats_.turnarounds;
    }
    stats_.bus_waited += start - when;
    stats_.bus_busy += service;
    ++stats_.visits;
    c.bus = start + service;
    // A visit that waits for its bank lets others pass on the bus.
    return max(c.bus, open + service);
}

Time Hbm::drain_writes(int channel, Time when) {
    Channel& c = channels_[static_cast<std::size_t>(channel)];
    const Time start = after_refresh(c, max(c.bus, when));
    Time service = bus_time(c.pending_writes, params_.fs_per_byte);
    service += params_.row_cycle * (static_cast<double>(c.scattered) / static_cast<double>(c.pending_writes));
    if (!c.writing) {
        c.writing = true;
        service += params_.turnaround;
        ++stats_.turnarounds;
    }
    c.pending_writes = c.scattered = 0;
    c.bus = start + service;
    stats_.bus_busy += service;
    return c.bus;
}

void Hbm::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    HbmAccess* access = payload.get_extension<HbmAccess>();
    const auto bytes = static_cast<std::int64_t>(payload.get_data_length());
    const std::int64_t run = access != nullptr ? access->run.raw() : 0;
    const double ratio = access != nullptr ? access->near_memory_ratio : 1.0;
    const Time base = from_sc_time(sc_core::sc_time_stamp());
    const Time when = base + from_sc_time(delay);
    const std::int64_t bus_bytes = burst_bytes(bytes, run, params_.burst);
    const std::int64_t units = std::max<std::int64_t>(1, (bytes + params_.interleave - 1) / params_.interleave);
    const std::int64_t share = (bus_bytes + units - 1) / units;
    const double core_ratio = access != nullptr ? access->core_ratio : 1.0;
    const double service = service_ratio(ratio, core_ratio, params_);
    const double pairs = access != nullptr && access->paired ? params_.paired : 1.0;
    const Time read_time = bus_time(share, params_.fs_per_byte * service * pairs);
    const auto write_share = static_cast<std::int64_t>(static_cast<double>(share) * service + 0.5);
    const bool write = payload.is_write();
    const std::int64_t timed_units = access != nullptr && !access->timed ? 0 : units;
    Time done = when;
    // Where stores scatter runs, L2 writes back together what lies together.
    const bool gathered = write && access != nullptr && access->scattered;
    const std::int64_t piece = gathered || run <= 0 ? hbm_chunk : piece_bytes(run, access->pitch.raw());
    HbmUnit unit(payload.get_address() / static_cast<std::uint64_t>(params_.interleave), piece, params_);
    for (std::int64_t u = 0; u < timed_units; ++u, unit.next()) {
        if (!write) {
            done = max(done, visit(unit.channel(), unit.row(), read_time, when));
        } else {
            Channel& c = channels_[static_cast<std::size_t>(unit.channel())];
            c.pending_writes += write_share;
            if (access != nullptr && access->scattered) { c.scattered += write_share; }
            done = max(done, c.pending_writes >= params_.write_batch ? drain_writes(unit.channel(), when) : c.bus);
        }
    }
    const auto pins = static_cast<std::int64_t>(static_cast<double>(bus_bytes) * ratio + 0.5);
    stats_.core += tessera::bytes(static_cast<std::int64_t>(static_cast<double>(bus_bytes) * core_ratio + 0.5));
    if (write) {
        stats_.write_pins += tessera::bytes(pins);
    } else {
        stats_.read_pins += tessera::bytes(pins);
        done += params_.latency + slowest_line(bytes, params_);
        if (ratio != 1.0) { done += params_.cast_latency; }
    }
    if (access != nullptr) { access->pin_bytes = tessera::bytes(pins); }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    delay = to_sc_time(done - base);
}

tlm::tlm_sync_enum Hbm::nb_transport_fw(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& /*phase*/,
                                        sc_core::sc_time& /*delay*/) {
    throw InternalError("HBM speaks the loosely timed protocol only");
}

bool Hbm::get_direct_mem_ptr(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_dmi& /*dmi*/) { return false; }

unsigned Hbm::transport_dbg(tlm::tlm_generic_payload& /*payload*/) { return 0; }

}  // namespace tessera
