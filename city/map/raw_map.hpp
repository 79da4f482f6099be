// SPDX-License-Identifier: MIT
//
// A map as a reader finds it, and how it is put together.
#pragma once

#include "lane_tags.hpp"
#include "road_map.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace city {

struct raw_road {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    float speed_limit = 0;
    std::uint32_t lanes = 1;
    road_class kind = road_class::residential;
    std::uint32_t street = 0; ///< equal for the two directions of one stretch
    std::vector<point> course;
    bool link = false;
    bool ring = false;
    bool destination_only = false;
    right_of_way sign = right_of_way::equal; ///< at its end; equal where none stands there
    lane_marks marks{};
    std::int64_t way = 0;   ///< of the data; zero: generated
    bool backward = false;  ///< against the way
    std::uint16_t part = 0; ///< of the way, in its order
};

/// From a road into a road.
using raw_turn = std::pair<std::uint32_t, std::uint32_t>;

/// A road that went when crossings were joined.
struct raw_inner_road {
    std::int64_t way = 0;
    bool backward = false;
    std::uint16_t part = 0;
    std::uint32_t intersection = 0; ///< within which it lies
};

struct raw_map {
    std::vector<intersection> intersections;
    std::vector<raw_road> roads;
    std::vector<raw_turn> banned_turns;                    ///< sorted
    std::vector<std::vector<std::uint32_t>> banned_routes; ///< over three roads and more, in a row
    std::vector<raw_inner_road> inner_roads;
    bool drives_left = false;
};

/// What became of a raw map.
struct assembly_counts {
    std::vector<std::uint32_t> origins; ///< [road]: the number of the raw road that it was
    std::size_t left_out = 0;           ///< roads that are not in the largest part
    std::size_t banned_turns = 0;       ///< that are in force
    std::size_t banned_routes = 0;      ///< that could not be told by turns
    std::size_t turns_over = 0;         ///< that a road has beyond turns_max
};

/// Whether a road is the way back of another.
inline bool is_way_back(const raw_road& there, const raw_road& back) {
    return there.street == back.street && there.to == back.from && there.from == back.to &&
           &there != &back;
}

/// Puts a map together: finds the turns, keeps the largest part in which every road can be reached
/// from every other by them, measures lengths (at least shortest_road) and numbers lanes.
///
/// A turn leads into any road that begins where another ends, if it is not banned; back only
/// where there is no other way, or where the map would fall apart without. Of a road with more than
/// turns_max the last ones are left out.
road_map assemble(raw_map raw, assembly_counts& counts);
road_map assemble(std::vector<intersection> intersections, std::vector<raw_road> roads,
                  std::size_t& left_out);

} // namespace city
