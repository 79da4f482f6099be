// SPDX-License-Identifier: MIT
//
// Finds roads by the way of the data that they were.
#pragma once

#include "road_map.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace city {

/// The origins of a map's roads, sorted. Immutable; a copy of what it needs.
class origin_index {
public:
    struct entry {
        std::int64_t way = 0;
        bool backward = false;
        std::uint16_t part = 0;
        std::uint32_t road = 0;
        bool is_inner = false; ///< lay within the crossing where the road begins
    };

    explicit origin_index(const road_map& map);

    /// The roads of one direction of a way, by their parts; empty if there is none.
    std::span<const entry> of(std::int64_t way, bool backward) const&;
    std::span<const entry> of(std::int64_t way, bool backward) const&& = delete;
    /// The last part of a way, in either direction. Requires that there is one.
    std::uint16_t last_part(std::int64_t way) const;

private:
    std::vector<entry> all_; ///< by way, direction, part
};

} // namespace city
