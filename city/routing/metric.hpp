// SPDX-License-Identifier: MIT
//
// Travel times on a hierarchy: the part of a customizable contraction hierarchy that is made anew
// when the streets get slower or faster (Dibbelt, Strasser, Wagner, ACM JEA 21, 2016, section 7).
// Times are whole milliseconds; sums stop at never, and so nothing overflows.
#pragma once

#include "hierarchy.hpp"

#include <kay/memory/vector.hpp>

#include <cstdint>
#include <vector>

namespace city {

/// As a time: not at all. Twelve days.
inline constexpr std::uint32_t never = (1u << 30) - 1;

/// Of every arc of a hierarchy the least time from where it begins to where it ends over lower
/// nodes. The time of a road counts when it is left, so that the time of a path is that of all its
/// roads but the last, and of the turns between them. May be kept in a kay::constant or in state.
struct metric {
    kay::vector<std::uint32_t> out;         ///< [arc of hierarchy.out] milliseconds, or never
    kay::vector<std::uint32_t> in;          ///< [arc of hierarchy.in]
    kay::vector<std::uint32_t> out_middles; ///< [arc of hierarchy.out] a node on its best path;
    kay::vector<std::uint32_t> in_middles;  ///< no_node where it is a turn, or never taken
};

/// The time of every road of a map when nobody else is there.
std::vector<std::uint32_t> free_travel_times(const road_map& map);

} // namespace city
