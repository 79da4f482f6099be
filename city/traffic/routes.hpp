// SPDX-License-Identifier: MIT
//
// Which way to go. Made once, before the first turn; after that everybody only reads it.
#pragma once

#include "../map/road_map.hpp"

#include <kay/memory/vector.hpp>

#include <cstdint>
#include <vector>

namespace city {

/// Which turn to take from each road to come to each destination, by travel time on free roads.
/// Immutable; made when the world is built.
struct routes {
    kay::vector<std::uint32_t> destinations; ///< roads
    kay::vector<std::uint8_t> turns;       ///< [destination][road]: position among the road's turns
    kay::vector<std::uint32_t> next_roads; ///< [road's first turn + turn]
    kay::vector<std::uint32_t> first_turns; ///< [road], and where the last one's end
    std::uint32_t roads = 0;

    std::uint32_t next(std::uint32_t destination, std::uint32_t road) const {
        return next_roads[first_turns[road] + turns[std::size_t{destination} * roads + road]];
    }
    /// One of the roads that may be taken after a road, by a random number.
    std::uint32_t any_turn(std::uint32_t road, std::uint32_t random) const {
        const std::uint32_t first = first_turns[road];
        return next_roads[first + random % (first_turns[road + 1] - first)];
    }
};

/// The roads at which people live, stop and have something to do: all but motorways and trunk
/// roads, unless the map has nothing else.
std::vector<std::uint32_t> roads_with_doors(const road_map& map);

/// For every destination the turn to take from each road, by Dijkstra's algorithm from the
/// destination backwards, over travel times on free roads. The destinations are random roads with
/// doors, as many as are worth their memory: up to destinations_max, fewer in a large map.
routes find_routes(const road_map& map, std::uint64_t seed);

inline constexpr std::uint32_t destinations_max = 512;

} // namespace city
