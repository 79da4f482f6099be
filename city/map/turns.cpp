// SPDX-License-Identifier: MIT
#include "turns.hpp"

#include <kay/core/math.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace city {
namespace {

constexpr double far_enough = 25;      ///< metres of a course that tell its direction
constexpr double within_crossing = 15; ///< metres that may lead to a crossing's middle only
constexpr double long_enough = 60;     ///< metres of a course that can do without those
constexpr int through_max = 50;        ///< degrees
constexpr int back_min = 165;          ///< degrees

/// The point of a course so many metres from its start, or from its end.
point point_on(std::span<const point> course, bool from_end, double metres) {
    const std::size_t last = course.size() - 1;
    point here = from_end ? course[last] : course[0];
    for (std::size_t i = 1; i <= last; ++i) {
        const point next = from_end ? course[last - i] : course[i];
        const double dx = double{next.x} - here.x, dy = double{next.y} - here.y,
                     step = std::sqrt(dx * dx + dy * dy);
        if (metres < step) {
            const auto part = static_cast<float>(metres / step);
            return {here.x + (next.x - here.x) * part, here.y + (next.y - here.y) * part};
        }
        metres -= step;
        here = next;
    }
    return here;
}

/// Which way a course goes at its start, or at its end.
point direction(std::span<const point> course, bool at_end) {
    const double skipped = length_of(course) > long_enough ? within_crossing : 0;
    const point near = point_on(course, at_end, skipped),
                far = point_on(course, at_end, skipped + far_enough);
    return at_end ? point{near.x - far.x, near.y - far.y} : point{far.x - near.x, far.y - near.y};
}

std::uint8_t bits(unsigned first, unsigned count) {
    return static_cast<std::uint8_t>(((1u << count) - 1) << first);
}
std::uint8_t leftmost(unsigned count, unsigned lanes) { return bits(0, std::min(count, lanes)); }
std::uint8_t rightmost(unsigned count, unsigned lanes) {
    const unsigned some = std::min(count, lanes);
    return bits(lanes - some, some);
}
unsigned lanes_in(std::uint8_t lanes) { return static_cast<unsigned>(std::popcount(lanes)); }

/// The turns at the end of one road.
struct approach_turns {
    road_map& map;
    const road& from;
    std::span<turn> all;
    turn* through = nullptr;

    approach_turns(road_map& m, const road& r)
        : map(m), from(r), all(m.turns.data() + r.first_turn, r.turns) {}

    const road& to(const turn& t) const { return map.roads[t.to]; }

    void find_kinds(bool through_is_marked) {
        for (turn& t : all) {
            if (t.kind != turn_kind::back) {
                t.angle = static_cast<std::int16_t>(
                    angle_between(map.course_of(from), map.course_of(to(t))));
                if (std::abs(t.angle) >= back_min) t.kind = turn_kind::back;
            }
            if (t.kind == turn_kind::back) t.angle = map.drives_left ? -180 : 180;
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const turn& a, const turn& b) { return a.angle > b.angle; });
        const auto cost = [&](const turn& t) {
            const int narrower = static_cast<int>(to(t).kind) - static_cast<int>(from.kind);
            return std::abs(t.angle) + 12 * std::max(narrower, 0) +
                   (to(t).link && !from.link ? 30 : 0);
        };
        const int widest = through_is_marked ? 100 : through_max;
        for (turn& t : all)
            if (t.kind != turn_kind::back && std::abs(t.angle) <= widest &&
                (!through || cost(t) < cost(*through)))
                through = &t;
        for (turn& t : all)
            if (t.kind != turn_kind::back)
                t.kind = &t == through                            ? turn_kind::through
                         : (through ? &t < through : t.angle > 0) ? turn_kind::left
                                                                  : turn_kind::right;
    }

    /// In a curve that begins and ends so many metres before and behind the corner one drives as
    /// fast as is comfortable. Where drivers turn off a fast road, its ramp is built for it.
    void find_speeds() {
        constexpr double near_side = 8, far_side = 12, back = 3; // metres
        constexpr double sideways = 4;                           // metres in a second, each second
        constexpr int ramp_max = 60;                             // degrees
        for (turn& t : all) {
            const bool is_ramp = from.link || to(t).link || from.kind <= road_class::trunk;
            if (t.kind == turn_kind::through || (is_ramp && std::abs(t.angle) < ramp_max)) continue;
            const bool is_near = (t.kind == turn_kind::right) != map.drives_left;
            const double corner = is_near ? near_side : far_side;
            const double half = std::abs(t.angle) * std::numbers::pi / 360;
            const double radius =
                std::max(corner * kay::math::cos(half) / kay::math::sin(half), back);
            t.speed = static_cast<std::uint8_t>(
                std::min(10 * kay::math::sqrt(sideways * radius), double{turn::any_speed}));
        }
    }

    turn* outermost(turn_kind kind) {
        if (kind == turn_kind::left) {
            for (turn& t : all)
                if (t.kind == kind) return &t;
        } else {
            for (std::size_t i = all.size(); i-- > 0;)
                if (all[i].kind == kind) return &all[i];
        }
        return nullptr;
    }

