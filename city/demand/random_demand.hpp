// SPDX-License-Identifier: MIT
//
// Demand that depends on nothing but the streets: to compare simulators with.
#pragma once

#include "demand.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace city {

/// As the crow flies, in metres.
inline constexpr float random_trip_min = 300;

/// Trips that start evenly over a time, the earliest first. A trip leads from road to road, each
/// with a probability in proportion to its length, from door to door; where a map has no doors,
/// from anywhere at roads that may have some. Its ends are at least random_trip_min apart, or on a
/// map too small for that as far as was found in a hundred tries.
///
/// With more trips those of a smaller number are there again. Requires 0 <= duration_s <=
/// departure_max_s.
std::vector<planned_trip> random_demand(const road_map& map, std::size_t count, double duration_s,
                                        std::uint64_t seed);

} // namespace city
