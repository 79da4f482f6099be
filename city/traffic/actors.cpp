// SPDX-License-Identifier: MIT
#include "actors.hpp"

#include <chrono>

namespace city {
namespace {

constexpr std::uint64_t entry_headway = 18;  ///< turns between two cars that enter a lane
constexpr std::uint64_t cross_headway = 15;  ///< turns between cars of two roads that cross
constexpr std::uint64_t half_cycle = 250;    ///< turns of green, then of red, at signals
constexpr float ask_ahead = 25;              ///< metres before the stop line, beside the braking way
constexpr double mean_rest_s = 2400;         ///< between two trips
constexpr std::uint32_t legs_min = 3, legs_max = 30; ///< roads of a trip beside its first

float seconds(std::chrono::nanoseconds time) { return static_cast<float>(time.count()) * 1e-9f; }

} // namespace

bool Lane::is_last_road_of(const car& c, kay::world& w) const {
    return c.legs == 0 || road == w[map].destinations[c.destination];
}

void Lane::on(const Step&, kay::world& w) {
    if (cars.empty()) return;
    const float step = seconds(w.step());
    updates += cars.size();
    for (std::size_t i = 0; i < cars.size(); ++i) {
        car& c = cars[i];
        float gap = free_gap, leader_speed = speed_limit;
        if (i > 0) {
            const car& leader = cars[i - 1];
            gap = leader.position - idm.length - c.position;
            leader_speed = leader.speed;
        } else if (!granted && !is_last_road_of(c, w)) {
            // Without leave to cross, the stop line is somebody who stands.
            gap = length - c.position;
            leader_speed = 0;
        }
        const float a = idm_acceleration(c.speed, speed_limit * c.wanted, gap, leader_speed);
        drive(c.position, c.speed, a, step);
        if (i > 0) {
            const float last = cars[i - 1].position - idm.length - 0.5f;
            if (c.position > last) {
                c.position = last;
                c.speed = std::min(c.speed, cars[i - 1].speed);
            }
        } else if (!granted && c.position > length) {
            c.position = length;
            c.speed = 0;
        }
    }
    for (std::size_t i = 0; i < cars.size();)
        if (cars[i].position >= length / 2 && is_last_road_of(cars[i], w))
            arrive(i, w);
        else
            ++i;
    if (cars.empty()) return;
    car& first = cars.front();
    if (granted && first.position >= length) {
        car leaving = first;
        leaving.position -= length;
        --leaving.legs;
        w.send(granted, Enter{leaving});
        w.send(start, Credit{at_start});
        cars.erase(cars.begin());
        granted = {};
        asked = false;
    } else if (!asked && !is_last_road_of(first, w) &&
               length - first.position < ask_ahead + first.speed * first.speed / (2 * idm.braking)) {
        asked = true;
        w.send(end, Ask{w.id_of(*this), road, w[map].next(first.destination, road)});
    }
}

void Lane::arrive(std::size_t index, kay::world& w) {
    const car& c = cars[index];
    w.send(c.driver, Arrived{road, w.turn() - c.departure});
    w.send(start, Credit{at_start});
    cars.erase(cars.begin() + static_cast<std::ptrdiff_t>(index));
}

void Lane::on(const Enter& m, kay::world&) {
    car c = m.who;
    if (!cars.empty()) {
        // Behind the last one; what does not fit yet still stands on the crossing.
        const float last = cars.back().position - idm.length - 0.5f;
        if (c.position > last) {
            c.position = last;
            c.speed = std::min(c.speed, cars.back().speed);
        }
    }
    cars.push_back(c);
}

void Intersection::on(const Ask& m, kay::world& w) {
    queue.push_back({m.from, m.road, m.next, {}});
    serve(w);
}

void Intersection::on(const Credit& m, kay::world& w) {
    ++exits[m.lane].credits;
    if (!queue.empty()) serve(w);
}

void Intersection::on(const Depart& m, kay::world& w) {
    car c;
    c.driver = m.driver;
    c.wanted = m.wanted;
    c.destination = m.destination;
    c.legs = m.legs;
    c.departure = w.turn();
    queue.push_back({{}, ~0u, m.road, c});
    serve(w);
}

void Intersection::on(const Serve&, kay::world& w) {
    will_serve = false;
    serve(w);
}

/// Lets go who may, first come first served; those who cannot hold up nobody else.
void Intersection::serve(kay::world& w) {
    for (std::size_t i = 0; i < queue.size();)
        if (admit(queue[i], w))
            queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(i));
        else
            ++i;
    if (!queue.empty() && !will_serve) {
        will_serve = true;
        w.after(kay::turns{5}, w.id_of(*this), Serve{});
    }
}

bool Intersection::has_green(std::uint32_t road, std::uint64_t turn) const {
    if (!signals) return true;
    bool first = false;
    for (std::uint32_t r : first_phase) first = first || r == road;
    return (turn / half_cycle % 2 == 0) == first;
}

bool Intersection::admit(const waiting_car& c, kay::world& w) {
    const std::uint64_t now = w.turn();
    const bool departs = !c.from;
    if (!departs) {
        if (!has_green(c.road, now)) return false;
        if (approaches > 2 && c.road != last_from && now < cross_at) return false;
    }
    exit_lane* best = nullptr;
    for (exit_lane& e : exits)
        if (e.road == c.next && e.credits > 0 && e.free_at <= now &&
            (!best || e.credits > best->credits))
            best = &e;
    // One who departs leaves the last place to those who come along the street.
    if (!best || (departs && best->credits < 2)) return false;
    --best->credits;
    best->free_at = now + entry_headway;
    if (departs) {
        w.send(best->lane, Enter{c.who});
        return true;
    }
    last_from = c.road;
    cross_at = now + cross_headway;
    w.send(c.from, Granted{best->lane});
    return true;
}

void Person::on(const Wake&, kay::world& w) {
    auto random = w.random();
    const auto count = static_cast<std::uint32_t>(w[map].destinations.size());
    const auto destination = kay::uniform_int(random, 0u, count - 1);
    const auto legs = kay::uniform_int(random, legs_min, legs_max);
    away = true;
    w.send(start, Depart{w.id_of(*this), road, static_cast<std::uint16_t>(destination),
                         static_cast<std::uint16_t>(legs),
                         static_cast<float>(kay::uniform_real(random, 0.85, 1.15))});
}

void Person::on(const Arrived& m, kay::world& w) {
    away = false;
    ++trips;
    turns += m.turns;
    road = m.road;
    start = w[starts].at[road];
    auto random = w.random();
    const double rest = kay::exponential(random, 1 / mean_rest_s);
    w.after(kay::turns{static_cast<std::uint64_t>(rest * 10) + 10}, w.id_of(*this), Wake{});
}

} // namespace city
