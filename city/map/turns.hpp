// SPDX-License-Identifier: MIT
//
// What is worth knowing of the turns of a map: their kinds, their lanes, and who goes first.
#pragma once

#include "raw_map.hpp"
#include "road_map.hpp"

#include <span>

namespace city {

/// Degrees between the end of one course and the start of another, to the left above zero; by 25
/// metres of each, beside the ends, which may be crooked where crossings were joined.
int angle_between(std::span<const point> from, std::span<const point> to);

/// Sets the kind, angle, speed and lanes of every turn and sorts each road's from left to right.
/// `signs` and `marks` are by road; signs make no difference yet.
void find_lanes(road_map& map, const std::vector<lane_marks>& marks);

/// Sets who goes first at the end of each road, and the rank of each turn: by signals; by signs; at
/// a roundabout the ring; by the class of the roads; where roads of one class meet that are no side
/// streets, those which go straight on. What is left is right before left. Requires find_lanes.
void find_right_of_way(road_map& map, const std::vector<right_of_way>& signs);

} // namespace city
