// SPDX-License-Identifier: MIT
//
// Putting a road map together: the part that is kept, lengths, lane numbers and turns.
#include "city/map/raw_map.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace {

using city::assemble;
using city::intersection;
using city::raw_road;
using city::road;
using city::road_map;

std::vector<intersection> in_a_row(std::uint32_t count) {
    std::vector<intersection> made;
    for (std::uint32_t i = 0; i < count; ++i)
        made.push_back({{static_cast<float>(i) * 100, 0}, false});
    return made;
}

raw_road straight(const std::vector<intersection>& at, std::uint32_t from, std::uint32_t to,
                  std::uint32_t street, std::uint32_t lanes = 1) {
    raw_road r;
    r.from = from;
    r.to = to;
    r.speed_limit = 10;
    r.lanes = lanes;
    r.street = street;
    r.course = {at[from].at, at[to].at};
    return r;
}

void add_both_ways(std::vector<raw_road>& roads, const std::vector<intersection>& at,
                   std::uint32_t a, std::uint32_t b) {
    const auto street = static_cast<std::uint32_t>(roads.size()) + 1;
    roads.push_back(straight(at, a, b, street));
    roads.push_back(straight(at, b, a, street));
}

std::vector<std::uint32_t> turns_of(const road_map& map, std::uint32_t r) {
    std::vector<std::uint32_t> to;
    for (const city::turn& t : map.turns_of(map.roads[r])) to.push_back(t.to);
    std::sort(to.begin(), to.end());
    return to;
}

/// reach[a][b]: by the roads given, one can come from crossing a to crossing b.
std::vector<std::vector<bool>> reachable(std::size_t crossings,
                                         const std::vector<raw_road>& roads) {
    std::vector<std::vector<bool>> reach(crossings, std::vector<bool>(crossings));
    for (std::size_t i = 0; i < crossings; ++i) reach[i][i] = true;
    for (const raw_road& r : roads) reach[r.from][r.to] = true;
    for (std::size_t via = 0; via < crossings; ++via)
        for (std::size_t a = 0; a < crossings; ++a)
            for (std::size_t b = 0; b < crossings; ++b)
                if (reach[a][via] && reach[via][b]) reach[a][b] = true;
    return reach;
}

TEST(road_map, an_empty_one_has_no_lanes) {
    std::size_t left_out = 1;
    const road_map map = assemble({}, {}, left_out);
    EXPECT_EQ(map.lanes(), 0u);
    EXPECT_EQ(map.lane_km(), 0);
    EXPECT_EQ(left_out, 0u);
}

TEST(road_map, crossings_without_roads_are_left_out) {
    std::size_t left_out = 0;
    const road_map map = assemble(in_a_row(3), {}, left_out);
    EXPECT_TRUE(map.intersections.empty());
    EXPECT_TRUE(map.roads.empty());
}

TEST(road_map, a_length_is_that_of_the_whole_course) {
    auto at = in_a_row(2);
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1);
    roads[0].course = {{0, 0}, {0, 30}, {40, 30}, {100, 30}, {100, 0}};
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    ASSERT_EQ(map.roads.size(), 2u);
    EXPECT_FLOAT_EQ(map.roads[0].length, 160);
    EXPECT_FLOAT_EQ(map.roads[1].length, 100);
    EXPECT_EQ(map.roads[0].points, 5u);
    EXPECT_EQ(map.points[map.roads[1].first_point].x, 100);
    EXPECT_DOUBLE_EQ(map.lane_km(), 0.26);
}

TEST(road_map, no_road_is_shorter_than_a_car_has_use_for) {
    std::vector<intersection> at{{{0, 0}, false}, {{1, 0}, false}};
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1);
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    ASSERT_EQ(map.roads.size(), 2u);
    for (const road& r : map.roads) EXPECT_EQ(r.length, city::shortest_road);
}

