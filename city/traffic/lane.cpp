// SPDX-License-Identifier: MIT
#include "actors.hpp"

#include <chrono>

namespace city {
namespace {

constexpr float ask_ahead = 25; ///< metres before the stop line, beside the braking way

float seconds(std::chrono::nanoseconds time) { return static_cast<float>(time.count()) * 1e-9f; }

} // namespace

bool Lane::is_last_road_of(const car& c, kay::world& w) const {
    return (c.legs == 0 && !through) || road == w[map].destinations[c.destination];
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
            park(i, false, w);
        else
            ++i;
    if (cars.empty()) return;
    const car& first = cars.front();
    if (granted && first.position >= length)
        leave(w);
    else if (!asked && !is_last_road_of(first, w) &&
             length - first.position < ask_ahead + first.speed * first.speed / (2 * idm.braking))
        ask(first, w);
}

void Lane::ask(const car& first, kay::world& w) {
    asked = true;
    const routes& ways = w[map];
    auto random = w.random();
    w.send(end, Ask{w.id_of(*this), road, ways.next(first.destination, road),
                    ways.any_turn(road, kay::uniform_int(random, 0u, ~0u))});
}

void Lane::leave(kay::world& w) {
    car leaving = cars.front();
    leaving.position -= length;
    if (leaving.legs > 0) --leaving.legs;
    w.send(granted, Enter{leaving});
    cars.erase(cars.begin());
    granted = {};
    asked = false;
}

void Lane::park(std::size_t index, bool gave_up, kay::world& w) {
    const car& c = cars[index];
    w.send(c.driver, Arrived{road, w.turn() - c.departure, gave_up});
    w.send(start, Credit{at_start});
    cars.erase(cars.begin() + static_cast<std::ptrdiff_t>(index));
}

void Lane::on(const Granted& m, kay::world& w) {
    granted = m.next;
    w.send(start, Credit{at_start}); // while it rolls off, the next one comes
}

void Lane::on(const GiveUp&, kay::world& w) {
    asked = false;
    park(0, true, w);
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

} // namespace city
