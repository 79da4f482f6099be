// SPDX-License-Identifier: MIT
#include "city/map/join.hpp"

#include <gtest/gtest.h>

namespace {

using city::intersection;
using city::join_crossings;
using city::raw_map;
using city::raw_road;
using city::road_class;

raw_road between(const std::vector<intersection>& at, std::uint32_t from, std::uint32_t to,
                 road_class kind = road_class::residential) {
    raw_road r;
    r.from = from;
    r.to = to;
    r.kind = kind;
    r.course = {at[from].at, at[to].at};
    return r;
}

/// Joins, and returns what is banned.
std::vector<city::raw_turn> join(std::vector<intersection>& at, std::vector<raw_road>& roads,
                                 std::vector<city::raw_turn> banned = {}) {
    raw_map raw;
    raw.intersections = at;
    raw.roads = roads;
    raw.banned_turns = std::move(banned);
    join_crossings(raw);
    at = raw.intersections;
    roads = raw.roads;
    return raw.banned_turns;
}

TEST(join_crossings, a_street_with_two_carriageways_is_crossed_once) {
    // 0 -- 1 -- 2 -- 3, with 12 metres between 1 and 2.
    std::vector<intersection> at{{{-100, 0}}, {{0, 0}, true}, {{12, 0}}, {{100, 0}}};
    std::vector<raw_road> roads{between(at, 0, 1), between(at, 1, 2), between(at, 2, 1),
                                between(at, 2, 3)};
    join(at, roads);
    ASSERT_EQ(at.size(), 3u);
    EXPECT_EQ(at[1].at.x, 6);
    EXPECT_TRUE(at[1].signals);
    ASSERT_EQ(roads.size(), 2u);
    EXPECT_EQ(roads[0].to, 1u);
    EXPECT_EQ(roads[1].from, 1u);
    EXPECT_EQ(roads[1].to, 2u);
    EXPECT_EQ(roads[0].course.back().x, 6);
    EXPECT_EQ(roads[1].course.front().x, 6);
    EXPECT_EQ(city::length_of(roads[0].course), 106);
}

TEST(join_crossings, many_short_roads_in_a_row_do_not_become_one_crossing) {
    std::vector<intersection> at;
    for (int i = 0; i < 40; ++i) at.push_back({{static_cast<float>(10 * i), 0}});
    std::vector<raw_road> roads;
    for (std::uint32_t i = 0; i + 1 < at.size(); ++i) roads.push_back(between(at, i, i + 1));
    join(at, roads);
    EXPECT_GE(at.size(), 400 / (city::crossing_max + 10));
    EXPECT_LT(at.size(), 40u);
    EXPECT_EQ(roads.size(), at.size() - 1);
}

TEST(join_crossings, motorways_stay_as_they_are) {
    std::vector<intersection> at{{{0, 0}}, {{12, 0}}};
    std::vector<raw_road> roads{between(at, 0, 1, road_class::motorway)};
    join(at, roads);
    EXPECT_EQ(at.size(), 2u);
    EXPECT_EQ(roads.size(), 1u);
}

TEST(join_crossings, a_long_way_round_back_to_the_crossing_stays) {
    std::vector<intersection> at{{{0, 0}}, {{12, 0}}};
    std::vector<raw_road> roads{between(at, 0, 1), between(at, 0, 1)};
    roads[1].course = {{0, 0}, {0, 200}, {12, 200}, {12, 0}};
    join(at, roads);
    EXPECT_EQ(at.size(), 1u);
    ASSERT_EQ(roads.size(), 1u);
    EXPECT_EQ(roads[0].from, roads[0].to);
}

TEST(join_crossings, a_map_that_would_be_one_crossing_stays) {
    std::vector<intersection> at{{{0, 0}}, {{12, 0}}};
    std::vector<raw_road> roads{between(at, 0, 1), between(at, 1, 0)};
    join(at, roads);
    EXPECT_EQ(at.size(), 2u);
    EXPECT_EQ(roads.size(), 2u);
}

TEST(join_crossings, nothing_is_joined_where_there_is_nothing) {
    std::vector<intersection> at;
    std::vector<raw_road> roads;
    join(at, roads);
    EXPECT_TRUE(at.empty());
}

} // namespace
