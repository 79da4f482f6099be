// SPDX-License-Identifier: MIT
#include "actors.hpp"

#include <algorithm>
#include <array>

namespace city {
namespace {

constexpr std::uint64_t entry_headway = 18; ///< turns between two cars that enter a lane
constexpr std::uint64_t cross_headway = 15; ///< turns between cars whose ways cut each other
constexpr std::uint64_t green_min = 30;     ///< turns of green without a car that wants it
constexpr std::uint64_t green_max = 400;    ///< turns of green while others wait
constexpr std::uint64_t clearance = 20;     ///< turns between two greens
constexpr std::uint64_t yields_for = 50;    ///< turns that one waits for others who cut its way
constexpr std::uint64_t patience =
    600; ///< turns that one waits for room before taking another turn
constexpr std::uint64_t despair = 1800;      ///< turns after which one gives up
constexpr std::uint64_t squeeze_every = 100; ///< turns between two who depart into dense traffic

constexpr std::uint64_t never = ~0ull;

} // namespace

void Intersection::on(const Ask& m, kay::world& w) {
    asking.push_back({m.from, m.road, m.next, m.other, w.turn()});
    serve(w);
}

void Intersection::on(const Credit& m, kay::world& w) {
    ++exits[m.lane].credits;
    if (!asking.empty() || !departing.empty()) serve(w);
}

void Intersection::on(const Depart& m, kay::world& w) {
    car c;
    c.driver = m.driver;
    c.wanted = m.wanted;
    c.destination = m.destination;
    c.legs = m.legs;
    c.departure = w.turn();
    departing.push_back({m.road, c});
    serve(w);
}

void Intersection::on(const Serve& m, kay::world& w) {
    if (m.at != serve_at) return; // an earlier timer took its place
    serve_at = never;
    serve(w);
}

/// Lets go who may, first come first served; those who cannot hold up nobody else, but who has
/// yielded long enough has the right of way.
void Intersection::serve(kay::world& w) {
    const std::uint64_t now = w.turn();
    const auto gone = [&](const crossing_car& c) { return c.until <= now; };
    crossing.erase(std::remove_if(crossing.begin(), crossing.end(), gone), crossing.end());
    std::uint64_t again = never;
    if (signals) switch_signals(again, now);
    let_squeeze_in(again, w);
    std::array<movement, 8> claims;
    std::size_t claimed = 0;
    for (std::size_t i = 0; i < asking.size();) {
        const verdict v = admit(asking[i], {claims.data(), claimed}, w);
        if (v.done) {
            asking.erase(asking.begin() + i);
            continue;
        }
        if (v.claims && claimed < claims.size()) claims[claimed++] = v.way;
        again = std::min(again, v.again);
        ++i;
    }
    let_depart(again, w);
    again = std::max(again, now + 1);
    if (again >= serve_at || again == never) return;
    serve_at = again;
    w.after(kay::turns{again - now}, w.id_of(*this), Serve{again});
}

/// Green goes to the others when they want it and nobody has used it for a while, or they have
/// waited long enough.
void Intersection::switch_signals(std::uint64_t& again, std::uint64_t now) {
    const auto has_red = [&](const asking_car& c) {
        return approach_of(c).first_phase != first_green;
    };
    if (std::none_of(asking.begin(), asking.end(), has_red)) return;
    const std::uint64_t until =
        std::min(std::max(used_at, green_at) + green_min, green_at + green_max);
    if (until > now) {
        again = std::min(again, until);
        return;
    }
    first_green = !first_green;
    green_at = now + clearance;
    again = std::min(again, green_at);
}

const approach& Intersection::approach_of(const asking_car& c) const {
    const auto found = std::find_if(approaches.begin(), approaches.end(),
                                    [&](const approach& a) { return a.road == c.road; });
    KAY_ASSERT(found != approaches.end());
    return *found;
}

void Intersection::depart(std::size_t index, exit_lane& into, kay::world& w) {
    --into.credits;
    into.free_at = w.turn() + entry_headway;
    into.departed_at = w.turn();
    w.send(into.lane, Enter{departing[index].who});
    departing.erase(departing.begin() + index);
}

/// Where the traffic never leaves a gap, one who has waited long at the side is let in now and
/// then.
void Intersection::let_squeeze_in(std::uint64_t& again, kay::world& w) {
    const std::uint64_t now = w.turn();
    for (std::size_t i = 0; i < departing.size();) {
        // In the order of their coming: those behind have not waited long enough either.
        const std::uint64_t ready = departing[i].who.departure + patience;
        if (ready > now) {
            again = std::min(again, ready);
            return;
        }
        exit_lane* lane = roomiest(departing[i].road);
        if (!lane || lane->credits * 3u < lane->capacity) {
            ++i; // a credit that comes back will wake it
            continue;
        }
        const std::uint64_t free = std::max(lane->free_at, lane->departed_at + squeeze_every);
        if (free <= now) {
            depart(i, *lane, w);
            continue;
        }
        again = std::min(again, free);
        ++i;
    }
}

/// Those at the side of the road take what those who come along it left, in lanes that are at most
/// half full.
void Intersection::let_depart(std::uint64_t& again, kay::world& w) {
    const std::uint64_t now = w.turn();
    const auto has_room = [](const exit_lane& e) {
        return e.credits > 0 && e.credits * 2u >= e.capacity;
    };
    for (std::size_t i = 0; i < departing.size();) {
        // The list can be long, and mostly there is nothing to be had.
        if (std::none_of(exits.begin(), exits.end(), has_room)) return;
        exit_lane* best = roomiest(departing[i].road);
        const bool fits = best && has_room(*best);
        if (!fits || best->free_at > now) {
            if (fits) again = std::min(again, best->free_at);
            ++i;
            continue;
        }
        depart(i, *best, w);
    }
}

/// The lane of a road with most room; null if there is none left.
exit_lane* Intersection::roomiest(std::uint32_t road) {
    exit_lane* best = nullptr;
    for (exit_lane& e : exits)
        if (e.road == road && e.credits > 0 && (!best || e.credits > best->credits)) best = &e;
    return best;
}

Intersection::verdict Intersection::admit(const asking_car& c, std::span<const movement> claimed,
                                          kay::world& w) {
    const std::uint64_t now = w.turn();
    verdict v;
    const approach& from = approach_of(c);
    if (signals && from.first_phase != first_green) return v;
    if (v.again = green_at; v.again > now) return v;
    exit_lane* best = roomiest(c.next);
    if (!best && now - c.since >= patience) best = roomiest(c.other);
    if (!best) {
        // A credit that comes back will wake it, or its patience ends.
        v.again = c.since + (now - c.since < patience ? patience : despair);
        v.done = now >= c.since + despair;
        if (v.done) w.send(c.from, GiveUp{});
        return v;
    }
    v.way = {from.position, best->position};
    v.again = best->free_at;
    for (const crossing_car& other : crossing)
        if (cross(other.way, v.way)) v.again = std::max(v.again, other.until);
    const auto cuts = [&](movement other) { return cross(other, v.way); };
    const bool yields = std::any_of(claimed.begin(), claimed.end(), cuts);
    if (v.again > now || yields) {
        v.claims = now - c.since >= yields_for;
        if (v.again <= now) v.again = never; // whoever it yields to will wake it
        return v;
    }
    --best->credits;
    best->free_at = now + entry_headway;
    if (approaches.size() > 1) crossing.push_back({v.way, now + cross_headway});
    used_at = now;
    w.send(c.from, Granted{best->lane});
    v.done = true;
    return v;
}

} // namespace city
