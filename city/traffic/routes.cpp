// SPDX-License-Identifier: MIT
#include "routes.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/random.hpp>

#include <algorithm>
#include <cmath>
#include <queue>

namespace city {
namespace {

constexpr float turn_cost_s = 5;                 ///< of a crossing
constexpr std::uint32_t destinations_min = 64;   ///< where there are as many roads
constexpr std::uint32_t table_bytes = 2'000'000; ///< of the turns to all destinations, about

/// The roads from which each road can be entered, with the position of the turn.
struct way_in {
    std::uint32_t road;
    std::uint8_t turn;
};

std::vector<std::vector<way_in>> ways_in(const road_map& map) {
    std::vector<std::vector<way_in>> before(map.roads.size());
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        for (std::uint32_t t = 0; t < std::min(map.roads[r].turns, 255u); ++t)
            before[map.turns[map.roads[r].first_turn + t].to].push_back(
                {r, static_cast<std::uint8_t>(t)});
    return before;
}

} // namespace

std::vector<std::uint32_t> roads_with_doors(const road_map& map) {
    std::vector<std::uint32_t> all, quiet;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        all.push_back(r);
        if (map.roads[r].kind > road_class::trunk) quiet.push_back(r);
    }
    return quiet.empty() ? all : quiet;
}

routes find_routes(const road_map& map, std::uint64_t seed) {
    const auto count = static_cast<std::uint32_t>(map.roads.size());
    routes made;
    made.roads = count;
    made.first_turns.reserve(count + 1);
    for (const road& r : map.roads) made.first_turns.push_back(r.first_turn);
    made.first_turns.push_back(static_cast<std::uint32_t>(map.turns.size()));
    made.next_roads.reserve(map.turns.size());
    for (const turn& t : map.turns) made.next_roads.push_back(t.to);

    kay::random_stream random(seed, 0x64657374, 0);
    std::vector<std::uint32_t> all = roads_with_doors(map);
    const auto doors = static_cast<std::uint32_t>(all.size());
    const std::uint32_t wanted = std::min(
        doors, std::clamp(table_bytes / std::max(count, 1u), destinations_min, destinations_max));
    for (std::uint32_t i = 0; i < wanted; ++i) {
        std::swap(all[i], all[kay::uniform_int(random, i, doors - 1)]);
        made.destinations.push_back(all[i]);
    }

    const auto before = ways_in(map);
    made.turns.resize(std::size_t{wanted} * count);
    std::vector<float> cost(count);
    using entry = std::pair<float, std::uint32_t>;
    for (std::uint32_t d = 0; d < wanted; ++d) {
        std::fill(cost.begin(), cost.end(), INFINITY);
        std::priority_queue<entry, std::vector<entry>, std::greater<>> open;
        cost[made.destinations[d]] = 0;
        open.push({0.0f, made.destinations[d]});
        while (!open.empty()) {
            const auto [c, r] = open.top();
            open.pop();
            if (c > cost[r]) continue;
            for (const way_in& from : before[r]) {
                const road& f = map.roads[from.road];
                const float through = c + f.length / f.speed_limit + turn_cost_s;
                if (through >= cost[from.road]) continue;
                cost[from.road] = through;
                made.turns[std::size_t{d} * count + from.road] = from.turn;
                open.push({through, from.road});
            }
        }
    }
    return made;
}

} // namespace city
