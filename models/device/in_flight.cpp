#include "models/device/in_flight.hpp"

#include "models/device/exchange_flow.hpp"
#include "models/device/exchange_roles.hpp"
#include "models/nic/nic.hpp"
#include "models/nvlink/wire.hpp"
#include "models/power/energy.hpp"
#include "sim/base/error.hpp"

#include <string>

namespace tessera {

InFlightRows in_flight_rows(const ExchangeDesc& e, const SystemConfig& system) {
    const bool dispatch = e.kind == ExchangeKind::dispatch;
    const auto require = [](bool holds, const std::string& what) {
        if (!holds) { throw ModelError("exchange in flight: " + what); }
    };
    require(dispatch || e.kind == ExchangeKind::combine, "neither a dispatch nor a combine");
    require(e.ranks > 1 && e.ranks_per_node > 0, "needs at least two ranks");
    require(e.ranks <= e.ranks_per_node || e.ranks % e.ranks_per_node == 0,
            std::to_string(e.ranks) + " ranks do not fill nodes of " + std::to_string(e.ranks_per_node));
    require(e.tokens > 0 && e.unique_tokens > 0 && e.ranks_per_token > 0, "nothing to send");
    const FabricHelp help = fabric_help(system);
    InFlightRows r;
    if (help.direct_forward && e.ranks > e.ranks_per_node) {
        const ExchangeFlow f = exchange_flow(e, help.nv_switch, help.in_network_reduce);
        return {f.nic_out, f.nic_in, f.nvlink_out, f.nvlink_in};
    }
    const double away = static_cast<double>(e.ranks - 1) / e.ranks;
    const double own = static_cast<double>(e.tokens) * e.ranks_per_token * away;
    const double others = static_cast<double>(e.unique_tokens) * away;
    const bool one_node = e.ranks <= e.ranks_per_node;
    (one_node ? r.nvlink_out : r.nic_out) = dispatch ? own : others;
    (one_node ? r.nvlink_in : r.nic_in) = dispatch ? others : own;
    return r;
}

KernelResult in_flight(const ExchangeDesc& e, const SystemConfig& system, Frequency clock) {
    const InFlightRows rows = in_flight_rows(e, system);
    const auto size = [&e](double n) { return rows_to_bytes(n, e.bytes_per_token); };
    KernelResult r;
    r.traffic.nic_out = size(rows.nic_out);
    r.traffic.nic_in = size(rows.nic_in);
    r.traffic.nvlink_out = size(rows.nvlink_out);
    r.traffic.nvlink_in = size(rows.nvlink_in);
    const NicParams nic = nic_params(system.nic);
    const Time on_nic = nic_rows_time(nic, r.traffic.nic_out, r.traffic.nic_in, Time::zero());
    WireLoad load;
    load.written_out = r.traffic.nvlink_out;
    load.written_in = r.traffic.nvlink_in;
    const Time on_links = wire_time(wire_params(system.nvlink), load, WireUser::copy_engine);
    const Time latency = rows.nic_out > 0 ? nic.latency : system.nvlink.order.flag;
    const Time pace = max(on_nic, on_links);
    r.time = pace + latency;
    r.limiter = on_nic > on_links ? Limiter::nic : Limiter::nvlink;
    r.traffic.hbm_read = r.traffic.nic_out + r.traffic.nvlink_out;
    r.traffic.hbm_write = r.traffic.nic_in + r.traffic.nvlink_in;
    EnergyWork work;
    work.traffic = r.traffic;
    r.energy = energy_of(work, system.power, clock);
    r.clock_bound = 0;
    r.waves = 1;
    r.shares = {{on_nic > on_links ? "NIC" : "NVLink", pace}, {"latency", latency}};
    return r;
}

}  // namespace tessera
