// SPDX-License-Identifier: MIT
#include "../routing/query.hpp"
#include "actors.hpp"

#include <algorithm>
#include <limits>

namespace city {
namespace {

constexpr std::uint32_t days_max = 15; ///< without a trip, before one is taken to stay for good

/// Where one comes to who takes turns at random, mostly straight on, and where one can stop.
std::uint32_t stroll(std::uint32_t from, const street_net& n, kay::random_stream& random) {
    constexpr std::uint32_t turns_at_most = 1000; // there may be no place to stop
    const std::uint32_t wanted = kay::uniform_int(random, 40u, 160u);
    std::uint32_t road = from;
    for (std::uint32_t i = 0; i < turns_at_most; ++i) {
        if (i >= wanted && road != from && may_have_doors(n.roads[road])) break;
        if (n.straight_on[road] != no_road && kay::bernoulli(random, 0.8)) {
            road = n.straight_on[road];
            continue;
        }
        const auto next = n.after(road);
        road = next[kay::uniform_int(random, std::size_t{0}, next.size() - 1)];
    }
    if (may_have_doors(n.roads[road])) return road;
    return n.door_roads[kay::uniform_int(random, std::size_t{0}, n.door_roads.size() - 1)];
}

} // namespace

kay::turns rest_of_a_person(kay::random_stream& random, double mean_s) {
    const double rest_s = kay::exponential(random, 1 / mean_s);
    return kay::turns{static_cast<std::uint64_t>(rest_s * turns_per_second) + 10};
}

day_plan Person::plan_of(std::uint32_t of_day, const street_net& n) const {
    kay::random_stream random(n.seed, of_day, number);
    return plan_day(who, random, static_cast<weekday>(of_day % 7), n.usual);
}

std::uint64_t Person::plan_next(day_plan plan, std::uint32_t from, std::uint64_t from_s,
                                const street_net& n) {
    for (std::uint32_t k = 0; k < days_max; ++k) {
        const std::uint64_t midnight = std::uint64_t{day} * day_s;
        const auto now = static_cast<std::uint32_t>(from_s > midnight ? from_s - midnight : 0);
        const city::departure next = next_departure(plan, from, now);
        if (next.is_some()) {
            activity = static_cast<std::uint8_t>(next.from);
            return midnight + next.at;
        }
        plan = plan_of(++day, n);
        from = 0;
    }
    return never_s;
}

/// Sets the timer for the next trip.
void Person::wait_for_next(kay::world& w) {
    const street_net& n = w[net];
    std::uint64_t then = 0; // turn
    switch (kind) {
    case life::resident: {
        const std::uint64_t now_s = n.start_s + w.turn() / turns_per_second;
        const std::uint32_t there = activity + 1u;
        const std::uint64_t next_s =
            plan_next(plan_of(day, n), there, now_s + shortest_stay_s(what_for), n);
        if (next_s == never_s) return;
        then = next_s > n.start_s ? (next_s - n.start_s) * turns_per_second : 0;
        then += number % turns_per_second; // not all in the first tenth of their second
        break;
    }
    case life::listed:
        if (list.empty()) return;
        then = list.back().departure;
        break;
    case life::restless: {
        auto random = w.random();
        then = w.turn() + rest_of_a_person(random, double{n.rest_s}).count;
        break;
    }
    }
    then = std::max(then, w.turn() + 1);
    w.after(kay::turns{then - w.turn()}, w.id_of(*this), Wake{});
}

/// Where to go now.
void Person::choose(const street_net& n, kay::world& w) {
    switch (kind) {
    case life::resident: {
        const day_plan plan = plan_of(day, n);
        if (plan[activity].what == purpose::home) { // from home, wherever the car was left
            road = n.doors[plan[activity].door].road;
            position = n.doors[plan[activity].door].position;
        }
        const city::activity& next = plan[activity + 1u];
        to = n.doors[next.door].road;
        stop_at = n.doors[next.door].position;
        what_for = next.what;
        break;
    }
    case life::listed:
        to = list.back().to;
        stop_at = list.back().stop_at;
        what_for = list.back().what;
        list.pop_back();
        break;
    case life::restless: {
        auto random = w.random();
        to = stroll(road, n, random);
        stop_at = static_cast<float>(kay::uniform_real(random, 0.1, 0.9)) * n.roads[to].length;
        break;
    }
    }
    stop_at = std::clamp(stop_at, 1.0f, n.roads[to].length - 1);
}

void Person::on(const Wake&, kay::world& w) {
    const street_net& n = w[net];
    choose(n, w);
    departure = static_cast<std::uint32_t>(w.turn());
    if (find_way(road, position, n, w)) return depart(n, w);
    log_trip({road, position, 0, true}, n, w); // it does not even begin, and is told all the same
    wait_for_next(w);
}

void Person::depart(const street_net& n, kay::world& w) {
    away = true;
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
        const std::uint8_t right_ones = n.lanes_for(road, c.way.turn());
        while (!(right_ones >> lane & 1)) lane = n.drives_left ? lane + 1 : lane - 1;
    }
    w.send(n.lanes[r.first_lane + lane], Depart{c});
}

