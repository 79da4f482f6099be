// SPDX-License-Identifier: MIT
//
// The doors of a map: from buildings where the data has them, else from the use of the ground, else
// from the length of the streets.
#pragma once

#include "cut.hpp"
#include "osm_data.hpp"
#include "road_map.hpp"

#include <string>

namespace city {

struct door_counts {
    std::size_t buildings = 0;    ///< that gave a door, points of interest included
    std::size_t too_far = 0;      ///< from any road
    std::size_t from_streets = 0; ///< doors
};

/// Sets the doors of a map that was made of the data.
door_counts find_doors(road_map& map, const osm_data& data, const projection& project);

/// Doors along the streets alone: homes everywhere, work and shops at the wider ones. For each
/// kilometre of a direction of a residential street about as many people as in a suburb.
void set_doors_by_length(road_map& map);

/// Adds doors along the streets of every kind of which the map has none with a weight; so that
/// afterwards there is somebody's home, work, shop and school on any map with a road. Along the
/// streets that may have doors, or all where none may. Invalidates the numbers of doors.
void add_missing_doors(road_map& map);

/// "12,000 homes ...", a line.
std::string told_of(const road_map& map, const door_counts& counts);

} // namespace city
