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

} // namespace

void join_crossings(std::vector<intersection>& intersections, std::vector<raw_road>& roads) {
    groups joined(intersections);
    for (const std::uint32_t r : joints(roads)) joined.join(roads[r].from, roads[r].to);

    std::vector<intersection> left;
    std::vector<std::uint32_t> number(intersections.size());
    for (std::uint32_t i = 0; i < intersections.size(); ++i) {
        const std::uint32_t root = joined.root(i); // not above i, so it has its number
        if (root == i) {
            number[i] = static_cast<std::uint32_t>(left.size());
            left.push_back({joined.middle(i), false});
        }
        number[i] = number[root];
        left[number[i]].signals |= intersections[i].signals;
    }
    std::vector<raw_road> kept;
    for (const raw_road& r : roads) {
        if (number[r.from] == number[r.to] && length_of(r.course) <= crossing_max) continue;
        kept.push_back(r);
        kept.back().from = number[r.from];
        kept.back().to = number[r.to];
        lead_to(left[number[r.from]].at, left[number[r.to]].at, kept.back().course);
    }
    if (kept.empty()) return;
    roads = std::move(kept);
    intersections = std::move(left);
}

} // namespace city
