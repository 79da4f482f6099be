// SPDX-License-Identifier: MIT
//
// A generated city of any size, the same for the same seed: arterials around districts that differ,
// a river with few bridges, parks; where it is large, a motorway ring and radials. Homes, work,
// shops and schools stand where they would.
#pragma once

#include "grid.hpp"
#include "road_map.hpp"

#include <cstdint>

namespace city {

/// A city that has room for so many people: about twenty-five metres of lane for each, and a
/// village at least. The weights of homes add up to the people, jobs to half as many.
road_map make_metropolis(std::uint64_t people, std::uint64_t seed);

} // namespace city
