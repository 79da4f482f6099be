// SPDX-License-Identifier: MIT
#include "turns.hpp"

#include <algorithm>
#include <cstdlib>

namespace city {
namespace {

/// How important a road is at a crossing; the smallest number goes first.
int order_of(const road& r) { return static_cast<int>(r.kind) * 2 + r.link; }

/// The roads that end at a crossing.
using approaches = std::span<const std::uint32_t>;

class judge {
public:
    judge(road_map& map, const std::vector<right_of_way>& signs) : map_(map), signs_(signs) {}

    void decide(const intersection& at, approaches all) {
        if (at.signals) return give(all, right_of_way::signals);
        if (at.roundabout) return give(all, right_of_way::equal);
        if (all.size() == 1) return give(all, right_of_way::priority);
        if (const auto ring = [&](auto r) { return map_.roads[r].ring; };
            std::any_of(all.begin(), all.end(), ring))
            return part(all, ring);
        if (by_signs(all)) return;
        by_class(all);
    }

private:
    void give(approaches all, right_of_way what) {
        for (const std::uint32_t r : all) map_.roads[r].at_end = what;
    }
    template <class IsFirst>
    void part(approaches all, IsFirst is_first) {
        for (const std::uint32_t r : all) {
            const bool stops = signs_[r] == right_of_way::stop;
            map_.roads[r].at_end = is_first(r) ? right_of_way::priority
                                   : stops     ? right_of_way::stop
                                               : right_of_way::give_way;
        }
    }

    bool by_signs(approaches all) {
        std::size_t signs = 0;
        for (const std::uint32_t r : all) signs += signs_[r] != right_of_way::equal;
        if (signs == 0) return false;
        if (signs == all.size())
            for (const std::uint32_t r : all) map_.roads[r].at_end = signs_[r];
        else
            part(all, [&](std::uint32_t r) { return signs_[r] == right_of_way::equal; });
        return true;
    }

    void by_class(approaches all) {
        int first = 1000;
        for (const std::uint32_t r : all) first = std::min(first, order_of(map_.roads[r]));
        const auto is_first = [&](std::uint32_t r) { return order_of(map_.roads[r]) == first; };
        const auto wide = std::count_if(all.begin(), all.end(), is_first);
        if (wide > 2 && first < 2 * static_cast<int>(road_class::residential))
            if (const raw_turn on = straight_pair(all, first); on.first != on.second)
                return part(all, [on](std::uint32_t r) { return r == on.first || r == on.second; });
        if (static_cast<std::size_t>(wide) == all.size()) return give(all, right_of_way::equal);
        part(all, is_first);
    }

    /// The two directions of the street that goes straight on; the fastest, widest, straightest.
    raw_turn straight_pair(approaches all, int order) const {
        raw_turn best{0, 0};
        float best_score = -1;
        for (const std::uint32_t a : all)
            for (const std::uint32_t b : all) {
                if (a >= b || order_of(map_.roads[a]) != order || order_of(map_.roads[b]) != order)
                    continue;
                const turn *there = through(a), *back = through(b);
                if (!there || !back || map_.roads[there->to].to != map_.roads[b].from ||
                    map_.roads[back->to].to != map_.roads[a].from)
                    continue;
                const float score =
                    map_.roads[a].speed_limit * 100 +
                    static_cast<float>(map_.roads[a].lanes + map_.roads[b].lanes) * 50 + 180 -
                    static_cast<float>(std::abs(there->angle));
                if (score > best_score) {
                    best_score = score;
                    best = {a, b};
                }
            }
        return best;
    }
    const turn* through(std::uint32_t r) const {
        for (const turn& t : map_.turns_of(map_.roads[r]))
            if (t.kind == turn_kind::through) return &t;
        return nullptr;
    }

    road_map& map_;
    const std::vector<right_of_way>& signs_;
};

std::uint8_t rank_of(right_of_way right, turn_kind kind, bool drives_left) {
    const turn_kind far = drives_left ? turn_kind::right : turn_kind::left;
    const bool crosses = kind == far || kind == turn_kind::back;
    switch (right) {
    case right_of_way::signals:
    case right_of_way::priority: return crosses ? 2 : 1;
    case right_of_way::give_way:
    case right_of_way::stop: return crosses ? 4 : kind == turn_kind::through ? 3 : 2;
    case right_of_way::equal: break;
    }
    return 0;
}

} // namespace

void find_right_of_way(road_map& map, const std::vector<right_of_way>& signs) {
    std::vector<std::uint32_t> by_end(map.roads.size());
    for (std::uint32_t r = 0; r < by_end.size(); ++r) by_end[r] = r;
    std::stable_sort(by_end.begin(), by_end.end(), [&](std::uint32_t a, std::uint32_t b) {
        return map.roads[a].to < map.roads[b].to;
    });
    judge court(map, signs);
    for (std::size_t i = 0; i < by_end.size();) {
        const std::uint32_t at = map.roads[by_end[i]].to;
        std::size_t end = i;
        while (end < by_end.size() && map.roads[by_end[end]].to == at) ++end;
        const approaches all{by_end.data() + i, end - i};
        court.decide(map.intersections[at], all);
        const bool all_stop = std::all_of(all.begin(), all.end(), [&](std::uint32_t r) {
            return map.roads[r].at_end == right_of_way::stop;
        });
        for (const std::uint32_t r : all)
            for (std::uint32_t t = 0; t < map.roads[r].turns; ++t) {
                turn& way = map.turns[map.roads[r].first_turn + t];
                way.rank = all_stop ? std::uint8_t{0}
                                    : rank_of(map.roads[r].at_end, way.kind, map.drives_left);
            }
        i = end;
    }
}

} // namespace city
