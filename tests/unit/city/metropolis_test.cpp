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
    const road_map map = make_metropolis(5000, 1);
    double x = 0, y = 0;
    for (const auto& i : map.intersections) x += i.at.x, y += i.at.y;
    EXPECT_NEAR(x / static_cast<double>(map.intersections.size()), 0, 10);
    EXPECT_NEAR(y / static_cast<double>(map.intersections.size()), 0, 10);
    EXPECT_TRUE(map.attribution.empty());
}

TEST(metropolis, it_has_about_twenty_five_metres_of_lane_for_each_of_its_people) {
    for (const std::uint64_t people : {10'000ull, 100'000ull, 400'000ull}) {
        const double metres = make_metropolis(people, 1).lane_km() * 1000;
        EXPECT_GT(metres / static_cast<double>(people), 20) << people;
        EXPECT_LT(metres / static_cast<double>(people), 30) << people;
    }
}

TEST(metropolis, a_village_has_a_hundred_crossings_all_the_same) {
    for (const std::uint64_t people : {1ull, 100ull, 2500ull})
        EXPECT_EQ(make_metropolis(people, 1).intersections.size(), 100u) << people;
    EXPECT_EQ(make_metropolis(2501, 1).intersections.size(), 121u);
}

} // namespace
