// SPDX-License-Identifier: MIT
//
// The road map of a city: intersections, roads between them, the turns from road to road, and the
// doors along them. A road is a directed stretch from one intersection to the next, with one or
// more lanes; where a street goes both ways there are two. Lengths are metres, in a plane around
// the map's middle; x goes east, y north. Lanes are counted from the left one on.
//
// Everything is dense arrays that refer to each other by number: a road has its lanes, points,
// turns and doors as a first one and a count, in the order of the roads. A map is a value that can
// be a constant of a world.
#pragma once

#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>

#include <cstdint>
#include <span>
#include <string_view>
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

/// Who goes first where a road ends.
enum class right_of_way : std::uint8_t {
    equal,    ///< right before left
    priority, ///< the main road, or the ring of a roundabout
    give_way,
    stop,
    signals,
};

enum class turn_kind : std::uint8_t { left, through, right, back };

struct intersection {
    point at;
    bool signals = false;
    bool roundabout = false; ///< a small one, as a whole: who is in it goes first
};

struct road {
    std::uint32_t from = 0; ///< intersections
    std::uint32_t to = 0;
    float length = 0;
    float speed_limit = 0;         ///< metres in a second
    std::uint32_t first_lane = 0;  ///< lanes are numbered through the whole map
    std::uint32_t lanes = 1;       ///< from the left one on; at most 8
    std::uint32_t first_point = 0; ///< its course, both ends included
    std::uint32_t points = 0;
    std::uint32_t first_turn = 0; ///< roads that may be taken at its end, from left to right
    std::uint32_t turns = 0;
    std::uint32_t first_door = 0; ///< by their position
    std::uint32_t doors = 0;
    road_class kind = road_class::residential;
    right_of_way at_end = right_of_way::equal;
    bool link = false;             ///< a ramp or slip road
    bool ring = false;             ///< of a roundabout
    bool destination_only = false; ///< for trips that begin or end here
};

/// From a road into another. Every lane of a road has a turn; a turn has lanes of both.
struct turn {
    std::uint32_t to = 0;        ///< road
    std::int16_t angle = 0;      ///< degrees, to the left above zero
    std::uint8_t from_lanes = 0; ///< one bit a lane, the lowest for the left one
    std::uint8_t to_lanes = 0;
    turn_kind kind = turn_kind::through;
    /// Of the four ranks of traffic streams (Highway Capacity Manual, two-way stop control): a
    /// stream gives way to those of lower numbers that cut its way. 1: through and near-side turns
    /// of a road with priority; 2: its far-side turns, near-side turns from the side; 3: through
    /// from the side; 4: far-side turns from there. At signals 1, and 2 for far-side turns. 0: all
    /// are equal, right before left.
    std::uint8_t rank = 0;
    std::uint8_t speed = any_speed; ///< at most, decimetres in a second

    static constexpr std::uint8_t any_speed = 255; ///< as the roads have it
};

/// The lanes to which one lane of a turn leads, a bit each: the first to the first and so on, or as
/// many for each.
std::uint8_t lanes_into(const turn& t, std::uint32_t lane);

enum class door_kind : std::uint8_t { home, work, shop, school };

/// Where people go in and out, at the side of a road.
struct door {
    std::uint32_t road = 0;
    float position = 0; ///< metres from the road's start
    float weight = 0;   ///< people who live there, jobs, visitors a day or pupils
    door_kind kind = door_kind::home;
};

/// What a road was in the data that the map is made of.
struct road_origin {
    std::int64_t way = 0;
    bool backward = false;  ///< against the order of the way's nodes
    std::uint16_t part = 0; ///< of those between crossings, in that order; both directions alike
};

/// What lay within a crossing and is no road: the nearest one is the first that begins there.
struct inner_origin {
    road_origin origin;
    std::uint32_t road = 0;
};

struct road_map {
    kay::vector<intersection> intersections;
    kay::vector<road> roads;
    kay::vector<turn> turns; ///< by road
    kay::vector<point> points;
    kay::vector<door> doors;          ///< by road
    kay::vector<road_origin> origins; ///< [road]; empty for a generated map
    kay::vector<inner_origin> inner_origins;
    kay::vector<kay::string> names;        ///< of streets
    kay::vector<std::uint32_t> road_names; ///< [road] in `names`; empty for a generated map
    kay::string attribution;               ///< of the data; empty: nobody has to be named
    double latitude = 0;                   ///< of the origin of the plane
    double longitude = 0;
    bool drives_left = false;

    std::uint32_t lanes() const {
        return roads.empty() ? 0 : roads.back().first_lane + roads.back().lanes;
    }
    double lane_km() const;
    /// What a road is called; empty: nobody knows.
    std::string_view name_of(std::uint32_t road) const;
    std::span<const turn> turns_of(const road& r) const {
        return {turns.data() + r.first_turn, r.turns};
    }
    std::span<const point> course_of(const road& r) const {
        return {points.data() + r.first_point, r.points};
    }
    std::span<const door> doors_of(const road& r) const {
        return {doors.data() + r.first_door, r.doors};
    }
};

/// Whether houses stand at a road: not at motorways, trunk roads, ramps and roundabouts.
inline bool may_have_doors(const road& r) {
    return r.kind > road_class::trunk && !r.link && !r.ring;
}

/// Of a road: so many can be told apart by who drives.
inline constexpr std::uint32_t turns_max = 30;

inline constexpr float shortest_road = 8; ///< metres; a road's length is never less

/// Of a course, in metres.
float length_of(std::span<const point> course);

/// The point of a road so many metres from its start, on its course, which may be drawn out: a road
/// can be longer than it is drawn. The same bits everywhere for the same map.
point point_at(const road_map& map, std::uint32_t road, float position);
inline point place_of(const road_map& map, const door& d) {
    return point_at(map, d.road, d.position);
}

/// Sorts doors by road and position and makes them the map's.
void set_doors(road_map& map, std::vector<door> doors);

} // namespace city
