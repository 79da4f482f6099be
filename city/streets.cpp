// SPDX-License-Identifier: MIT
#include "streets.hpp"

#include "map/places.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace city {
namespace {

constexpr float room_of_a_car = idm.length + idm.gap_min; ///< metres of lane in a jam

/// Cars of which all fronts fit into a lane. The tail of the last one may stand on the crossing:
/// without it, short roads would let through a car at a time.
std::uint16_t capacity_of(const road& r) {
    return static_cast<std::uint16_t>(
        std::clamp(std::ceil(r.length / room_of_a_car), 1.0f, 65535.0f));
}

/// A road's end at an intersection.
struct road_end {
    double angle = 0; ///< in which it lies
    bool comes_in = false;
    std::uint32_t road = 0;
};

/// Those at an intersection, in their order on the dial (crossing.hpp).
using dial = std::vector<road_end>;

double angle_of(point from, point to) {
    return kay::math::atan2(double{to.y} - from.y, double{to.x} - from.x);
}

std::vector<dial> make_dials(const road_map& map) {
    std::vector<dial> all(map.intersections.size());
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const road& way = map.roads[r];
        const point* course = map.points.data() + way.first_point;
        const point* end = course + way.points - 1;
        all[way.from].push_back({angle_of(course[0], course[1]), false, r});
        all[way.to].push_back({angle_of(end[0], end[-1]), true, r});
    }
    // Where one keeps to the left, the way in comes first.
    const auto before = [&](const road_end& a, const road_end& b) {
        return std::tuple(a.angle, a.comes_in != map.drives_left, a.road) <
               std::tuple(b.angle, b.comes_in != map.drives_left, b.road);
    };
    for (dial& d : all) std::sort(d.begin(), d.end(), before);
    return all;
}

/// Where everybody will be. Ids have to be known both ways, so they are computed: those of one type
/// in one place are given out in order, from slot 0 on.
struct addresses {
    std::vector<std::uint32_t> place; ///< [intersection]
    std::vector<kay::id<Intersection>> intersection;
    std::vector<kay::id<Lane>> lane;

    addresses(const road_map& map, std::uint32_t places)
        : place(spread_over_places(map, places)), intersection(place.size()), lane(map.lanes()) {
        std::vector<std::uint32_t> next(places);
        for (std::size_t i = 0; i < place.size(); ++i)
            intersection[i] = kay::id<Intersection>{kay::raw_id{place[i], 1, next[place[i]]++}};
        std::fill(next.begin(), next.end(), 0);
        for (const road& r : map.roads)
            for (std::uint32_t l = 0; l < r.lanes; ++l)
                lane[r.first_lane + l] =
                    kay::id<Lane>{kay::raw_id{place[r.from], 1, next[place[r.from]]++}};
    }
};

/// `at_start` learns the position of each lane among the exits of the intersection it begins at.
Intersection make_intersection(const road_map& map, const dial& ends, const addresses& known,
                               std::vector<std::uint32_t>& at_start) {
    Intersection made;
    std::uint16_t next = 0;
    for (const road_end& end : ends) {
        const std::uint16_t position = next++;
        const road& way = map.roads[end.road];
        if (end.comes_in) {
            // Roads that come more from east or west have green first.
            const bool first =
                std::abs(kay::math::cos(end.angle)) > std::abs(kay::math::sin(end.angle));
            made.approaches.push_back({end.road, position, first});
            continue;
        }
        const std::uint16_t capacity = capacity_of(way);
        for (std::uint32_t l = 0; l < way.lanes; ++l) {
            at_start[way.first_lane + l] = static_cast<std::uint32_t>(made.exits.size());
            made.exits.push_back(
                {known.lane[way.first_lane + l], end.road, position, capacity, capacity});
        }
    }
    return made;
}

} // namespace

kay::constant<road_starts> build_streets(kay::actor_system& system, const road_map& map,
                                         kay::constant<routes> routes) {
    const std::vector<dial> dials = make_dials(map);
    const addresses known(map, system.places());
    std::vector<std::uint32_t> at_start(map.lanes());
    for (std::size_t i = 0; i < dials.size(); ++i) {
        Intersection made = make_intersection(map, dials[i], known, at_start);
        made.signals = map.intersections[i].signals && made.approaches.size() > 2;
        const auto id = system.spawn<Intersection>(kay::in_place{known.place[i]}, std::move(made));
        KAY_ASSERT(id == known.intersection[i]);
    }
    std::vector<bool> has_doors(map.roads.size());
    for (std::uint32_t r : roads_with_doors(map)) has_doors[r] = true;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const road& way = map.roads[r];
        for (std::uint32_t l = 0; l < way.lanes; ++l) {
            Lane made;
            made.map = routes;
            made.start = known.intersection[way.from];
            made.end = known.intersection[way.to];
            made.road = r;
            made.number = way.first_lane + l;
            made.at_start = at_start[made.number];
            made.length = way.length;
            made.speed_limit = way.speed_limit;
            made.through = !has_doors[r];
            const auto id =
                system.spawn<Lane>(kay::in_place{known.place[way.from]}, std::move(made));
            KAY_ASSERT(id == known.lane[way.first_lane + l]);
        }
    }
    road_starts starts;
    starts.at.reserve(map.roads.size());
    for (const road& r : map.roads) starts.at.push_back(known.intersection[r.from]);
    return system.make_constant(std::move(starts));
}

} // namespace city
