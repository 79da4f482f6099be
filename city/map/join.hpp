// SPDX-License-Identifier: MIT
//
// One crossing is often drawn as several: where a street with two carriageways is crossed, around a
// small roundabout, where two side streets do not quite meet. No car fits between them, so they are
// joined to what they are.
#pragma once

#include "raw_map.hpp"

#include <vector>

namespace city {

/// Roads up to this length, in metres, hold their two ends together, if these are no motorways.
inline constexpr float joint_max = 20;
/// So far, in metres, a joined crossing reaches at most.
inline constexpr float crossing_max = 50;

/// Joins what belongs together, shortest roads first. Roads within a crossing go, others lead on
/// to its middle; what is left of the intersections keeps its order. A map that is one crossing
/// altogether stays as it is.
///
/// Turns that were possible over the roads within stay possible, and no others: the rest becomes
/// banned. Banned routes that are now two roads long become banned turns.
void join_crossings(raw_map& raw);

} // namespace city
