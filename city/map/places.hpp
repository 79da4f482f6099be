// SPDX-License-Identifier: MIT
//
// Which part of a map is in which place of the world.
#pragma once

#include "road_map.hpp"

#include <cstdint>
#include <vector>

namespace city {

/// A place for each intersection: along a Morton curve, so that neighbours are mostly in one place,
/// cut into stretches with equally many lanes.
std::vector<std::uint32_t> spread_over_places(const road_map& map, std::uint32_t places);

} // namespace city
