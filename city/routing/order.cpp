// SPDX-License-Identifier: MIT
#include "order.hpp"

#include "cut.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <future>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;

/// Of all, in hundredths, at each end: the cut is looked for in the band between. Wide ends find
/// one in the middle where all are equally good, narrow ones a river with few bridges.
constexpr std::uint32_t narrow_ends = 25, wide_ends = 45;

struct direction {
    std::int64_t x, y;
};
constexpr direction directions[] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

struct place {
    std::int64_t x = 0, y = 0; ///< centimetres
};

/// A road as it is seen from one of its ends.
struct road_end {
    std::uint32_t road = 0;
    std::uint32_t other = 0; ///< intersection at the other end
};

/// The whole map, which all threads read.
struct street_graph {
    const road_map& map;
    std::vector<place> places;        ///< [intersection]
    std::vector<std::uint32_t> first; ///< [intersection] of its roads, and where the last one's end
    std::vector<road_end> ends;       ///< a loop has two at its intersection

    explicit street_graph(const road_map& all)
        : map(all), first(all.intersections.size() + 1), ends(2 * all.roads.size()) {
        places.reserve(all.intersections.size());
        for (const intersection& i : all.intersections)
            places.push_back(
                {std::llround(double{i.at.x} * 100), std::llround(double{i.at.y} * 100)});
        for (const road& r : all.roads) ++first[r.from + 1], ++first[r.to + 1];
        std::partial_sum(first.begin(), first.end(), first.begin());
        std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
        for (std::uint32_t r = 0; r < all.roads.size(); ++r) {
            const road& way = all.roads[r];
            ends[next[way.from]++] = {r, way.to};
            ends[next[way.to]++] = {r, way.from};
        }
    }
    std::span<const road_end> ends_at(std::uint32_t v) const {
        return std::span(ends).subspan(first[v], first[v + 1] - first[v]);
    }
};

/// Some intersections of the map.
struct cell {
    std::vector<std::uint32_t> all;                                      ///< ascending
    std::array<std::vector<std::uint32_t>, std::size(directions)> along; ///< by each direction

    /// Those for which it holds.
    template <class Which>
    cell part(Which&& which) const {
        cell some;
        const auto copy = [&](const auto& from, auto& to) {
            std::copy_if(from.begin(), from.end(), std::back_inserter(to), which);
        };
        copy(all, some.all);
        for (std::size_t d = 0; d < along.size(); ++d) copy(along[d], some.along[d]);
        return some;
    }
};

cell whole(const street_graph& streets) {
    cell made;
    made.all.resize(streets.places.size());
    std::iota(made.all.begin(), made.all.end(), 0u);
    for (std::size_t d = 0; d < made.along.size(); ++d) {
        const auto far = [&](std::uint32_t v) {
            const place& p = streets.places[v];
            return p.x * directions[d].x + p.y * directions[d].y;
        };
        made.along[d] = made.all;
        std::sort(made.along[d].begin(), made.along[d].end(),
                  [&](auto a, auto b) { return std::pair(far(a), a) < std::pair(far(b), b); });
    }
    return made;
}

/// What one thread does. The most important roads come first.
class dissection {
public:
    explicit dissection(const street_graph& streets)
        : streets_(streets), local_(streets.places.size(), none) {}

    /// The order of all roads between intersections of a cell. As long as it is told to, the other
    /// half of each cut is left to another thread.
    std::vector<std::uint32_t> order(const cell& all, int cuts_with_help) {
        dissect(all, cuts_with_help);
        return std::move(order_);
    }

private:
    void dissect(const cell& all, int cuts_with_help) {
        if (all.all.size() < 2) {
            for (std::uint32_t v : all.all) put_loops(v);
            return;
        }
        const std::vector<bool> side = halve(all);
        put_crossing(all, side);
        const cell one = all.part([&](std::uint32_t v) { return side[local_[v]]; });
        const cell other = all.part([&](std::uint32_t v) { return !side[local_[v]]; });
        if (cuts_with_help == 0) {
            dissect(one, 0);
            dissect(other, 0);
            return;
        }
        auto others = std::async(std::launch::async, [&] {
            return dissection(streets_).order(other, cuts_with_help - 1);
        });
        dissect(one, cuts_with_help - 1);
        const std::vector<std::uint32_t> roads = others.get();
        order_.insert(order_.end(), roads.begin(), roads.end());
    }

