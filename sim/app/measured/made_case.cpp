#include "sim/app/measured/made_case.hpp"

#include <algorithm>

namespace tessera::measured {

JsonValue made_shape(const std::vector<std::pair<const char*, std::int64_t>>& extents) {
    JsonValue v = JsonValue::object();
    for (const auto& [key, extent] : extents) { v.set(key, JsonValue::integer(extent)); }
    return v;
}

JsonValue made_launch(const char* name, std::int64_t blocks, std::int64_t threads) {
    JsonValue k = JsonValue::object(), grid = JsonValue::array(), block = JsonValue::array(), all = JsonValue::array();
    for (const std::int64_t n : {blocks, std::int64_t{1}, std::int64_t{1}}) { grid.push(JsonValue::integer(n)); }
    for (const std::int64_t n : {threads, std::int64_t{1}, std::int64_t{1}}) { block.push(JsonValue::integer(n)); }
    k.set("name", JsonValue::string(name));
    k.set("grid", grid);
    k.set("block", block);
    k.set("smem", JsonValue::integer(0));
    all.push(k);
    return all;
}

JsonValue driver_copy(std::int64_t bytes) {
    constexpr std::int64_t per_block = 16384, threads = 256;
    const std::int64_t blocks = std::max<std::int64_t>(1, bytes / per_block);
    JsonValue k = JsonValue::object();
    k.set("family", JsonValue::string("mem_copy"));
    k.set("shape", made_shape({{"bytes", blocks * per_block}}));
    k.set("kernels", made_launch("copy_flat", blocks, threads));
    return k;
}

}  // namespace tessera::measured
