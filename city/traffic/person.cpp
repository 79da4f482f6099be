// SPDX-License-Identifier: MIT
#include "../routing/query.hpp"
#include "actors.hpp"

#include <algorithm>

namespace city {
namespace {

constexpr double mean_rest_s = 2400; ///< between two trips

} // namespace

kay::turns rest_of_a_person(kay::random_stream& random) {
    const double rest_s = kay::exponential(random, 1 / mean_rest_s);
    return kay::turns{static_cast<std::uint64_t>(rest_s * 10) + 10};
}

/// Until the next trip.
void Person::rest(kay::world& w) {
    if (has_plan) {
        if (plan.empty()) return;
        const std::uint64_t then = std::max<std::uint64_t>(plan.back().departure, w.turn() + 1);
        w.after(kay::turns{then - w.turn()}, w.id_of(*this), Wake{});
        return;
    }
    auto random = w.random();
    w.after(rest_of_a_person(random), w.id_of(*this), Wake{});
}

void Person::on(const Wake&, kay::world& w) {
    const street_net& n = w[net];
    if (has_plan) {
        to = plan.back().to;
        stop_at = plan.back().stop_at;
        plan.pop_back();
    } else {
        auto random = w.random();
        const auto roads = static_cast<std::uint32_t>(n.door_roads.size());
        to = n.door_roads[kay::uniform_int(random, 0u, roads - 1)];
        stop_at = static_cast<float>(kay::uniform_real(random, 0.1, 0.9)) * n.roads[to].length;
        wanted = static_cast<float>(kay::uniform_real(random, 0.85, 1.15));
    }
    if (!find_way(road, position, n, w)) return rest(w);
    depart(n, w);
}

void Person::depart(const street_net& n, kay::world& w) {
    away = true;
    departure = static_cast<std::uint32_t>(w.turn());
    car c;
    c.driver = w.id_of(*this);
    c.way = next_directions(0);
    c.position =
        std::clamp(position, std::min(5.0f, n.roads[road].length / 2), n.roads[road].length - 1);
    c.wanted = wanted;
    c.stop_at = stop_at;
    // From the side of the road, but where there is little room to change lanes, into a right one.
    const struct road& r = n.roads[road];
    std::uint32_t lane = n.drives_left ? 0 : r.lanes - 1;
    if (r.length - c.position < 150 && !c.way.arrives_here()) {
        const std::uint8_t right_ones = n.turns[r.first_turn + c.way.turn()].from_lanes;
        while (!(right_ones >> lane & 1)) lane = n.drives_left ? lane + 1 : lane - 1;
    }
    w.send(n.lanes[r.first_lane + lane], Depart{c});
}

/// Looks for the fastest way from a point; false if there is none.
bool Person::find_way(std::uint32_t from, float at, const street_net& n, kay::world& w) {
    thread_local query_scratch scratch;
    turns.clear();
    next_turn = 0;
    planned = static_cast<std::uint32_t>(w.turn());
    const hierarchy& order = w[n.order];
    const metric& times = w[n.times];
    std::span<const std::uint32_t> roads;
    if (from != to) {
        roads = find_route(order, times, from, to, scratch).roads;
        if (roads.empty()) return false;
    } else if (at > stop_at) {
        roads = find_way_round(order, times, n.turns_of(n.roads[from]), from, scratch).roads;
        if (roads.empty()) return false;
    }
    for (std::size_t i = 0; i + 1 < roads.size(); ++i) {
        const std::span<const turn> out = n.turns_of(n.roads[roads[i]]);
        const auto taken = std::find_if(out.begin(), out.end(),
                                        [&](const turn& t) { return t.to == roads[i + 1]; });
        const auto number = static_cast<std::uint32_t>(taken - out.begin());
        if (number >= directions::turns_max) return false;
        turns.push_back(static_cast<std::uint8_t>(directions::code_of(number)));
    }
    turns.push_back(directions::arrive);
    return true;
}

/// The next ones for the car, which knows some of them already.
directions Person::next_directions(std::uint32_t known) {
    directions way;
    std::size_t next = next_turn - known;
    for (int i = 0; i < directions::room && next < turns.size(); ++i) way.set(i, turns[next++]);
    next_turn = static_cast<std::uint16_t>(next);
    return way;
}

/// Tells a car how to go on; by another way where that is faster by now.
void Person::on(const MoreTurns& m, kay::world& w) {
    const street_net& n = w[net];
    std::uint32_t known = m.known;
    if (known == 0 || w[n.news].turn > planned) {
        if (!find_way(n.road_of[m.lane], 0, n, w)) turns = {directions::arrive};
        known = 0;
    }
    w.send(n.lanes[m.lane], Directions{next_directions(known), stop_at, m.ticket});
}

void Person::on(const Arrived& m, kay::world& w) {
    away = false;
    if (m.gave_up) {
        ++given_up;
    } else {
        ++trips;
        turns_away += w.turn() - departure;
    }
    road = m.road;
    position = m.position;
    turns.clear();
    rest(w);
}

} // namespace city
