// SPDX-License-Identifier: MIT
#include "streets.hpp"

#include "map/places.hpp"
#include "routing/order.hpp"
#include "traffic/signals.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace city {
namespace {

constexpr float room_of_a_car = idm.length + idm.gap_min; ///< metres of lane in a jam

/// Cars of which all fronts fit into a lane. The tail of the last one may stand on the crossing:
/// without it, short roads would let through a car at a time.
std::int32_t capacity_of(const road& r) {
    return static_cast<std::int32_t>(
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

/// Which roads at an intersection have their green in the second phase: those that come in more
/// across than along the first one, so that those face to face go together.
std::vector<std::uint32_t> second_phase_of(const dial& ends) {
    std::vector<std::uint32_t> second;
    double first = 0;
    bool is_known = false;
    for (const road_end& end : ends) {
        if (!end.comes_in) continue;
        if (!is_known) {
            first = end.angle;
            is_known = true;
        }
        const double along = std::abs(kay::math::cos(end.angle - first));
        if (along < 0.70710678) second.push_back(end.road);
    }
    return second;
}

/// The ways over each crossing, by the positions of the roads' ends on its dial.
kay::vector<movement> find_ways(const road_map& map, const std::vector<dial>& dials) {
    std::vector<std::uint16_t> in(map.roads.size()), out(map.roads.size());
    for (const dial& d : dials)
        for (std::size_t i = 0; i < d.size(); ++i)
            (d[i].comes_in ? in : out)[d[i].road] = static_cast<std::uint16_t>(i);
    kay::vector<movement> ways;
    ways.reserve(map.turns.size());
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        for (const turn& t : map.turns_of(map.roads[r])) ways.push_back({in[r], out[t.to]});
    return ways;
}

std::uint32_t straight_on(const road_map& map, const road& from) {
    const auto turns = map.turns_of(from);
    const auto through = std::find_if(turns.begin(), turns.end(),
                                      [](const turn& t) { return t.kind == turn_kind::through; });
    return through == turns.end() ? no_road : through->to;
}

std::vector<std::uint32_t> roads_with_doors(const road_map& map) {
    std::vector<std::uint32_t> roads, all;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        all.push_back(r);
        if (may_have_doors(map.roads[r])) roads.push_back(r);
    }
    return roads.empty() ? all : roads;
}

Intersection make_intersection(const road_map& map, std::uint32_t number, const dial& ends) {
    Intersection made;
    made.number = number;
    std::size_t approaches = 0;
    for (const road_end& end : ends) {
        const road& way = map.roads[end.road];
        if (end.comes_in) {
            ++approaches;
            made.right_before_left |=
                way.at_end == right_of_way::equal && !map.intersections[number].roundabout;
        } else {
            for (std::uint32_t l = 0; l < way.lanes; ++l)
                made.exits.push_back({way.first_lane + l, capacity_of(way)});
        }
    }
    made.signals = map.intersections[number].signals && approaches > 1;
    if (made.signals)
        for (const std::uint32_t r : second_phase_of(ends)) made.second_phase.push_back(r);
    // So that those of a street do not all change at once.
    made.offset = static_cast<std::uint32_t>(kay::mix(number + 1) % signal_plan::cycle);
    return made;
}

Lane make_lane(const road_map& map, std::uint32_t number, std::uint32_t index) {
    const road& way = map.roads[number];
    Lane made;
    made.number = way.first_lane + index;
    made.road = number;
    made.index = static_cast<std::uint8_t>(index);
    made.of = static_cast<std::uint8_t>(way.lanes);
    made.must_stop = way.at_end == right_of_way::stop;
    made.asks_early = way.at_end == right_of_way::priority || way.at_end == right_of_way::signals;
    made.capacity = static_cast<std::uint16_t>(capacity_of(way));
    made.length = way.length;
    made.speed_limit = way.speed_limit;
    made.mean_time_s = way.length / way.speed_limit;
    return made;
}

/// What it costs to brake for a turn and to drive on.
std::uint32_t slowing_ms(const road& r, const turn& t) {
    if (t.speed == turn::any_speed) return 0;
    constexpr double brakes = 1.5; // metres in a second, each second
    const double limit = double{r.speed_limit}, slower = limit - t.speed * 0.1;
    if (slower <= 0) return 0;
    return static_cast<std::uint32_t>(1000 * slower * slower / (2 * limit) *
                                      (1 / brakes + 1 / double{idm.acceleration}));
}

} // namespace

std::vector<std::uint32_t> free_turn_costs(const road_map& map) {
    std::vector<std::uint32_t> costs;
    costs.reserve(map.turns.size());
    for (const road& r : map.roads)
        for (const turn& t : map.turns_of(r)) {
            std::uint32_t ms = slowing_ms(r, t);
            if (r.at_end == right_of_way::signals) ms += 10'000;
            if (t.rank != 1 || r.at_end == right_of_way::equal) ms += 1500;
            if (t.rank > 2) ms += 2500;
            costs.push_back(ms);
        }
    return costs;
}

kay::constant<street_net> build_streets(kay::actor_system& system, const road_map& map,
                                        street_net n) {
    const auto net = system.make_constant(street_net{});
    const std::vector<dial> dials = make_dials(map);
    const std::vector<std::uint32_t> place = spread_over_places(map, system.places());
    std::vector<kay::id<Intersection>> crossings; // [intersection]
    for (std::uint32_t i = 0; i < dials.size(); ++i) {
        Intersection made = make_intersection(map, i, dials[i]);
        made.net = net;
        crossings.push_back(system.spawn(kay::in_place{place[i]}, std::move(made)));
    }
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        for (std::uint32_t l = 0; l < map.roads[r].lanes; ++l) {
            Lane made = make_lane(map, r, l);
            made.net = net;
            n.lanes.push_back(
                system.spawn(kay::in_place{place[map.roads[r].from]}, std::move(made)));
            n.road_of.push_back(r);
        }
    n.roads.assign(map.roads.begin(), map.roads.end());
    n.turns.assign(map.turns.begin(), map.turns.end());
    for (const road& r : map.roads) {
        n.straight_on.push_back(straight_on(map, r));
        n.first_turns.push_back(r.first_turn);
        n.starts.push_back(crossings[r.from]);
        n.ends.push_back(crossings[r.to]);
    }
    n.first_turns.push_back(static_cast<std::uint32_t>(map.turns.size()));
    for (const turn& t : map.turns) {
        n.roads_after.push_back(t.to);
        n.lanes_before.push_back(t.from_lanes);
    }
    n.ways = find_ways(map, dials);
    for (const std::uint32_t r : roads_with_doors(map)) n.door_roads.push_back(r);
    for (const door& d : map.doors) n.doors.push_back({d.road, d.position});
    n.drives_left = map.drives_left;
    n.times = system.make_constant(metric{});
    n.order = system.make_constant(contract(map, dissect(map)));
    n.news = system.make_constant(traffic_news{});
    n.measured = system.make_constant(traffic_news{});
    n.setting = system.make_constant(times_setting{});
    n.map = system.make_constant(map);
    system.set_constant(net, std::move(n));
    return net;
}

} // namespace city
