// SPDX-License-Identifier: MIT
//
// The streets on which most cars have driven.
#pragma once

#include "map/road_map.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace city {

class simulation;

struct busy_street {
    std::uint32_t road = 0;
    std::string name; ///< empty: nobody knows
    std::string kind; ///< class
    point from, to;   ///< metres, in the map's plane
    std::uint32_t lanes = 0;
    std::uint64_t cars = 0; ///< that drove to its end
};

/// So many at most, the most loaded one first, of those that anybody has driven along. Of a street
/// that has a name, where most have driven.
std::vector<busy_street> busiest_streets(const simulation& s, std::size_t most = 10);

} // namespace city
