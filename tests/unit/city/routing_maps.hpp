// SPDX-License-Identifier: MIT
//
// What the tests of routing share: maps of any shape, and Dijkstra's algorithm to compare with.
#pragma once

#include "city/map/road_map.hpp"
#include "city/routing/query.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace city_test {

/// Times of roads and costs of turns, in milliseconds.
struct costs {
    std::vector<std::uint32_t> roads;
    std::vector<std::uint32_t> turns;
};

/// A map whose roads have the turns given, whether or not they meet there.
inline city::road_map map_with_turns(const std::vector<std::vector<std::uint32_t>>& turns) {
    city::road_map map;
    for (const auto& of_road : turns) {
        city::road r;
        r.first_turn = static_cast<std::uint32_t>(map.turns.size());
        r.turns = static_cast<std::uint32_t>(of_road.size());
        r.length = 10;
        r.speed_limit = 10;
        for (const std::uint32_t to : of_road) map.turns.push_back({.to = to});
        map.roads.push_back(r);
    }
    return map;
}

/// What a turn and the road before it cost together.
inline std::uint32_t turn_time(const costs& c, std::uint32_t road, std::uint32_t turn) {
    return std::min(std::min(c.roads[road], city::never) + std::min(c.turns[turn], city::never),
                    city::never);
}

/// The least times from a road to every other, city::never where there is no way.
inline std::vector<std::uint32_t> dijkstra(const city::road_map& map, const costs& c,
                                           std::uint32_t from) {
    std::vector<std::uint32_t> times(map.roads.size(), city::never);
    using entry = std::pair<std::uint32_t, std::uint32_t>;
    std::priority_queue<entry, std::vector<entry>, std::greater<>> open;
    times[from] = 0;
    open.push({0, from});
    while (!open.empty()) {
        const auto [time, r] = open.top();
        open.pop();
        if (time > times[r]) continue;
        for (std::uint32_t t = 0; t < map.roads[r].turns; ++t) {
            const std::uint32_t turn = map.roads[r].first_turn + t, next = map.turns[turn].to;
            const std::uint32_t there = std::min(time + turn_time(c, r, turn), city::never);
            if (there >= times[next]) continue;
            times[next] = there;
            open.push({there, next});
        }
    }
    return times;
}

/// What a way costs, by the cheapest turn from each road to the next; city::never when a turn is
/// missing.
inline std::uint32_t time_of(const city::road_map& map, const costs& c,
                             std::span<const std::uint32_t> roads) {
    std::uint32_t sum = 0;
    for (std::size_t i = 1; i < roads.size(); ++i) {
        const city::road& r = map.roads[roads[i - 1]];
        std::uint32_t least = city::never;
        for (std::uint32_t turn = r.first_turn; turn < r.first_turn + r.turns; ++turn)
            if (map.turns[turn].to == roads[i])
                least = std::min(least, turn_time(c, roads[i - 1], turn));
        sum = std::min(sum + least, city::never);
    }
    return sum;
}

} // namespace city_test
