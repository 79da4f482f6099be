// SPDX-License-Identifier: MIT
//
// What every actor of the city may look up: the road map in dense arrays, the ids of those who
// stand for its parts, and where the ways over each crossing lie. A constant, made once.
#pragma once

#include "../map/road_map.hpp"
#include "../people/day_plan.hpp"
#include "../routing/metric.hpp"
#include "crossing.hpp"
#include "step.hpp"

#include <kay/kay.hpp>

#include <cstdint>
#include <span>

namespace city {

struct Lane;
struct Intersection;
struct Person;
struct TripLog;

/// How long it takes to drive along a road.
struct road_time {
    std::uint32_t now_ms = 0;
    std::uint32_t before_ms = 0; ///< when it was measured the time before
};

/// Turns from one measurement of the travel times to the next: five minutes.
inline constexpr std::uint32_t news_every = 3000;

/// What the last measurement found.
struct traffic_news {
    std::uint32_t turn = 0;
    kay::vector<road_time> roads;
};

/// What it takes to make travel times of news.
struct times_setting {
    kay::vector<std::uint32_t> turn_costs; ///< [turn of the map] milliseconds, nobody else there
    std::uint64_t work = 0;                ///< of the whole; customization.hpp
};

/// Where a door is.
struct door_place {
    std::uint32_t road = 0;
    float position = 0; ///< metres from its start
};

inline constexpr std::uint32_t no_road = ~0u;

struct street_net {
    kay::vector<road> roads;
    kay::vector<turn> turns;
    kay::vector<std::uint32_t> straight_on;    ///< [road] what comes after it, or no_road
    kay::vector<std::uint32_t> first_turns;    ///< [road] and where the last one's end
    kay::vector<std::uint32_t> roads_after;    ///< [turn] the road that it leads into
    kay::vector<std::uint8_t> lanes_before;    ///< [turn] from which it may be taken, a bit each
    kay::vector<movement> ways;                ///< [turn] over its crossing
    kay::vector<std::uint32_t> road_of;        ///< [lane]
    kay::vector<kay::id<Lane>> lanes;          ///< [lane]
    kay::vector<kay::id<Intersection>> starts; ///< [road] the crossing at its start
    kay::vector<kay::id<Intersection>> ends;   ///< [road] the crossing at its end
    kay::vector<std::uint32_t> door_roads;     ///< at which people live and stop
    kay::constant<hierarchy> order;            ///< for routing
    kay::constant<metric> times;               ///< travel times; set anew every few minutes
    kay::constant<traffic_news> news;          ///< of which `times` were made
    kay::constant<traffic_news> measured;      ///< of which the next ones are being made, or `news`
    kay::constant<times_setting> setting;      ///< how they are made
    kay::constant<road_map> map;               ///< all of it, for people
    kay::vector<door_place> doors;             ///< [door of the map]
    kay::vector<kay::id<TripLog>> logs;        ///< [place]
    std::uint64_t seed = 0;
    habits usual;
    std::uint32_t start_s = 0; ///< when the first turn begins, seconds since midnight
    float rest_s = 2400;       ///< of the restless between two trips, on the average
    bool drives_left = false;
    kay::string name; ///< of the map

    std::span<const turn> turns_of(const road& r) const {
        return {turns.data() + r.first_turn, r.turns};
    }
    // What is asked for all the time, without going through roads and turns themselves: those are
    // far away in memory.

    /// Where the turns of a road lead.
    std::span<const std::uint32_t> after(std::uint32_t road) const {
        const std::uint32_t* const first = first_turns.data() + road;
        return {roads_after.data() + first[0], first[1] - first[0]};
    }
    /// The lanes from which a turn of a road may be taken, a bit each.
    std::uint8_t lanes_for(std::uint32_t road, std::uint32_t turn) const {
        return lanes_before.data()[first_turns.data()[road] + turn];
    }
};

} // namespace city
