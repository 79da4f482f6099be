// SPDX-License-Identifier: MIT
#include "road_map.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

namespace city {

float length_of(std::span<const point> course) {
    double sum = 0;
    for (std::size_t i = 1; i < course.size(); ++i)
        sum += std::hypot(double{course[i].x} - course[i - 1].x,
                          double{course[i].y} - course[i - 1].y);
    return static_cast<float>(sum);
}

double road_map::lane_km() const {
    double metres = 0;
    for (const road& r : roads) metres += double{r.length} * r.lanes;
    return metres / 1000;
}

std::uint8_t lanes_into(const turn& t, std::uint32_t lane) {
    const unsigned below = t.from_lanes & ((1u << lane) - 1);
    const int position = std::popcount(below), from = std::popcount(unsigned{t.from_lanes}),
              to = std::popcount(unsigned{t.to_lanes});
    const int first = std::min(position * to / from, to - 1),
              end = std::max(first + 1, (position + 1) * to / from);
    unsigned found = 0;
    int seen = 0;
    for (unsigned bit = 1; bit <= t.to_lanes; bit <<= 1) {
        if (!(t.to_lanes & bit)) continue;
        if (seen >= first && seen < end) found |= bit;
        ++seen;
    }
    return static_cast<std::uint8_t>(found);
}

void set_doors(road_map& map, std::vector<door> doors) {
    std::sort(doors.begin(), doors.end(), [](const door& a, const door& b) {
        return std::tie(a.road, a.position, a.kind, a.weight) <
               std::tie(b.road, b.position, b.kind, b.weight);
    });
    std::uint32_t next = 0;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        map.roads[r].first_door = next;
        while (next < doors.size() && doors[next].road == r) ++next;
        map.roads[r].doors = next - map.roads[r].first_door;
    }
    map.doors = std::move(doors);
}

} // namespace city
