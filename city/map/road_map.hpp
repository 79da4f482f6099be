// SPDX-License-Identifier: MIT
//
// The road map of a city: intersections, and roads between them. A road is a directed stretch from
// one intersection to the next, with one or more lanes; where a street goes both ways there are
// two. Lengths are metres, in a plane around the map's middle; x goes east, y north.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace city {

struct point {
    float x = 0;
    float y = 0;
};

/// From the widest to the narrowest.
enum class road_class : std::uint8_t {
    motorway,
    trunk,
    primary,
    secondary,
    tertiary,
    residential,
    living_street,
};

struct intersection {
    point at;
    bool signals = false;
};

struct road {
    std::uint32_t from = 0; ///< intersections
    std::uint32_t to = 0;
    float length = 0;
    float speed_limit = 0;         ///< metres in a second
    std::uint32_t first_lane = 0;  ///< lanes are numbered through the whole map
    std::uint32_t lanes = 1;       ///< from the left one on
    std::uint32_t first_point = 0; ///< its course, both ends included
    std::uint32_t points = 0;
    std::uint32_t first_turn = 0; ///< roads that may be taken at its end
    std::uint32_t turns = 0;
    road_class kind = road_class::residential;
};

struct road_map {
    std::vector<intersection> intersections;
    std::vector<road> roads;
    std::vector<std::uint32_t> turns; ///< roads
    std::vector<point> points;
    std::string attribution; ///< of the data; empty: nobody has to be named
    double latitude = 0;     ///< of the origin of the plane
    double longitude = 0;

    std::uint32_t lanes() const {
        return roads.empty() ? 0 : roads.back().first_lane + roads.back().lanes;
    }
    double lane_km() const;
};

/// Of a road, in metres.
float length_of(const std::vector<point>& course);

/// A road as a reader finds it, before the map is put together.
struct raw_road {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    float speed_limit = 0;
    std::uint32_t lanes = 1;
    road_class kind = road_class::residential;
    std::uint32_t street = 0; ///< equal for the two directions of one stretch
    std::vector<point> course;
};

/// Puts a map together: keeps the largest part in which every road can be reached from every other,
/// measures lengths (at least shortest_road), numbers lanes and finds turns: any road that begins
/// where another ends, but the way back only where there is no other. `left_out` counts the roads
/// of other parts.
road_map assemble(std::vector<intersection> intersections, std::vector<raw_road> roads,
                  std::size_t& left_out);

inline constexpr float shortest_road = 8;

} // namespace city
