// SPDX-License-Identifier: MIT
//
// Makes actors of a map: its intersections and its lanes, each knowing those beside it.
#pragma once

#include "map/road_map.hpp"
#include "traffic/actors.hpp"

#include <cstdint>
#include <vector>

namespace city {

/// Spawns them into a system, in whose places they are spread, and makes what they look up: what is
/// known already, and all of the map. Travel times are not set (travel_times.hpp).
kay::constant<street_net> build_streets(kay::actor_system& system, const road_map& map,
                                        street_net known);

/// What a turn costs when nobody else is there, in milliseconds: signals, and giving way.
std::vector<std::uint32_t> free_turn_costs(const road_map& map);

} // namespace city