    /// Which side of the best cut each intersection of a cell is on. Sets local_ for the cell, and
    /// for nobody else.
    std::vector<bool> halve(const cell& all) {
        for (std::uint32_t v : last_cell_) local_[v] = none;
        last_cell_ = all.all;
        const auto size = static_cast<std::uint32_t>(all.all.size());
        for (std::uint32_t i = 0; i < size; ++i) local_[all.all[i]] = i;
        build_graph(all.all);

        graph_cut best;
        std::vector<std::uint32_t> sequence(size);
        for (const std::vector<std::uint32_t>& along : all.along) {
            for (std::uint32_t i = 0; i < size; ++i) sequence[i] = local_[along[i]];
            finder_.begin(graph_, sequence);
            const auto find = [&](std::uint32_t percent) {
                const auto ends = static_cast<std::uint32_t>(std::uint64_t{size} * percent / 100);
                return finder_.find(std::max(ends, 1u), best);
            };
            graph_cut in_wide_band = find(narrow_ends), in_narrow_band = find(wide_ends);
            for (graph_cut* cut : {&in_narrow_band, &in_wide_band})
                if (cut->smaller && (!best.smaller || cut->better_than(best)))
                    best = std::move(*cut);
        }
        return std::move(best.side);
    }

    void build_graph(std::span<const std::uint32_t> cell) {
        graph_.first.assign(1, 0);
        graph_.arcs.clear();
        for (std::uint32_t v : cell) {
            const auto begin = static_cast<std::uint32_t>(graph_.arcs.size());
            for (const road_end& e : streets_.ends_at(v)) {
                const std::uint32_t to = local_[e.other];
                if (to == none || e.other == v) continue;
                std::uint32_t a = begin;
                while (a < graph_.arcs.size() && graph_.arcs[a].to != to) ++a;
                if (a == graph_.arcs.size()) graph_.arcs.push_back({to, none, 0, 0});
                ++graph_.arcs[a].at_rest;
            }
            graph_.first.push_back(static_cast<std::uint32_t>(graph_.arcs.size()));
        }
        for (std::uint32_t v = 0; v < graph_.size(); ++v)
            for (std::uint32_t a = graph_.first[v]; a < graph_.first[v + 1]; ++a) {
                const std::uint32_t to = graph_.arcs[a].to;
                for (std::uint32_t b = graph_.first[to]; b < graph_.first[to + 1]; ++b)
                    if (graph_.arcs[b].to == v) graph_.arcs[a].back = b;
            }
    }

    /// Those of one direction together: no two of them ever become neighbours below them.
    void put_crossing(const cell& all, const std::vector<bool>& side) {
        for (const bool from_side : {true, false})
            for (std::uint32_t i = 0; i < all.all.size(); ++i) {
                if (side[i] != from_side) continue;
                const std::uint32_t v = all.all[i];
                for (const road_end& e : streets_.ends_at(v)) {
                    const std::uint32_t to = local_[e.other];
                    if (to == none || side[to] == from_side) continue;
                    if (streets_.map.roads[e.road].from == v) order_.push_back(e.road);
                }
            }
    }

    void put_loops(std::uint32_t v) {
        std::uint32_t last = none;
        for (const road_end& e : streets_.ends_at(v)) {
            if (e.other == v && e.road != last) order_.push_back(e.road);
            last = e.road;
        }
    }

    const street_graph& streets_;
    std::vector<std::uint32_t> local_;     ///< [intersection] its position in the cell, or none
    std::vector<std::uint32_t> last_cell_; ///< for which local_ is set
    std::vector<std::uint32_t> order_;
    flow_graph graph_;
    cut_finder finder_;
};

} // namespace

std::vector<std::uint32_t> dissect(const road_map& map) {
    constexpr int cuts_with_help = 3; // eight threads at most
    const street_graph streets(map);
    std::vector<std::uint32_t> order = dissection(streets).order(whole(streets), cuts_with_help);
    std::reverse(order.begin(), order.end());
    return order;
}

} // namespace city
