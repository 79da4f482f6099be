// SPDX-License-Identifier: MIT
//
// A generated city: a grid of blocks with arterials every few streets, of any size, the same for
// the same seed.
#pragma once

#include "road_map.hpp"

#include <cstdint>

namespace city {

/// A grid of rows x columns crossings at a distance in metres. Every fourth street is an arterial
/// of two lanes a direction; where two arterials meet there are signals. The seed shifts the
/// crossings a little, so that no two streets are alike.
road_map make_grid(std::uint32_t rows, std::uint32_t columns, float distance, std::uint64_t seed);

/// A grid that has room for so many people: about twenty-five metres of lane for each, and some at
/// least.
road_map make_metropolis(std::uint64_t people, std::uint64_t seed);

} // namespace city
