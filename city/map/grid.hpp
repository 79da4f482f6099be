// SPDX-License-Identifier: MIT
//
// The plainest of cities: a grid, for tests and measurements.
#pragma once

#include "road_map.hpp"

#include <cstdint>

namespace city {

/// A grid of rows x columns crossings at a distance in metres. Every fourth street is an arterial
/// of two lanes a direction; where two arterials meet there are signals. The seed shifts the
/// crossings a little, so that no two streets are alike.
road_map make_grid(std::uint32_t rows, std::uint32_t columns, float distance, std::uint64_t seed);

} // namespace city
