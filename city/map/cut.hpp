// SPDX-License-Identifier: MIT
//
// From ways of OpenStreetMap to roads: ways are cut where they meet.
#pragma once

#include "osm_data.hpp"
#include "raw_map.hpp"

#include <vector>

namespace city {

/// Metres around an origin: an equirectangular projection, right to a metre in ten kilometres.
struct projection {
    double latitude = 0, longitude = 0;

    point operator()(double latitude, double longitude) const;
};

/// Around the middle of all nodes of streets.
projection around_the_middle(const osm_data& data);

struct cut_counts {
    std::size_t gaps = 0;       ///< nodes that are missing
    std::size_t far_lights = 0; ///< signals far from any crossing: those of a footway
    std::size_t signs = 0;      ///< stop and give-way signs at a crossing
};

/// Requires that the data are sealed. Ways are cut at intersections and where a node is missing,
/// loops half way round. Signals and signs belong to the crossing that they are for: the one in
/// the direction that is tagged, else the nearer one. `intersection_of` becomes the intersection of
/// each node, ~0u where there is none.
raw_map cut_ways(const osm_data& data, const projection& project,
                 std::vector<std::uint32_t>& intersection_of, cut_counts& counts);

} // namespace city
