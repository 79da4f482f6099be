// SPDX-License-Identifier: MIT
#include "actors.hpp"

#include <algorithm>
#include <cmath>

namespace city {
namespace {

constexpr float line_beyond = 1;  ///< metres: one stops two metres before that, a step from the end
constexpr float gap_least = 0.3f; ///< metres that stay free behind a car, whatever comes
constexpr float far_away = 1e9f;  ///< metres
constexpr std::uint32_t wrong_lane_for = 200; ///< turns, before one drives on where the lane leads

/// Distance at which a driver at a speed begins to brake for something that stands.
float braking_distance(float speed) {
    return idm.gap_min + speed * idm.headway + speed * speed * braking_inverse;
}

/// On which side of a lane the nearest of some lanes lies: -1 to the left, 1 to the right, 0 none.
int side_of_nearest(std::uint8_t lanes, int index) {
    for (int away = 1; away < 8; ++away) {
        if (index >= away && (lanes >> (index - away) & 1)) return -1;
        if (lanes >> (index + away) & 1) return 1;
    }
    return 0;
}

/// To be as slow as its turn wants it at the end of the lane, so many metres on.
float slowing_down(const car& c, float metres) {
    constexpr float begins_at = 1.5f, hardest = 3; // metres in a second, each second
    const float wanted = static_cast<float>(c.turn_speed) * 0.1f;
    const float needed = (c.speed * c.speed - wanted * wanted) / (2 * std::max(metres, 0.1f));
    return needed < begins_at ? idm.acceleration : -std::min(needed, hardest);
}

} // namespace

void Lane::step(kay::world& w) {
    if (!cars.empty()) {
        updates += cars.size();
        if (move(w)) park_those_who_are_there(w);
        if (!cars.empty() && cars[0].position >= length) drive_on(w);
        ask(w);
        if (of > 1) change_lanes(w);
    }
    if (!waiting.empty()) let_depart(w);
    if (!coming.empty() && !cars.empty()) tell_tail(w);
}

/// Everybody drives for a step behind whoever is ahead, as that one was before. The first one
/// follows the last one of the lane that it may enter; who may enter none stops at the end. True:
/// somebody has come to where it parks.
bool Lane::move(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    struct {
        float rear;     ///< before it drove on; far away where nobody is
        float speed;    ///< likewise
        float rear_now; ///< since it did
    } ahead{far_away, 0, far_away};
    bool is_there = false;
    if (beyond.turn + 1 >= now && cars[0].state == leave::granted && cars[0].next == beyond.lane)
        ahead = {length + beyond.rear, beyond.speed, length + beyond.rear};
    for (car& c : cars) {
        const float wanted = wanted_speed(c);
        const bool is_free = ahead.rear == far_away;
        float acceleration =
            idm_acceleration(c.speed, wanted, is_free ? free_gap : ahead.rear - c.position,
                             is_free ? c.speed : ahead.speed);
        if (c.state != leave::granted && !c.way.arrives_here()) {
            const float line = length + line_beyond - c.position;
            if (line < 1.2f * braking_distance(c.speed))
                acceleration = std::min(acceleration, idm_acceleration(c.speed, wanted, line, 0));
        }
        if (c.turn_speed != turn::any_speed)
            acceleration = std::min(acceleration, slowing_down(c, length - c.position));
        const float before = c.position, speed_before = c.speed;
        drive(c.position, c.speed, acceleration, step_s);
        if (c.position > ahead.rear_now - gap_least) {
            c.position = std::max(before, ahead.rear_now - gap_least);
            c.speed = std::min(c.speed, ahead.speed);
        }
        is_there |= c.way.arrives_here() && c.position >= c.stop_at;
        ahead = {before - idm.length, speed_before, c.position - idm.length};
    }
    return is_there;
}

void Lane::park_those_who_are_there(kay::world& w) {
    for (std::size_t i = 0; i < cars.size();) {
        const car& c = cars[i];
        if (c.way.arrives_here() && c.position >= c.stop_at)
            park(i, false, w);
        else
            ++i;
    }
}

void Lane::drive_on(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    while (!cars.empty() && cars[0].position >= length) {
        car& c = cars[0];
        if (c.state != leave::granted) { // the line is as far as it gets
            c.position = length;
            c.speed = 0;
            return;
        }
        const float took = static_cast<float>(now - c.entered) * step_s;
        mean_time_s += (took - mean_time_s) * 0.2f;
        timed_at = now;
        const street_net& n = w[net];
        const kay::id<Lane> next = n.lanes[c.next];
        w.send(n.ends[road], Crossed{number, c.ticket});
        ++passed;
        c.driven += length;
        c.position -= length;
        c.way.advance();
        c.state = leave::none;
        c.next = no_lane;
        c.waits_since = 0;
        w.send(next, Enter{c, number});
        tell_room(1, w);
        cars.erase(cars.begin());
    }
}

/// Those near the end ask for leave to go on, one after the other.
void Lane::ask(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    for (car& c : cars) {
        if (c.state != leave::none || c.way.arrives_here()) continue;
        const float line = length - c.position;
        const float reach = asks_early ? 1.5f * braking_distance(c.speed) + 10 : 15 + c.speed * 2;
        if (line > reach || c.way.first() == directions::unknown) return;
        if (must_stop && (line > 4 || c.speed > 0.5f)) return;
        const street_net& n = w[net];
        if (!lets_turn(c, n)) {
            if (line > 8 || c.speed > 0.5f) return;
            const auto odd_now = static_cast<std::uint16_t>(now | 1);
            if (c.waits_since == 0) c.waits_since = odd_now;
            if (static_cast<std::uint16_t>(odd_now - c.waits_since) < wrong_lane_for) return;
            const std::span<const turn> turns = n.turns_of(n.roads[road]);
            std::uint32_t other = 0;
            while (other + 1 < turns.size() && !(turns[other].from_lanes >> index & 1)) ++other;
            c.way = {directions::code_of(other)};
        }
        const float eta_s = line / std::max(c.speed, 3.0f);
        c.state = leave::asked;
        w.send(n.ends[road], Ask{number, n.first_turns[road] + c.way.turn(),
                                 now + static_cast<std::uint32_t>(eta_s * turns_per_second),
                                 c.ticket, c.speed > 4});
    }
}

bool Lane::lets_turn(const car& c, const street_net& n) const {
    if (c.way.first() == directions::unknown || c.way.arrives_here()) return true;
    return n.lanes_for(road, c.way.turn()) >> index & 1;
}

/// Once a second each driver looks at the lane beside, and asks it whether there is room.
void Lane::change_lanes(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    for (std::size_t i = 0; i < cars.size(); ++i) {
        const car& c = cars[i];
        if ((now + c.ticket) % 10 != 0 || c.state != leave::none || c.position < idm.length)
            continue;
        const street_net& n = w[net];
        const lane_wish wish = wish_to_change(i, n, now);
        if (wish.side == 0) continue;
        neighbour ahead, behind;
        if (i > 0) ahead = seen(cars[i - 1]);
        if (i + 1 < cars.size()) behind = seen(cars[i + 1]);
        const float staying = worth_of_staying(seen(c), i > 0 ? &ahead : nullptr,
                                               i + 1 < cars.size() ? &behind : nullptr);
        w.send(n.lanes[number + static_cast<std::uint32_t>(wish.side)],
               Change{c, number, staying, wish.must});
    }
}

/// Who is in the wrong lane for his turn has to change, who is held up may.
Lane::lane_wish Lane::wish_to_change(std::size_t i, const street_net& n, std::uint32_t now) const {
    const car& c = cars[i];
    auto right_ones = static_cast<std::uint8_t>((1u << of) - 1); // for its turn
    float left = c.stop_at - c.position;
    if (!c.way.arrives_here()) {
        left = length - c.position;
        if (c.way.first() != directions::unknown) right_ones = n.lanes_for(road, c.way.turn());
    }
    if (!(right_ones >> index & 1)) return {side_of_nearest(right_ones, index), true};
    if (i == 0 || left < 100) return {};
    const neighbour ahead = seen(cars[i - 1]);
    const float alone = acceleration_behind(seen(c), nullptr);
    if (alone - acceleration_behind(seen(c), &ahead) < 0.3f) return {};
    const auto may = [&](int to) {
        return to >= 0 && to < of && ((right_ones >> to & 1) || left > 400);
    };
    const int first = (now / 10 + c.ticket) & 1 ? 1 : -1;
    return {may(index + first) ? first : may(index - first) ? -first : 0, false};
}

void Lane::on(const Change& m, kay::world& w) {
    const std::size_t at = place_for(m.who.position);
    neighbour ahead, behind;
    if (at > 0) ahead = seen(cars[at - 1]);
    if (at < cars.size()) behind = seen(cars[at]);
    if (!accepts_change(seen(m.who), m.staying, m.must, at > 0 ? &ahead : nullptr,
                        at < cars.size() ? &behind : nullptr))
        return;
    if (!m.must && at < cars.size() && cars[at].state == leave::granted) return;
    w.send(w[net].lanes[m.from], Changed{m.who.ticket});
    car c = m.who;
    c.waits_since = 0;
    insert(at, c);
    tell_room(-1, w);
}

void Lane::on(const Changed& m, kay::world& w) {
    const car* c = find(m.ticket);
    KAY_ASSERT(c);
    cars.erase(cars.begin() + (c - cars.begin()));
    tell_room(1, w);
}

void Lane::on(const Depart& m, kay::world& w) {
    waiting.push_back({m.who, static_cast<std::uint32_t>(w.turn())});
}

/// Those at the side of the road take gaps that the others leave, in lanes that are at most half
/// full; who has waited long is let in anyway, if nobody has to brake hard.
void Lane::let_depart(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    if ((now + number) % 5 != 0) return;
    constexpr std::uint32_t patience = 600; // turns
    for (std::size_t i = 0; i < waiting.size() && i < 8;) {
        const bool long_ago = now - waiting[i].since > patience;
        if (cars.size() * (long_ago ? 4u : 2u) > std::size_t{capacity} * (long_ago ? 3u : 1u))
            return;
        car c = waiting[i].who;
        const std::size_t at = place_for(c.position);
        neighbour ahead, behind;
        c.speed = std::min(5.0f, wanted_speed(c) / 2);
        if (at > 0) {
            ahead = seen(cars[at - 1]);
            c.speed = std::min(c.speed, ahead.speed);
        }
        if (at < cars.size()) behind = seen(cars[at]);
        if (!accepts_change(seen(c), -100, long_ago, at > 0 ? &ahead : nullptr,
                            at < cars.size() ? &behind : nullptr)) {
            ++i;
            continue;
        }
        c.entered = now;
        c.driven = -c.position;
        insert(at, c);
        tell_room(-1, w);
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

/// Nobody who is still before the crossing has to mind a car that is far beyond it.
void Lane::tell_tail(kay::world& w) const {
    constexpr float tail_matters_s = 8; // at the speed limit
    const car& last = cars.back();
    const float rear = last.position - idm.length;
    if (rear > tail_matters_s * speed_limit) return;
    for (const feeder& f : coming) w.send(f.id, Tail{number, rear, last.speed});
}

void Lane::on(const Tail& m, kay::world& w) {
    if (!cars.empty() && cars[0].next == m.lane)
        beyond = {m.lane, static_cast<std::uint32_t>(w.turn()), m.rear, m.speed};
}

void Lane::on(const Coming& m, kay::world& w) {
    for (feeder& f : coming)
        if (f.lane == m.from) {
            ++f.cars;
            return;
        }
    coming.push_back({w[net].lanes[m.from], m.from, 1});
}

void Lane::on(const Enter& m, kay::world& w) {
    for (std::size_t i = 0; i < coming.size(); ++i)
        if (coming[i].lane == m.from && --coming[i].cars == 0) {
            coming.erase(coming.begin() + static_cast<std::ptrdiff_t>(i));
            break;
        }
    car c = m.who;
    c.entered = static_cast<std::uint32_t>(w.turn());
    if (!cars.empty()) {
        // Behind the last one; what does not fit yet still stands on the crossing.
        const float rear = cars.back().position - idm.length - gap_least;
        if (c.position > rear) {
            c.position = rear;
            c.speed = std::min(c.speed, cars.back().speed);
        }
    }
    insert(cars.size(), c);
    if (cars.back().way.runs_low()) want_directions(cars.back(), w);
}

void Lane::want_directions(const car& c, kay::world& w) const {
    std::uint8_t known = 0;
    for (directions d = c.way; d.first() != directions::unknown; d.advance()) ++known;
    w.send(c.driver, MoreTurns{number, c.ticket, known});
}

void Lane::on(const Directions& m, kay::world&) {
    car* c = find(m.ticket);
    KAY_ASSERT(c);
    c->way = m.way;
    c->stop_at = m.stop_at;
}

void Lane::on(const Granted& m, kay::world&) {
    car* c = find(m.ticket);
    KAY_ASSERT(c);
    c->state = leave::granted;
    c->next = m.next;
    c->turn_speed = m.speed;
    if (m.detour) c->way = {directions::code_of(0)}; // and nothing after it
}

void Lane::on(const GiveUp& m, kay::world& w) {
    const car* c = find(m.ticket);
    KAY_ASSERT(c);
    park(static_cast<std::size_t>(c - cars.begin()), true, w);
}

void Lane::park(std::size_t at, bool gave_up, kay::world& w) {
    const car& c = cars[at];
    w.send(c.driver,
           Arrived{road, std::clamp(c.position, 0.0f, length), c.driven + c.position, gave_up});
    tell_room(1, w);
    cars.erase(cars.begin() + static_cast<std::ptrdiff_t>(at));
}

void Lane::tell_room(std::int32_t more, kay::world& w) const {
    const street_net& n = w[net];
    w.send(n.starts[road], Room{number, more});
}

/// The position in `cars` of somebody at a position in the lane.
std::size_t Lane::place_for(float position) const {
    std::size_t at = 0;
    while (at < cars.size() && cars[at].position >= position) ++at;
    return at;
}

void Lane::insert(std::size_t at, car c) {
    c.ticket = new_ticket();
    c.state = leave::none;
    c.next = no_lane;
    c.turn_speed = turn::any_speed;
    cars.insert(cars.begin() + static_cast<std::ptrdiff_t>(at), c);
}

std::uint16_t Lane::new_ticket() {
    do ++last_ticket;
    while (find(last_ticket));
    return last_ticket;
}

car* Lane::find(std::uint16_t ticket) {
    for (car& c : cars)
        if (c.ticket == ticket) return &c;
    return nullptr;
}

} // namespace city
