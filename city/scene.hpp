// SPDX-License-Identifier: MIT
//
// What a run is about: streets, and who drives on them. Read or made as the command line says.
#pragma once

#include "demand/demand.hpp"
#include "map/road_map.hpp"
#include "options.hpp"
#include "simulation.hpp"

#include <kay/core/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace city {

struct scene {
    std::string name; ///< of the map, for people
    road_map map;
    std::vector<planned_trip> trips; ///< of a list; by departure
    bool is_listed = false;          ///< nobody else drives
};

/// Says on standard output what was understood of files and what was left out, a line each.
kay::result<scene> load_scene(const options& o);

/// How its city is to be made.
simulation_options setup_of(const scene& s, const options& o);

/// Trips of the list that begin before the city does are left out, and that is said.
void add_trips(simulation& to, const std::vector<planned_trip>& trips, std::uint64_t seed);

} // namespace city
