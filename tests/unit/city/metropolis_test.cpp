// SPDX-License-Identifier: MIT
//
// The generated city: the grid, its size, and that a seed makes it.
#include "city/map/metropolis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace {

using city::make_grid;
using city::make_metropolis;
using city::point;
using city::road;
using city::road_class;
using city::road_map;

bool are_equal(const road_map& a, const road_map& b) {
    const auto same_point = [](const point& p, const point& q) { return p.x == q.x && p.y == q.y; };
    const auto same_road = [](const road& p, const road& q) {
        return p.from == q.from && p.to == q.to && p.length == q.length && p.lanes == q.lanes &&
               p.speed_limit == q.speed_limit && p.kind == q.kind;
    };
    const auto same_turn = [](const city::turn& p, const city::turn& q) {
        return p.to == q.to && p.from_lanes == q.from_lanes && p.to_lanes == q.to_lanes &&
               p.kind == q.kind && p.rank == q.rank;
    };
    return std::equal(a.turns.begin(), a.turns.end(), b.turns.begin(), b.turns.end(), same_turn) &&
           std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                      same_point) &&
           std::equal(a.roads.begin(), a.roads.end(), b.roads.begin(), b.roads.end(), same_road);
}

TEST(metropolis, a_grid_has_a_street_between_all_neighbours) {
    const road_map map = make_grid(3, 5, 100, 1);
    EXPECT_EQ(map.intersections.size(), 15u);
    EXPECT_EQ(map.roads.size(), 2u * (3 * 4 + 2 * 5));
    for (const road& r : map.roads) {
        EXPECT_GT(r.length, 100 * 0.7f);
        EXPECT_LT(r.length, 100 * 1.3f);
        EXPECT_EQ(r.points, 2u);
        EXPECT_GE(r.turns, 1u);
        const point a = map.intersections[r.from].at, b = map.intersections[r.to].at;
        EXPECT_NEAR(r.length, std::hypot(a.x - b.x, a.y - b.y), 0.01);
    }
}

TEST(metropolis, every_street_goes_both_ways) {
    const road_map map = make_grid(6, 6, 120, 3);
    std::set<std::pair<std::uint32_t, std::uint32_t>> roads;
    for (const road& r : map.roads) EXPECT_TRUE(roads.insert({r.from, r.to}).second);
    for (const auto& [from, to] : roads) EXPECT_TRUE(roads.contains({to, from}));
}

TEST(metropolis, every_fourth_street_is_an_arterial_with_signals_where_two_meet) {
    const road_map map = make_grid(9, 9, 100, 1); // arterials: lines 1 and 5
    EXPECT_EQ(std::count_if(map.intersections.begin(), map.intersections.end(),
                            [](const auto& i) { return i.signals; }),
              4);
    std::size_t arterials = 0;
    for (const road& r : map.roads) {
        const bool wide = r.kind == road_class::primary;
        arterials += wide;
        EXPECT_EQ(r.lanes, wide ? 2u : 1u);
        EXPECT_FLOAT_EQ(r.speed_limit, (wide ? 50 : 30) / 3.6f);
    }
    EXPECT_EQ(arterials, 4u * 8 * 2); // four lines of eight streets, both ways
    EXPECT_EQ(map.lanes(), map.roads.size() + arterials);
}

TEST(metropolis, a_seed_makes_one_city_and_another_seed_another) {
    EXPECT_TRUE(are_equal(make_metropolis(5000, 7), make_metropolis(5000, 7)));
    EXPECT_FALSE(are_equal(make_metropolis(5000, 7), make_metropolis(5000, 8)));
}

