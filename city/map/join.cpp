// SPDX-License-Identifier: MIT
#include "join.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace city {
namespace {

/// Intersections that were joined, as a forest whose roots have the smallest number.
class groups {
public:
    explicit groups(const std::vector<intersection>& all) : parent_(all.size()), low_(all.size()) {
        std::iota(parent_.begin(), parent_.end(), 0u);
        for (std::size_t i = 0; i < all.size(); ++i) low_[i] = all[i].at;
        high_ = low_;
    }

    std::uint32_t root(std::uint32_t i) {
        for (; parent_[i] != i; i = parent_[i]) parent_[i] = parent_[parent_[i]];
        return i;
    }

    /// Joins two, unless they would reach too far together.
    void join(std::uint32_t a, std::uint32_t b) {
        a = root(a);
        b = root(b);
        if (a == b) return;
        if (a > b) std::swap(a, b);
        const point low{std::min(low_[a].x, low_[b].x), std::min(low_[a].y, low_[b].y)};
        const point high{std::max(high_[a].x, high_[b].x), std::max(high_[a].y, high_[b].y)};
        if (high.x - low.x > crossing_max || high.y - low.y > crossing_max) return;
        parent_[b] = a;
        low_[a] = low;
        high_[a] = high;
    }

    point middle(std::uint32_t root) const {
        return {(low_[root].x + high_[root].x) / 2, (low_[root].y + high_[root].y) / 2};
    }

private:
    std::vector<std::uint32_t> parent_;
    std::vector<point> low_, high_; ///< [root]: the corners around its group
};

/// The roads that may hold crossings together, shortest first.
std::vector<std::uint32_t> joints(const std::vector<raw_road>& roads) {
    std::vector<std::pair<float, std::uint32_t>> found;
    for (std::uint32_t r = 0; r < roads.size(); ++r) {
        const float length = length_of(roads[r].course);
        if (length <= joint_max && roads[r].kind != road_class::motorway)
            found.push_back({length, r});
    }
    std::sort(found.begin(), found.end());
    std::vector<std::uint32_t> order;
    order.reserve(found.size());
    for (const auto& [length, r] : found) order.push_back(r);
    return order;
}

/// Lengthens a course up to where the crossings at its ends are now.
void lead_to(point start, point end, std::vector<point>& course) {
    const auto is_at = [](point a, point b) { return a.x == b.x && a.y == b.y; };
    if (!is_at(course.front(), start)) course.insert(course.begin(), start);
    if (!is_at(course.back(), end)) course.push_back(end);
}

/// The roads of one joined crossing.
struct inner_network {
    std::vector<std::uint32_t> inside, in, out;
};

/// Which roads one comes to from a road that leads into a joined crossing, without turning back on
/// the way and without banned turns.
std::vector<std::uint32_t> reached_from(const raw_map& raw, const inner_network& crossing,
                                        std::uint32_t start) {
    std::vector<std::uint32_t> open{start}, found;
    std::vector<bool> seen(crossing.inside.size());
    const auto leads = [&](std::uint32_t from, std::uint32_t to) {
        return raw.roads[from].to == raw.roads[to].from &&
               !is_way_back(raw.roads[from], raw.roads[to]) &&
               !std::binary_search(raw.banned_turns.begin(), raw.banned_turns.end(),
                                   raw_turn{from, to});
    };
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        for (const std::uint32_t next : crossing.out)
            if (leads(at, next)) found.push_back(next);
        for (std::size_t i = 0; i < crossing.inside.size(); ++i) {
            if (seen[i] || !leads(at, crossing.inside[i])) continue;
            seen[i] = true;
            open.push_back(crossing.inside[i]);
        }
    }
    return found;
}

/// By road, its number once those inside joined crossings are gone.
using numbers = std::vector<std::uint32_t>;

