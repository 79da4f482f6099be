// SPDX-License-Identifier: MIT
//
// Maps and demand for SUMO (https://eclipse.dev/sumo), to compare it with us on the same streets.
//
// The network is plain XML, of which netconvert makes a network with its own crossings and signal
// programs: netconvert -c city.netccfg, then sumo -c city.sumocfg. Nodes are called i and the
// number of the intersection, edges r and the number of the road; a road that ends where it begins,
// which SUMO does not know, is two edges: r17 and, from its middle on, r17.2. Coordinates are the
// map's.
#pragma once

#include "demand.hpp"

#include <string>
#include <vector>

namespace city {

/// Writes city.nod.xml, city.edg.xml, city.con.xml and city.netccfg into a directory, which is made
/// if it is not there. Edges are as long as netconvert finds them, crossings cut off; so a route
/// with its crossings is about as long as on the map.
kay::result<void> write_sumo_network(const road_map& map, const std::string& directory);

/// Trips from edge to edge, at their positions.
kay::result<void> write_sumo_trips(const std::vector<planned_trip>& trips, const road_map& map,
                                   const std::string& file);

/// The network, the trips as city.trips.xml and as demand.csv, and a city.sumocfg for both.
kay::result<void> write_sumo_scene(const road_map& map, const std::vector<planned_trip>& trips,
                                   const std::string& directory);

} // namespace city
