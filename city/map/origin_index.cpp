// SPDX-License-Identifier: MIT
#include "origin_index.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>
#include <tuple>

namespace city {

origin_index::origin_index(const road_map& map) {
    for (std::uint32_t r = 0; r < map.origins.size(); ++r) {
        const road_origin& o = map.origins[r];
        all_.push_back({o.way, o.backward, o.part, r, false});
    }
    for (const inner_origin& i : map.inner_origins)
        all_.push_back({i.origin.way, i.origin.backward, i.origin.part, i.road, true});
    std::sort(all_.begin(), all_.end(), [](const entry& a, const entry& b) {
        return std::tie(a.way, a.backward, a.part, a.road) <
               std::tie(b.way, b.backward, b.part, b.road);
    });
}

std::span<const origin_index::entry> origin_index::of(std::int64_t way, bool backward) const& {
    const auto key = std::pair(way, backward);
    const auto first =
        std::lower_bound(all_.begin(), all_.end(), key, [](const entry& e, const auto& k) {
            return std::pair(e.way, e.backward) < k;
        });
    const auto end = std::upper_bound(first, all_.end(), key, [](const auto& k, const entry& e) {
        return k < std::pair(e.way, e.backward);
    });
    return {first, end};
}

std::uint16_t origin_index::last_part(std::int64_t way) const {
    const auto there = of(way, false), back = of(way, true);
    KAY_ASSERT(!there.empty() || !back.empty());
    return std::max<std::uint16_t>(there.empty() ? 0 : there.back().part,
                                   back.empty() ? 0 : back.back().part);
}

} // namespace city