TEST(road_map, lanes_are_numbered_through_the_map) {
    const auto at = in_a_row(3);
    std::size_t left_out = 0;
    const road_map map =
        assemble(at, {straight(at, 0, 1, 1, 3), straight(at, 1, 2, 2, 1), straight(at, 2, 0, 3, 2)},
                 left_out);
    ASSERT_EQ(map.roads.size(), 3u);
    EXPECT_EQ(map.roads[0].first_lane, 0u);
    EXPECT_EQ(map.roads[1].first_lane, 3u);
    EXPECT_EQ(map.roads[2].first_lane, 4u);
    EXPECT_EQ(map.lanes(), 6u);
    EXPECT_DOUBLE_EQ(map.lane_km(), 0.3 + 0.1 + 0.4);
}

TEST(road_map, one_turns_round_only_where_there_is_no_other_way) {
    const auto at = in_a_row(3);
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1); // 0 and its way back 1
    add_both_ways(roads, at, 1, 2); // 2 and its way back 3
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    ASSERT_EQ(map.roads.size(), 4u);
    EXPECT_EQ(turns_of(map, 0), std::vector<std::uint32_t>{2});
    EXPECT_EQ(turns_of(map, 1), std::vector<std::uint32_t>{0}); // a dead end
    EXPECT_EQ(turns_of(map, 2), std::vector<std::uint32_t>{3}); // the other one
    EXPECT_EQ(turns_of(map, 3), std::vector<std::uint32_t>{1});
}

TEST(road_map, another_street_back_to_the_same_crossing_is_a_turn_like_any) {
    const auto at = in_a_row(2);
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1);
    add_both_ways(roads, at, 0, 1);
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    ASSERT_EQ(map.roads.size(), 4u);
    // Without turning back one could never change the direction in which one goes round.
    EXPECT_EQ(turns_of(map, 0), (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(turns_of(map, 2), (std::vector<std::uint32_t>{1, 3}));
}

TEST(road_map, what_cannot_be_left_or_cannot_be_reached_is_left_out) {
    const auto at = in_a_row(5);
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1);
    add_both_ways(roads, at, 1, 2);
    roads.push_back(straight(at, 2, 3, 100)); // into it, and no way out
    roads.push_back(straight(at, 4, 0, 101)); // out of it, and no way in
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    EXPECT_EQ(map.intersections.size(), 3u);
    EXPECT_EQ(map.roads.size(), 4u);
    EXPECT_EQ(left_out, 2u);
}

TEST(road_map, of_two_parts_the_one_with_more_metres_is_kept) {
    // Three short streets here, one long one there.
    std::vector<intersection> at{{{0, 0}, false},  {{10, 0}, true},   {{20, 0}, false},
                                 {{30, 0}, false}, {{0, 1000}, true}, {{900, 1000}, false}};
    std::vector<raw_road> roads;
    add_both_ways(roads, at, 0, 1);
    add_both_ways(roads, at, 1, 2);
    add_both_ways(roads, at, 2, 3);
    add_both_ways(roads, at, 4, 5);
    std::size_t left_out = 0;
    const road_map map = assemble(at, roads, left_out);
    ASSERT_EQ(map.roads.size(), 2u);
    EXPECT_EQ(left_out, 6u);
    ASSERT_EQ(map.intersections.size(), 2u);
    EXPECT_EQ(map.intersections[map.roads[0].from].at.y, 1000);
    EXPECT_TRUE(map.intersections[map.roads[0].from].signals);
    EXPECT_FALSE(map.intersections[map.roads[0].to].signals);
}

TEST(road_map, a_chain_as_long_as_a_country_needs_no_deep_stack) {
    constexpr std::uint32_t count = 300'000;
    const auto at = in_a_row(count);
    std::vector<raw_road> roads;
    for (std::uint32_t i = 0; i + 1 < count; ++i) add_both_ways(roads, at, i, i + 1);
    std::size_t left_out = 0;
    const road_map map = assemble(at, std::move(roads), left_out);
    EXPECT_EQ(map.roads.size(), 2u * (count - 1));
    EXPECT_EQ(left_out, 0u);
}

