// SPDX-License-Identifier: MIT
#include "road_map.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;

/// Outgoing roads by intersection, as offsets into a list.
struct outgoing {
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> roads;

    outgoing(std::size_t intersections, const std::vector<raw_road>& all)
        : first(intersections + 1), roads(all.size()) {
        for (const raw_road& r : all) ++first[r.from + 1];
        std::partial_sum(first.begin(), first.end(), first.begin());
        std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
        for (std::uint32_t i = 0; i < all.size(); ++i) roads[next[all[i].from]++] = i;
    }
};

/// The strongly connected part of each intersection, by Tarjan's algorithm (Depth-First Search and
/// Linear Graph Algorithms, 1972), with a stack of its own instead of recursion.
std::vector<std::uint32_t> strong_parts(std::size_t intersections,
                                        const std::vector<raw_road>& roads) {
    const outgoing out(intersections, roads);
    std::vector<std::uint32_t> part(intersections, none), order(intersections, none),
        low(intersections), stack, path;
    std::vector<std::uint32_t> next(out.first.begin(), out.first.end() - 1);
    std::uint32_t visited = 0, parts = 0;
    for (std::uint32_t root = 0; root < intersections; ++root) {
        if (order[root] != none) continue;
        path.push_back(root);
        while (!path.empty()) {
            const std::uint32_t v = path.back();
            if (order[v] == none) {
                order[v] = low[v] = visited++;
                stack.push_back(v);
            }
            if (next[v] < out.first[v + 1]) {
                const std::uint32_t w = roads[out.roads[next[v]++]].to;
                if (order[w] == none)
                    path.push_back(w);
                else if (part[w] == none)
                    low[v] = std::min(low[v], order[w]);
                continue;
            }
            path.pop_back();
            if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[v]);
            if (low[v] != order[v]) continue;
            for (std::uint32_t w = none; w != v;) {
                w = stack.back();
                stack.pop_back();
                part[w] = parts;
            }
            ++parts;
        }
    }
    return part;
}

} // namespace

float length_of(const std::vector<point>& course) {
    double sum = 0;
    for (std::size_t i = 1; i < course.size(); ++i)
        sum += std::hypot(double{course[i].x} - course[i - 1].x,
                          double{course[i].y} - course[i - 1].y);
    return static_cast<float>(sum);
}

double road_map::lane_km() const {
    double metres = 0;
    for (const road& r : roads) metres += double{r.length} * r.lanes;
    return metres / 1000;
}

road_map assemble(std::vector<intersection> intersections, std::vector<raw_road> roads,
                  std::size_t& left_out) {
    road_map map;
    left_out = 0;
    const auto part = strong_parts(intersections.size(), roads);
    std::vector<double> metres(intersections.size() + 1);
    for (const raw_road& r : roads)
        if (part[r.from] == part[r.to]) metres[part[r.from]] += length_of(r.course);
    const auto largest =
        static_cast<std::uint32_t>(std::max_element(metres.begin(), metres.end()) - metres.begin());

    std::vector<std::uint32_t> number(intersections.size(), none);
    std::vector<std::uint32_t> street;
    for (raw_road& raw : roads) {
        if (part[raw.from] != largest || part[raw.to] != largest) {
            ++left_out;
            continue;
        }
        for (std::uint32_t end : {raw.from, raw.to}) {
            if (number[end] != none) continue;
            number[end] = static_cast<std::uint32_t>(map.intersections.size());
            map.intersections.push_back(intersections[end]);
        }
        road r;
        r.from = number[raw.from];
        r.to = number[raw.to];
        r.length = std::max(length_of(raw.course), shortest_road);
        r.speed_limit = raw.speed_limit;
        r.first_lane = map.lanes();
        r.lanes = raw.lanes;
        r.kind = raw.kind;
        r.first_point = static_cast<std::uint32_t>(map.points.size());
        r.points = static_cast<std::uint32_t>(raw.course.size());
        map.points.insert(map.points.end(), raw.course.begin(), raw.course.end());
        map.roads.push_back(r);
        street.push_back(raw.street);
    }

    std::vector<std::vector<std::uint32_t>> from(map.intersections.size());
    for (std::uint32_t i = 0; i < map.roads.size(); ++i) from[map.roads[i].from].push_back(i);
    for (std::uint32_t i = 0; i < map.roads.size(); ++i) {
        road& r = map.roads[i];
        r.first_turn = static_cast<std::uint32_t>(map.turns.size());
        for (std::uint32_t next : from[r.to]) {
            const bool way_back = street[next] == street[i] && map.roads[next].to == r.from;
            if (!way_back || from[r.to].size() == 1) map.turns.push_back(next);
        }
        r.turns = static_cast<std::uint32_t>(map.turns.size()) - r.first_turn;
    }
    return map;
}

} // namespace city
