// SPDX-License-Identifier: MIT
//
// Makes actors of a map: its intersections and its lanes, each knowing those beside it.
#pragma once

#include "map/road_map.hpp"
#include "traffic/actors.hpp"

namespace city {

/// Spawns them into an empty system, in whose places they are spread. Returns where roads begin.
kay::constant<road_starts> build_streets(kay::actor_system& system, const road_map& map,
                                         kay::constant<routes> routes);

} // namespace city
