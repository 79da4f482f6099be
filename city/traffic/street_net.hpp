// SPDX-License-Identifier: MIT
//
// What every actor of the city may look up: the road map in dense arrays, the ids of those who
// stand for its parts, and where the ways over each crossing lie. A constant, made once.
#pragma once

#include "../map/road_map.hpp"
#include "../routing/metric.hpp"
#include "crossing.hpp"

#include <kay/kay.hpp>

#include <cstdint>
#include <span>

namespace city {

struct Lane;
struct Intersection;
struct Person;

/// When the travel times were last measured.
struct traffic_news {
    std::uint32_t turn = 0;
};

struct street_net {
    kay::vector<road> roads;
    kay::vector<turn> turns;
    kay::vector<movement> ways;                   ///< [turn] over its crossing
    kay::vector<std::uint32_t> road_of;           ///< [lane]
    kay::vector<kay::id<Lane>> lanes;             ///< [lane]
    kay::vector<kay::id<Intersection>> crossings; ///< [intersection]
    kay::vector<std::uint32_t> door_roads;        ///< at which people live and stop
    kay::constant<hierarchy> order;               ///< for routing
    kay::constant<metric> times;                  ///< travel times; set anew every few minutes
    kay::constant<traffic_news> news;
    bool drives_left = false;

    std::span<const turn> turns_of(const road& r) const {
        return {turns.data() + r.first_turn, r.turns};
    }
};

/// Turns of a day, and in a second.
inline constexpr std::uint32_t turns_per_second = 10;
inline constexpr float step_s = 0.1f;

} // namespace city