TEST(metropolis, it_lies_around_its_middle_and_nobody_has_to_be_named) {
    const road_map map = make_metropolis(50'000, 1);
    double x = 0, y = 0, far = 0;
    for (const auto& i : map.intersections) {
        x += i.at.x;
        y += i.at.y;
        far = std::max(far, static_cast<double>(std::hypot(i.at.x, i.at.y)));
    }
    EXPECT_LT(std::hypot(x, y) / static_cast<double>(map.intersections.size()), 0.25 * far);
    EXPECT_TRUE(map.attribution.empty());
}

TEST(metropolis, it_has_about_twenty_five_metres_of_lane_for_each_of_its_people) {
    for (const std::uint64_t people : {10'000ull, 100'000ull, 400'000ull})
        for (const std::uint64_t seed : {1ull, 2ull}) {
            const double metres = make_metropolis(people, seed).lane_km() * 1000;
            EXPECT_GT(metres / static_cast<double>(people), 19) << people;
            EXPECT_LT(metres / static_cast<double>(people), 32) << people;
        }
}

TEST(metropolis, a_village_has_four_districts_at_least) {
    for (const std::uint64_t people : {0ull, 1ull, 100ull})
        EXPECT_GT(make_metropolis(people, 1).intersections.size(), 60u) << people;
}

TEST(metropolis, there_are_no_tiny_roads_and_no_absurd_crossings) {
    for (const std::uint64_t seed : {1ull, 2ull, 3ull, 4ull}) {
        const road_map map = make_metropolis(150'000, seed);
        std::vector<int> ends(map.intersections.size());
        for (const road& r : map.roads) {
            EXPECT_GT(r.length, 25) << "seed " << seed;
            EXPECT_LT(r.length, 8000) << "seed " << seed;
            EXPECT_LE(r.turns, 6u);
            ++ends[r.to];
        }
        EXPECT_LE(*std::max_element(ends.begin(), ends.end()), 6) << "seed " << seed;
        EXPECT_LT(std::count_if(ends.begin(), ends.end(), [](int n) { return n > 4; }),
                  static_cast<std::ptrdiff_t>(ends.size() / 100));
    }
}

TEST(metropolis, streets_have_an_order_and_the_large_city_a_motorway) {
    const auto classes = [](const road_map& map) {
        std::vector<double> km(7);
        for (const road& r : map.roads)
            km[static_cast<std::size_t>(r.kind)] += static_cast<double>(r.length) / 1000;
        return km;
    };
    const auto small = classes(make_metropolis(20'000, 1)),
               large = classes(make_metropolis(600'000, 1));
    EXPECT_EQ(small[0], 0);
    EXPECT_GT(large[0], 40);
    for (const auto& km : {small, large}) {
        EXPECT_GT(km[2], 0);
        EXPECT_GT(km[5], km[4]);
        EXPECT_GT(km[4] + km[3], km[2]);
    }
}

TEST(metropolis, a_motorway_is_entered_and_left_by_ramps_alone) {
    const road_map map = make_metropolis(300'000, 2);
    std::size_t on = 0, off = 0;
    for (const road& r : map.roads)
        for (const city::turn& t : map.turns_of(r)) {
            const road& next = map.roads[t.to];
            const bool from = r.kind == road_class::motorway && !r.link,
                       to = next.kind == road_class::motorway && !next.link;
            on += !from && to && r.link;
            off += from && !to && next.link;
            EXPECT_FALSE(from && t.kind == city::turn_kind::back);
        }
    EXPECT_GT(on, 8u);
    EXPECT_GT(off, 8u);
}

TEST(metropolis, everybody_has_a_home_and_there_is_work_for_every_second) {
    constexpr double people = 60'000;
    const road_map map = make_metropolis(60'000, 3);
    double sums[4] = {};
    for (const road& r : map.roads)
        for (const city::door& d : map.doors_of(r)) {
            EXPECT_TRUE(city::may_have_doors(r));
            EXPECT_GE(d.position, 0);
            EXPECT_LE(d.position, r.length);
            EXPECT_GT(d.weight, 0);
            sums[static_cast<std::size_t>(d.kind)] += static_cast<double>(d.weight);
        }
    EXPECT_NEAR(sums[0], people, people / 100);
    EXPECT_NEAR(sums[1], people / 2, people / 100);
    EXPECT_GT(sums[2], people / 4);
    EXPECT_NEAR(sums[3], people * 0.15, people / 100);
}

} // namespace
