// SPDX-License-Identifier: MIT
#include "road_map.hpp"

#include <kay/core/math.hpp>

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

std::string_view road_map::name_of(std::uint32_t road) const {
    return road < road_names.size() ? names[road_names[road]].view() : std::string_view();
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

point point_at(const road_map& map, std::uint32_t road, float position) {
    const struct road& r = map.roads[road];
    const auto course = map.course_of(r);
    if (course.empty()) return map.intersections[r.from].at;
    const auto metres = [&](std::size_t i) {
        const double dx = double{course[i + 1].x} - double{course[i].x},
                     dy = double{course[i + 1].y} - double{course[i].y};
        return kay::math::sqrt(dx * dx + dy * dy);
    };
    // A road may be said to be longer than its course is.
    double all = 0;
    for (std::size_t i = 0; i + 1 < course.size(); ++i) all += metres(i);
    double left = r.length > 0 ? double{position} / double{r.length} * all : 0;
    for (std::size_t i = 0; i + 1 < course.size(); ++i) {
        const double step = metres(i);
        if (left <= step && step > 0) {
            const double part = std::max(left, 0.0) / step;
            const point a = course[i], b = course[i + 1];
            return {static_cast<float>(double{a.x} + (double{b.x} - double{a.x}) * part),
                    static_cast<float>(double{a.y} + (double{b.y} - double{a.y}) * part)};
        }
        left -= step;
    }
    return course.back();
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
    map.doors.assign(doors.begin(), doors.end());
}

} // namespace city