/// Looks for the fastest way from a point; false if there is none.
bool Person::find_way(std::uint32_t from, float at, const street_net& n, kay::world& w) {
    thread_local query_scratch scratch;
    turns.clear();
    next_turn = 0;
    slower_ms = 0;
    heard = w[n.news].turn;
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
        const auto next = n.after(roads[i]);
        const auto taken = std::find(next.begin(), next.end(), roads[i + 1]);
        const auto index = static_cast<std::uint32_t>(taken - next.begin());
        KAY_ASSERT(index < turns_max);
        turns.push_back(static_cast<std::uint8_t>(directions::code_of(index)));
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

/// Whether the way from a road on, by the turns from position `next` on, takes about as long as it
/// did when it was found. A way that has become faster elsewhere is nobody's concern: looking for
/// the best way costs ten times as much as this.
bool Person::is_still_good(std::uint32_t from, std::size_t next, const street_net& n,
                           const traffic_news& news) {
    constexpr std::int64_t never_mind_ms = 20'000;
    if (news.turn == heard) return true;
    if (news.turn - heard > news_every) return false; // what was measured between is not known
    heard = news.turn;
    std::int64_t now_ms = 0, before_ms = 0;
    for (std::uint32_t r = from;; r = n.after(r)[turns[next++] - 1u]) {
        now_ms += news.roads[r].now_ms;
        before_ms += news.roads[r].before_ms;
        if (next == turns.size() || turns[next] == directions::arrive) break;
    }
    slower_ms = static_cast<std::int32_t>(std::clamp<std::int64_t>(
        slower_ms + now_ms - before_ms, std::numeric_limits<std::int32_t>::min(),
        std::numeric_limits<std::int32_t>::max()));
    return slower_ms < never_mind_ms + now_ms / 10;
}

/// Tells a car how to go on; by another way where that is faster by now.
void Person::on(const MoreTurns& m, kay::world& w) {
    const street_net& n = w[net];
    std::uint32_t known = m.known;
    const std::uint32_t here = n.road_of[m.lane];
    if (known == 0 || !is_still_good(here, std::size_t{next_turn} - known, n, w[n.news])) {
        if (!find_way(here, 0, n, w)) turns = {directions::arrive};
        known = 0;
    }
    w.send(n.lanes[m.lane], Directions{next_directions(known), stop_at, m.ticket});
}

void Person::log_trip(const Arrived& m, const street_net& n, kay::world& w) const {
    w.send(n.logs[w.place_number()],
           Ended{{number, departure, static_cast<std::uint32_t>(w.turn()), road, m.road, position,
                  m.position, m.distance, what_for, m.gave_up}});
}

void Person::on(const Arrived& m, kay::world& w) {
    away = false;
    log_trip(m, w[net], w);
    road = m.road;
    position = m.position;
    turns.clear();
    wait_for_next(w);
}

void TripLog::on(const Ended& m, kay::world&) {
    sums.add(m.trip, start_s);
    if (!m.trip.given_up) travel_turns += m.trip.arrival - m.trip.departure;
    if (!keeps) return;
    const std::uint32_t its_minute = (m.trip.arrival - 1) / trips_kept_turns;
    if (its_minute != minute) trips.clear();
    minute = its_minute;
    trips.push_back(m.trip);
}

} // namespace city
