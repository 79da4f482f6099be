// SPDX-License-Identifier: MIT
#include "order.hpp"

#include "cut.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace city {
namespace {

constexpr std::uint32_t none = ~0u;

/// Of all, in hundredths, at each end: the cut is looked for in between. A narrow band finds a cut
/// in the middle where all are equally good, a wide one a river with few bridges.
constexpr std::uint32_t end_percents[] = {45, 25};

struct direction {
    std::int64_t x, y;
};
constexpr direction directions[] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

struct place {
    std::int64_t x = 0, y = 0; ///< centimetres
};

class dissection {
public:
    explicit dissection(const road_map& map)
        : map_(map), local_(map.intersections.size(), none), first_(map.intersections.size() + 1) {
        for (const intersection& i : map.intersections)
            places_.push_back(
                {std::llround(double{i.at.x} * 100), std::llround(double{i.at.y} * 100)});
        for (const road& r : map.roads) ++first_[r.from + 1], ++first_[r.to + 1];
        std::partial_sum(first_.begin(), first_.end(), first_.begin());
        at_.resize(first_.back());
        std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
        for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
            at_[next[map.roads[r].from]++] = r;
            at_[next[map.roads[r].to]++] = r;
        }
    }

    std::vector<std::uint32_t> order() {
        std::vector<std::vector<std::uint32_t>> open(1);
        open[0].resize(map_.intersections.size());
        std::iota(open[0].begin(), open[0].end(), 0u);
        placed_.assign(map_.roads.size(), false);
        // The most important first; turned round at the end.
        while (!open.empty()) {
            const std::vector<std::uint32_t> cell = std::move(open.back());
            open.pop_back();
            if (cell.size() < 2) {
                for (std::uint32_t v : cell) place_loops(v);
                continue;
            }
            const std::vector<bool> side = halve(cell);
            std::vector<std::uint32_t> halves[2];
            for (std::uint32_t i = 0; i < cell.size(); ++i) halves[side[i]].push_back(cell[i]);
            place_crossing(cell, side);
            open.push_back(std::move(halves[0]));
            open.push_back(std::move(halves[1]));
        }
        std::reverse(order_.begin(), order_.end());
        return std::move(order_);
    }

private:
    std::uint32_t other_end(std::uint32_t road, std::uint32_t v) const {
        return map_.roads[road].from ^ map_.roads[road].to ^ v;
    }

    /// Which side of the best cut each intersection of a cell is on. Sets local_ for the cell, and
    /// for nobody else.
    std::vector<bool> halve(std::span<const std::uint32_t> cell) {
        for (std::uint32_t v : last_cell_) local_[v] = none;
        last_cell_.assign(cell.begin(), cell.end());
        for (std::uint32_t i = 0; i < cell.size(); ++i) local_[cell[i]] = i;
        build_graph(cell);

        graph_cut best;
        const auto size = static_cast<std::uint32_t>(cell.size());
        std::vector<std::pair<std::int64_t, std::uint32_t>> along(size);
        std::vector<std::uint32_t> sequence(size);
        for (const direction& d : directions) {
            for (std::uint32_t i = 0; i < size; ++i) {
                const place& p = places_[cell[i]];
                along[i] = {p.x * d.x + p.y * d.y, i};
            }
            std::sort(along.begin(), along.end());
            for (std::uint32_t i = 0; i < size; ++i) sequence[i] = along[i].second;
            for (std::uint32_t percent : end_percents) {
                const auto ends = static_cast<std::uint32_t>(std::uint64_t{size} * percent / 100);
                graph_cut cut = finder_.find(graph_, sequence, std::max(ends, 1u), best);
                if (cut.smaller && (!best.smaller || cut.better_than(best))) best = std::move(cut);
            }
        }
        return std::move(best.side);
    }

    void build_graph(std::span<const std::uint32_t> cell) {
        graph_.first.assign(1, 0);
        graph_.arcs.clear();
        for (std::uint32_t v : cell) {
            const auto begin = static_cast<std::uint32_t>(graph_.arcs.size());
            for (std::uint32_t k = first_[v]; k < first_[v + 1]; ++k) {
                const std::uint32_t to = local_[other_end(at_[k], v)];
                if (to == none || to == local_[v]) continue;
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
    void place_crossing(std::span<const std::uint32_t> cell, const std::vector<bool>& side) {
        for (const bool from_side : {true, false})
            for (std::uint32_t i = 0; i < cell.size(); ++i) {
                if (side[i] != from_side) continue;
                for (std::uint32_t k = first_[cell[i]]; k < first_[cell[i] + 1]; ++k) {
                    const std::uint32_t r = at_[k];
                    if (placed_[r] || map_.roads[r].from != cell[i]) continue;
                    const std::uint32_t to = local_[map_.roads[r].to];
                    if (to != none && side[to] != from_side) put(r);
                }
            }
    }

    void place_loops(std::uint32_t v) {
        for (std::uint32_t k = first_[v]; k < first_[v + 1]; ++k)
            if (!placed_[at_[k]]) put(at_[k]);
    }

    void put(std::uint32_t road) {
        placed_[road] = true;
        order_.push_back(road);
    }

    const road_map& map_;
    std::vector<place> places_;
    std::vector<std::uint32_t> local_;     ///< [intersection] its position in the cell, or none
    std::vector<std::uint32_t> last_cell_; ///< for which local_ is set
    std::vector<std::uint32_t> first_;     ///< [intersection] of its roads in at_
    std::vector<std::uint32_t> at_;        ///< roads that begin or end there
    std::vector<bool> placed_;             ///< [road]
    std::vector<std::uint32_t> order_;
    flow_graph graph_;
    cut_finder finder_;
};

} // namespace

std::vector<std::uint32_t> dissect(const road_map& map) { return dissection(map).order(); }

} // namespace city
