// SPDX-License-Identifier: MIT
#include "actors.hpp"
#include "signals.hpp"

#include <algorithm>
#include <array>

namespace city {
namespace {

// In turns:
constexpr std::uint32_t across_moving = 20;   ///< from the line until one is out of the way
constexpr std::uint32_t across_standing = 40; ///< the same, from standstill
constexpr std::uint32_t after_crossed = 8;    ///< from the line, known to be passed
constexpr std::uint32_t margin = 10;          ///< before somebody who comes
constexpr std::uint32_t merge_headway = 15;   ///< between two that go into one lane
constexpr std::uint32_t yields_for = 200;     ///< before others who cut one's way have to wait
constexpr std::uint32_t sees_right = 10;      ///< before one is at the line
constexpr std::uint32_t patience = 1800;      ///< for room, before one takes another turn
constexpr std::uint32_t despair = 5400;       ///< for room, before one gives up

constexpr std::uint64_t never_again = ~0ull;

} // namespace

void Intersection::on(const Ask& m, kay::world& w) {
    const street_net& n = w[net];
    const turn& t = n.turns[m.turn];
    const std::uint32_t from_road = n.road_of[m.from];
    request r;
    r.from = m.from;
    r.turn = m.turn;
    r.eta = m.eta;
    r.since = static_cast<std::uint32_t>(w.turn());
    r.into_road = n.roads[t.to].first_lane;
    r.way = n.ways[m.turn];
    r.ticket = m.ticket;
    r.into_lanes = lanes_into(t, m.from - n.roads[from_road].first_lane);
    r.rank = t.rank;
    r.speed = t.speed;
    r.moves = m.moves;
    r.second = is_second(from_road);
    asking.push_back(r);
    serve(w);
}

void Intersection::on(const Crossed& m, kay::world& w) {
    const auto it = std::find_if(crossing.begin(), crossing.end(), [&](const crossing_car& c) {
        return c.from == m.from && c.ticket == m.ticket && !c.gone;
    });
    KAY_ASSERT(it != crossing.end()); // nobody crosses without leave
    it->gone = true;
    it->leave = static_cast<std::uint32_t>(w.turn()) + after_crossed;
}

void Intersection::on(const Room& m, kay::world&) {
    for (exit_lane& e : exits)
        if (e.lane == m.lane) e.credits += m.cars;
}

void Intersection::on(const Serve& m, kay::world& w) {
    if (m.at != serve_at) return; // an earlier timer took its place
    serve_at = never_again;
    serve(w);
}

/// Lets go who may: by rank, and those of a rank in the order of their coming.
void Intersection::serve(kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    const auto gone = [&](const crossing_car& c) { return c.gone && c.leave <= now; };
    crossing.erase(std::remove_if(crossing.begin(), crossing.end(), gone), crossing.end());

    std::array<movement, 8> claims;
    std::size_t claimed = 0;
    unsigned ranks = 0;
    for (const request& r : asking) {
        ranks |= 1u << r.rank;
        if (claims_its_way(r, now) && claimed < claims.size() && !signals)
            claims[claimed++] = r.way;
    }
    std::uint64_t again = never_again;
    for (std::uint8_t rank = 0; ranks >> rank; ++rank) {
        if (!(ranks >> rank & 1)) continue;
        again = std::min(again, serve_rank(rank, {claims.data(), claimed}, w));
    }
    if (again >= serve_at || again == never_again) return;
    serve_at = again;
    w.after(kay::turns{again - now}, w.id_of(*this), Serve{again});
}

/// Those of a rank; of one lane one after the other. Who has to wait holds up nobody else, but who
/// has waited long is waited for. Returns the turn in which it is worth to look again.
std::uint64_t Intersection::serve_rank(std::uint8_t rank, std::span<const movement> claims,
                                       kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    std::uint64_t again = never_again;
    for (std::size_t i = 0; i < asking.size();) {
        const request r = asking[i];
        const auto is_before = [&](const request& other) { return other.from == r.from; };
        if (r.rank != rank || std::any_of(asking.begin(), asking.begin() + i, is_before)) {
            ++i;
            continue;
        }
        const bool claims_itself = claims_its_way(r, now);
        verdict v;
        const bool right_first = right_before_left && rank == 0 && !claims_itself;
        if (right_first && r.eta > now + sees_right)
            v = verdict::comes_nearer;
        else if (right_first && lets_the_right_go(r, now))
            v = verdict::waits_for_others;
        else
            v = admit(r, claims_itself ? std::span<const movement>{} : claims, w);
        if (v == verdict::waits_for_room && give_way_to_patience(r, w[net], w))
            v = verdict::granted;
        switch (v) {
        case verdict::granted: asking.erase(asking.begin() + i); continue;
        case verdict::comes_nearer:
            again = std::min<std::uint64_t>(again, r.eta - sees_right);
            break;
        case verdict::waits_for_green: {
            const std::uint64_t green =
                signal_plan::next_green(offset, r.second, std::max(now, r.eta));
            const std::uint32_t ahead = r.eta > now ? r.eta - now : 0;
            again = std::min(again, std::max<std::uint64_t>(green - ahead, now + 2));
            break;
        }
        case verdict::waits_for_room: again = std::min<std::uint64_t>(again, now + 5); break;
        case verdict::waits_for_others: again = std::min<std::uint64_t>(again, now + 2); break;
        }
        ++i;
    }
    return again;
}

/// Others who cut its way have to wait until it is across.
bool Intersection::claims_its_way(const request& r, std::uint32_t now) {
    return now - r.since > yields_for;
}

/// Whether somebody comes from the right before it would be out of his way. Where each waits for
/// the one on his right, somebody goes.
bool Intersection::lets_the_right_go(const request& r, std::uint32_t now) const {
    if (crossing.empty() && now > r.eta + sees_right) return false;
    const std::uint32_t leave = leave_of(r, now) + margin;
    return std::any_of(asking.begin(), asking.end(), [&](const request& other) {
        return other.rank == r.rank && other.eta < leave && comes_from_right(r.way, other.way);
    });
}

bool Intersection::is_second(std::uint32_t road) const {
    return std::find(second_phase.begin(), second_phase.end(), road) != second_phase.end();
}

Intersection::verdict Intersection::admit(const request& r, std::span<const movement> claims,
                                          kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    const std::uint32_t enter = std::max(now, r.eta);
    if (signals && !signal_plan::is_green(offset, r.second, enter, r.rank > 1))
        return verdict::waits_for_green;
    exit_lane* into = roomiest(r.into_road, r.into_lanes);
    if (!into) return verdict::waits_for_room;
    for (const movement& claim : claims)
        if (cross(claim, r.way)) return verdict::waits_for_others;
    if (!is_free(r.way, r.from, into->lane, enter, leave_of(r, now), now))
        return verdict::waits_for_others;
    grant(r, *into, false, w);
    return verdict::granted;
}

/// When it would be out of the way, if it got leave now.
std::uint32_t Intersection::leave_of(const request& r, std::uint32_t now) const {
    return r.moves && r.eta >= now ? r.eta + across_moving : std::max(now, r.eta) + across_standing;
}

/// Whether nobody who has leave is in the way in that time.
bool Intersection::is_free(const movement& way, std::uint32_t from, std::uint32_t to,
                           std::uint32_t enter, std::uint32_t leave, std::uint32_t now) const {
    for (const crossing_car& c : crossing) {
        if (c.from == from) continue;
        const bool merges = c.to == to;
        if (!merges && !cross(c.way, way)) continue;
        const std::uint32_t comes = c.gone ? 0 : std::max(c.enter, now);
        const std::uint32_t goes = c.gone ? c.leave : std::max(c.leave, now + after_crossed);
        if (leave + margin <= comes) continue;
        if (enter >= goes || (merges && enter >= comes + merge_headway)) continue;
        return false;
    }
    return true;
}

/// Who has waited very long for room takes whatever turn there is from his lane, or gives up.
bool Intersection::give_way_to_patience(const request& r, const street_net& n, kay::world& w) {
    const auto now = static_cast<std::uint32_t>(w.turn());
    if (now - r.since < patience) return false;
    const std::uint32_t from_road = n.road_of[r.from];
    const std::uint32_t index = r.from - n.roads[from_road].first_lane;
    for (std::uint32_t k = 0; k < n.roads[from_road].turns; ++k) {
        const std::uint32_t other = n.roads[from_road].first_turn + k;
        const turn& t = n.turns[other];
        if (other == r.turn || !(t.from_lanes >> index & 1)) continue;
        exit_lane* into = roomiest(n.roads[t.to].first_lane, lanes_into(t, index));
        if (!into || !is_free(n.ways[other], r.from, into->lane, now, now + across_standing, now))
            continue;
        request detour = r;
        detour.way = n.ways[other];
        detour.speed = t.speed;
        grant(detour, *into, true, w);
        return true;
    }
    if (now - r.since < despair) return false;
    w.send(n.lanes[r.from], GiveUp{r.ticket});
    return true;
}

void Intersection::grant(const request& r, exit_lane& into, bool detour, kay::world& w) {
    const street_net& n = w[net];
    const auto now = static_cast<std::uint32_t>(w.turn());
    --into.credits;
    crossing.push_back(
        {r.way, r.from, into.lane, std::max(now, r.eta), leave_of(r, now), r.ticket});
    w.send(n.lanes[r.from], Granted{into.lane, r.ticket, r.speed, detour});
    w.send(n.lanes[into.lane], Coming{r.from});
}

/// Of some lanes of a road the one with most room; null if there is none left.
exit_lane* Intersection::roomiest(std::uint32_t first_lane, std::uint8_t lanes) {
    exit_lane* best = nullptr;
    for (exit_lane& e : exits) {
        const std::uint32_t index = e.lane - first_lane;
        if (index >= 8 || !(lanes >> index & 1) || e.credits <= 0) continue;
        if (!best || e.credits > best->credits) best = &e;
    }
    return best;
}

} // namespace city