TEST(road_map, of_any_streets_the_largest_part_is_kept_whole_and_nothing_else) {
    EXPECT_TRUE(rc::check("largest part", [] {
        const auto count = *rc::gen::inRange<std::uint32_t>(2, 10);
        std::vector<intersection> at;
        for (std::uint32_t i = 0; i < count; ++i)
            at.push_back({{static_cast<float>(*rc::gen::inRange(0, 1000)),
                           static_cast<float>(*rc::gen::inRange(0, 1000))},
                          false});
        std::vector<raw_road> roads;
        const auto streets = *rc::gen::inRange<std::uint32_t>(1, 20);
        for (std::uint32_t s = 0; s < streets; ++s) {
            const auto a = *rc::gen::inRange<std::uint32_t>(0, count);
            const auto b = (a + *rc::gen::inRange<std::uint32_t>(1, count)) % count;
            roads.push_back(straight(at, a, b, s));
            if (*rc::gen::inRange(0, 2)) roads.push_back(straight(at, b, a, s));
        }
        const auto reach = reachable(count, roads);
        // Of each part, named by its first crossing, the metres.
        std::vector<double> metres(count);
        for (const raw_road& r : roads)
            for (std::uint32_t i = 0; i < count; ++i) {
                if (!(reach[i][r.from] && reach[r.from][i] && reach[i][r.to] && reach[r.to][i]))
                    continue;
                metres[i] +=
                    std::hypot(r.course[0].x - r.course[1].x, r.course[0].y - r.course[1].y);
                break;
            }
        const double longest = *std::max_element(metres.begin(), metres.end());

        std::size_t left_out = 0;
        const road_map map = assemble(at, roads, left_out);
        RC_ASSERT(map.roads.size() + left_out == roads.size());
        double kept = 0;
        std::vector<raw_road> again;
        for (const road& r : map.roads) {
            const city::point a = map.points[r.first_point], b = map.points[r.first_point + 1];
            kept += std::hypot(a.x - b.x, a.y - b.y);
            raw_road one;
            one.from = r.from;
            one.to = r.to;
            again.push_back(one);
            RC_ASSERT(map.intersections[r.from].at.x == a.x);
            RC_ASSERT(map.intersections[r.to].at.y == b.y);
        }
        RC_ASSERT(std::abs(kept - longest) < 0.01 * longest + 0.01);
        for (const auto& row : reachable(map.intersections.size(), again))
            RC_ASSERT(std::find(row.begin(), row.end(), false) == row.end());

        // Turns: from where a road ends, each once, at least one, back only where nothing else is.
        for (std::uint32_t i = 0; i < map.roads.size(); ++i) {
            const auto turns = turns_of(map, i);
            RC_ASSERT(!turns.empty());
            RC_ASSERT(std::set<std::uint32_t>(turns.begin(), turns.end()).size() == turns.size());
            std::size_t exits = 0;
            for (const road& r : map.roads) exits += r.from == map.roads[i].to;
            RC_ASSERT(turns.size() == exits || turns.size() + 1 == exits);
            for (std::uint32_t t : turns) RC_ASSERT(map.roads[t].from == map.roads[i].to);
        }
    }));
}

TEST(road_map, a_door_is_on_the_course_of_its_road) {
    road_map map;
    map.points = {{100, 0}, {130, 0}, {130, 10}};
    city::road r;
    r.points = 3;
    r.length = 40;
    map.roads = {r};
    const auto at = [&](float position) { return place_of(map, {0, position, 1, {}}); };
    const auto expect = [](city::point p, float x, float y) {
        EXPECT_FLOAT_EQ(p.x, x);
        EXPECT_FLOAT_EQ(p.y, y);
    };
    expect(at(0), 100, 0);
    expect(at(15), 115, 0);
    expect(at(30), 130, 0);
    expect(at(36), 130, 6);
    expect(at(40), 130, 10);
    expect(at(50), 130, 10);
    map.roads[0].length = 80; // as a very short road is said to be longer than it is
    expect(at(72), 130, 6);
}

} // namespace