/// What is banned, said of the roads that are left.
void renumber_bans(raw_map& raw, const numbers& kept, std::vector<raw_turn> more) {
    for (const auto& [from, to] : raw.banned_turns)
        if (kept[from] != ~0u && kept[to] != ~0u) more.push_back({kept[from], kept[to]});
    std::vector<std::vector<std::uint32_t>> routes;
    for (const auto& route : raw.banned_routes) {
        std::vector<std::uint32_t> left;
        for (const std::uint32_t r : route)
            if (kept[r] != ~0u) left.push_back(kept[r]);
        const bool has_ends = kept[route.front()] != ~0u && kept[route.back()] != ~0u;
        if (has_ends && left.size() == 2)
            more.push_back({left[0], left[1]});
        else if (has_ends)
            routes.push_back(std::move(left));
    }
    raw.banned_routes = std::move(routes);
    std::sort(more.begin(), more.end());
    more.erase(std::unique(more.begin(), more.end()), more.end());
    raw.banned_turns = std::move(more);
}

} // namespace

void join_crossings(raw_map& raw) {
    constexpr std::uint32_t gone = ~0u;
    groups joined(raw.intersections);
    for (const std::uint32_t r : joints(raw.roads)) joined.join(raw.roads[r].from, raw.roads[r].to);

    std::vector<intersection> left;
    std::vector<std::uint32_t> number(raw.intersections.size());
    for (std::uint32_t i = 0; i < raw.intersections.size(); ++i) {
        const std::uint32_t root = joined.root(i); // not above i, so it has its number
        if (root == i) {
            number[i] = static_cast<std::uint32_t>(left.size());
            left.push_back({joined.middle(i)});
        }
        number[i] = number[root];
        left[number[i]].signals |= raw.intersections[i].signals;
        left[number[i]].roundabout |= raw.intersections[i].roundabout;
    }

    std::vector<inner_network> crossings(left.size());
    numbers kept(raw.roads.size(), gone);
    std::uint32_t count = 0;
    for (std::uint32_t r = 0; r < raw.roads.size(); ++r) {
        const raw_road& road = raw.roads[r];
        if (number[road.from] == number[road.to] && length_of(road.course) <= crossing_max) {
            crossings[number[road.from]].inside.push_back(r);
            continue;
        }
        kept[r] = count++;
        crossings[number[road.from]].out.push_back(r);
        crossings[number[road.to]].in.push_back(r);
    }
    if (count == 0) return;

    std::vector<raw_turn> banned;
    for (std::uint32_t i = 0; i < crossings.size(); ++i) {
        const inner_network& crossing = crossings[i];
        if (crossing.inside.empty()) continue;
        const auto is_ring = [&](std::uint32_t r) { return raw.roads[r].ring; };
        left[i].roundabout |=
            std::any_of(crossing.inside.begin(), crossing.inside.end(), is_ring) &&
            std::none_of(crossing.out.begin(), crossing.out.end(), is_ring);
        for (const std::uint32_t in : crossing.in) {
            const auto reached = reached_from(raw, crossing, in);
            for (const std::uint32_t out : crossing.out)
                if (!is_way_back(raw.roads[in], raw.roads[out]) &&
                    std::find(reached.begin(), reached.end(), out) == reached.end())
                    banned.push_back({kept[in], kept[out]});
        }
    }
    renumber_bans(raw, kept, std::move(banned));

    std::vector<raw_road> roads;
    roads.reserve(count);
    for (std::uint32_t r = 0; r < raw.roads.size(); ++r) {
        raw_road road = std::move(raw.roads[r]);
        if (kept[r] == gone) {
            raw.inner_roads.push_back({road.way, road.backward, road.part, number[road.from]});
            continue;
        }
        road.from = number[road.from];
        road.to = number[road.to];
        lead_to(left[road.from].at, left[road.to].at, road.course);
        roads.push_back(std::move(road));
    }
    raw.roads = std::move(roads);
    raw.intersections = std::move(left);
}

} // namespace city