    void use_marks(const lane_marks& marks) {
        arrows seen = 0;
        for (unsigned l = 0; l < from.lanes; ++l) seen |= marks[l] ? marks[l] : arrow_through;
        const bool has_left = outermost(turn_kind::left), has_right = outermost(turn_kind::right);
        for (turn& t : all) {
            arrows wanted = t.kind == turn_kind::left    ? arrow_left
                            : t.kind == turn_kind::right ? arrow_right
                            : t.kind == turn_kind::back  ? arrow_back
                                                         : arrow_through;
            // A fork is marked by left and right, though one of them may go nearly straight on.
            if (t.kind == turn_kind::through && !(seen & arrow_through))
                wanted = static_cast<arrows>((has_left ? 0 : arrow_left) |
                                             (has_right ? 0 : arrow_right));
            for (unsigned l = 0; l < from.lanes; ++l)
                if ((marks[l] ? marks[l] : arrow_through) & wanted) t.from_lanes |= bits(l, 1);
        }
    }

    /// Through traffic gets as many lanes as lead on; what is left over is for those who turn, who
    /// else share the outer ones.
    void use_defaults() {
        const unsigned n = from.lanes;
        turn *left = outermost(turn_kind::left), *right = outermost(turn_kind::right);
        unsigned for_left = 0, for_right = 0;
        if (!through && left && right) {
            for_left = std::max(1u, n - n / 2);
            for_right = std::max(1u, n / 2);
        } else if (!through) {
            for_left = for_right = n;
        } else {
            const unsigned ahead = to(*through).lanes;
            unsigned extra = n > ahead ? n - ahead : 0;
            const bool may_dedicate = n >= 3 && from.kind > road_class::trunk && !from.link;
            if (extra == 0 && may_dedicate && (map.drives_left ? right : left)) extra = 1;
            for_left = !left ? 0 : !right ? extra : map.drives_left ? extra / 2 : extra - extra / 2;
            for_right = !right ? 0 : extra - for_left;
            if (left) for_left = std::min(for_left, to(*left).lanes);
            if (right) for_right = std::min(for_right, to(*right).lanes);
            through->from_lanes = bits(for_left, n - for_left - for_right);
        }
        for (turn& t : all) {
            if (t.kind == turn_kind::left) t.from_lanes = leftmost(std::max(1u, for_left), n);
            if (t.kind == turn_kind::right) t.from_lanes = rightmost(std::max(1u, for_right), n);
        }
    }

    /// Every turn has a lane and every lane a turn.
    void fill_gaps() {
        const unsigned n = from.lanes;
        std::uint8_t used = 0;
        for (turn& t : all) {
            const bool is_left =
                t.kind == turn_kind::left || (t.kind == turn_kind::back && !map.drives_left);
            if (!t.from_lanes)
                t.from_lanes = t.kind == turn_kind::through ? bits(0, n)
                               : all.size() == 1            ? bits(0, n)
                               : is_left                    ? bits(0, 1)
                                                            : bits(n - 1, 1);
            used |= t.from_lanes;
        }
        for (unsigned l = 0; l < n; ++l) {
            if (used & bits(l, 1)) continue;
            turn& nearest = through ? *through : l < (n + 1) / 2 ? all.front() : all.back();
            nearest.from_lanes |= bits(l, 1);
        }
    }

    void find_lanes_ahead() {
        for (turn& t : all) {
            const unsigned n = lanes_in(t.from_lanes), m = to(t).lanes;
            const bool is_right =
                t.kind == turn_kind::right || (t.kind == turn_kind::back && map.drives_left);
            t.to_lanes = t.kind == turn_kind::through ? bits(0, m)
                         : is_right                   ? rightmost(n, m)
                                                      : leftmost(n, m);
        }
    }
};

/// Where a ramp comes in beside a main road, each has its own side.
void part_where_ramps_merge(road_map& map) {
    struct entry {
        std::uint32_t to, from;
        turn* way;
    };
    std::vector<entry> entries;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r)
        for (std::uint32_t i = 0; i < map.roads[r].turns; ++i) {
            turn& t = map.turns[map.roads[r].first_turn + i];
            if (t.kind == turn_kind::through && !map.roads[t.to].link)
                entries.push_back({t.to, r, &t});
        }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const entry& a, const entry& b) { return a.to < b.to; });
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
        if (entries[i].to != entries[i + 1].to) continue;
        entry main = entries[i], ramp = entries[i + 1];
        if (map.roads[main.from].link) std::swap(main, ramp);
        if (map.roads[main.from].link || !map.roads[ramp.from].link) continue;
        const unsigned m = map.roads[main.to].lanes, n = lanes_in(ramp.way->from_lanes),
                       beside = lanes_in(main.way->from_lanes);
        const bool from_right = ramp.way->angle >= main.way->angle;
        ramp.way->to_lanes = from_right ? rightmost(n, m) : leftmost(n, m);
        if (beside + n <= m)
            main.way->to_lanes = from_right ? leftmost(m - n, m) : rightmost(m - n, m);
    }
}

} // namespace

int angle_between(std::span<const point> from, std::span<const point> to) {
    const point a = direction(from, true), b = direction(to, false);
    const double cross = double{a.x} * b.y - double{a.y} * b.x,
                 along = double{a.x} * b.x + double{a.y} * b.y;
    if (cross == 0 && along == 0) return 0;
    return static_cast<int>(std::lround(kay::math::atan2(cross, along) * 180 / std::numbers::pi));
}

void find_lanes(road_map& map, const std::vector<lane_marks>& marks) {
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const road& from = map.roads[r];
        approach_turns turns(map, from);
        arrows seen = 0;
        for (const arrows a : marks[r]) seen |= a;
        turns.find_kinds(seen & arrow_through);
        turns.find_speeds();
        if (seen)
            turns.use_marks(marks[r]);
        else
            turns.use_defaults();
        turns.fill_gaps();
        turns.find_lanes_ahead();
    }
    part_where_ramps_merge(map);
}

} // namespace city
