// SPDX-License-Identifier: MIT
//
// The fastest way on a customizable contraction hierarchy: the same times as Dijkstra's algorithm
// finds, by ways that exist and take as long as they are said to.
#include "city/map/grid.hpp"
#include "city/map/metropolis.hpp"
#include "city/map/raw_map.hpp"
#include "city/routing/customization.hpp"
#include "city/routing/order.hpp"
#include "city/routing/query.hpp"
#include "map_files.hpp"
#include "routing_maps.hpp"

#include <kay/core/random.hpp>
#include <kay/turn/actor_system.hpp>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <numeric>

namespace {

using city::contract;
using city::customize;
using city::dissect;
using city::hierarchy;
using city::metric;
using city::never;
using city::query_scratch;
using city::road_map;
using city_test::costs;
using city_test::dijkstra;
using city_test::map_with_turns;
using city_test::time_of;
using std::uint32_t;

costs free_costs(const road_map& map, uint32_t turn = 5000) {
    return {city::free_travel_times(map), std::vector<uint32_t>(map.turns.size(), turn)};
}

metric customized(const hierarchy& h, const costs& c) { return customize(h, c.roads, c.turns); }

/// Compares all ways from a road; says what is wrong, or nothing.
std::string wrong_from(const road_map& map, const hierarchy& h, const metric& m, const costs& c,
                       uint32_t from, uint32_t step, query_scratch& scratch) {
    const auto times = dijkstra(map, c, from);
    for (uint32_t to = from % step; to < map.roads.size(); to += step) {
        const std::string pair = std::to_string(from) + " to " + std::to_string(to) + ": ";
        const uint32_t time = city::travel_time(h, m, from, to, scratch);
        if (time != times[to])
            return pair + std::to_string(time) + " instead of " + std::to_string(times[to]);
        const city::route r = city::find_route(h, m, from, to, scratch);
        if (r.time != time) return pair + "the way has another time";
        if (r.roads.empty() != (time == never)) return pair + "a way and no time, or no way";
        if (time == never) continue;
        if (r.roads.front() != from || r.roads.back() != to) return pair + "wrong ends";
        if (time_of(map, c, r.roads) != time) return pair + "the way takes another time";
        if (from == to && r.roads.size() != 1) return pair + "goes round";
    }
    return {};
}

void expect_right(const road_map& map, const costs& c, uint32_t step = 1) {
    const hierarchy h = contract(map, dissect(map));
    const metric m = customized(h, c);
    query_scratch scratch;
    for (uint32_t from = 0; from < map.roads.size(); from += step)
        ASSERT_EQ(wrong_from(map, h, m, c, from, step, scratch), "");
}

TEST(routing, a_map_without_roads_has_a_hierarchy) {
    const road_map none;
    EXPECT_TRUE(dissect(none).empty());
    const hierarchy h = contract(none, {});
    EXPECT_EQ(h.level_count, 0u);
    EXPECT_EQ(customized(h, {}).out.size(), 0u);
}

TEST(routing, one_road_leads_to_itself) {
    for (const road_map& map :
         {map_with_turns({{}}), map_with_turns({{0}}), map_with_turns({{0, 0}})}) {
        const hierarchy h = contract(map, std::vector<uint32_t>{0});
        const metric m = customized(h, free_costs(map));
        query_scratch scratch;
        const city::route r = city::find_route(h, m, 0, 0, scratch);
        EXPECT_EQ(r.time, 0u);
        ASSERT_EQ(r.roads.size(), 1u);
        EXPECT_EQ(r.roads[0], 0u);
        EXPECT_EQ(city::find_way_round(h, m, map.turns, 0, scratch).time, never);
    }
}

TEST(routing, a_way_costs_its_roads_but_the_last_and_the_turns_between) {
    const road_map map = map_with_turns({{1}, {2}, {3}, {}});
    const costs c{{1000, 200, 30, 4}, {7, 8, 9}};
    const hierarchy h = contract(map, std::vector<uint32_t>{1, 2, 0, 3});
    const metric m = customized(h, c);
    query_scratch scratch;
    const city::route r = city::find_route(h, m, 0, 3, scratch);
    EXPECT_EQ(r.time, 1000u + 7 + 200 + 8 + 30 + 9);
    EXPECT_EQ((std::vector<uint32_t>{r.roads.begin(), r.roads.end()}),
              (std::vector<uint32_t>{0, 1, 2, 3}));
    EXPECT_EQ(city::travel_time(h, m, 3, 0, scratch), never);
    EXPECT_TRUE(city::find_route(h, m, 3, 0, scratch).roads.empty());
}

TEST(routing, a_banned_turn_is_gone_round) {
    // From 0 to 1 by 2 and 3 only, though 1 begins where 0 ends.
    const road_map map = map_with_turns({{2}, {}, {3}, {1}});
    const costs c = free_costs(map);
    const hierarchy h = contract(map, std::vector<uint32_t>{3, 2, 1, 0});
    query_scratch scratch;
    EXPECT_EQ(city::find_route(h, customized(h, c), 0, 1, scratch).roads.size(), 4u);
}

TEST(routing, what_lies_behind_is_reached_by_a_way_round) {
    const road_map map = map_with_turns({{1, 2}, {3}, {0}, {0}});
    const costs c{{10, 20, 40, 10}, {1, 1, 1, 1, 1}};
    const hierarchy h = contract(map, std::vector<uint32_t>{0, 1, 2, 3});
    const metric m = customized(h, c);
    query_scratch scratch;
    const city::route r = city::find_way_round(h, m, std::span(map.turns).first(2), 0, scratch);
    EXPECT_EQ(r.time, 10u + 1 + 20 + 1 + 10 + 1);
    EXPECT_EQ((std::vector<uint32_t>{r.roads.begin(), r.roads.end()}),
              (std::vector<uint32_t>{0, 1, 3, 0}));
}

TEST(routing, times_stop_at_never) {
    const road_map map = map_with_turns({{1, 2}, {3}, {3}, {}});
    const std::vector<uint32_t> order{1, 2, 3, 0};
    const hierarchy h = contract(map, order);
    query_scratch scratch;
    const auto time = [&](const costs& c) {
        return city::travel_time(h, customized(h, c), 0, 3, scratch);
    };
    EXPECT_EQ(time({{0, ~0u, 0, 0}, {0, never - 1, 0, 0}}), never - 1);
    EXPECT_EQ(time({{1, ~0u, 0, 0}, {0, never - 1, 0, 0}}), never);
    EXPECT_EQ(time({{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u, ~0u, ~0u}}), never);
    EXPECT_EQ(time({{0, 0, 0, 0}, {0, 0, 0, 0}}), 0u);
}

TEST(routing, any_graph_in_any_order_has_the_times_of_dijkstra) {
    EXPECT_TRUE(rc::check("routing as Dijkstra's algorithm", [] {
        const auto count = *rc::gen::inRange<uint32_t>(1, 40);
        const auto turn_count = *rc::gen::inRange<uint32_t>(0, 4 * count);
        kay::random_stream random(*rc::gen::arbitrary<uint32_t>(), 1, 2);
        const auto below = [&](uint32_t n) { return random.u32() % n; };
        std::vector<std::vector<uint32_t>> turns(count);
        // Parallel turns, u-turns and loops come by themselves.
        for (uint32_t i = 0; i < turn_count; ++i) turns[below(count)].push_back(below(count));
        const road_map map = map_with_turns(turns);
        std::vector<uint32_t> order(count);
        std::iota(order.begin(), order.end(), 0u);
        for (uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
        const hierarchy h = contract(map, order);

        const auto some_time = [&] {
            const uint32_t kind = below(8);
            if (kind == 0) return 0u;
            if (kind == 1) return never - below(10);
            if (kind == 2) return never / (1 + below(4));
            if (kind == 3) return ~0u - below(3);
            return below(kind == 4 ? 3 : 100'000);
        };
        city::customization all(h);
        query_scratch scratch;
        for (int again = 0; again < 3; ++again) { // the same hierarchy and scratch memory
            costs c;
            for (uint32_t i = 0; i < count; ++i) c.roads.push_back(some_time());
            for (std::size_t i = 0; i < map.turns.size(); ++i) c.turns.push_back(some_time() / 2);
            all.begin(c.roads, c.turns);
            for (std::uint64_t work = 1; all.go_on(work); work += below(20)) {}
            const metric m = all.take();
            for (uint32_t from = 0; from < count; ++from) {
                const std::string wrong = wrong_from(map, h, m, c, from, 1, scratch);
                if (!wrong.empty()) RC_FAIL(wrong);
            }
        }
    }));
}

TEST(routing, any_streets_in_the_order_of_dissection_have_the_times_of_dijkstra) {
    EXPECT_TRUE(rc::check("routing on streets", [] {
        const auto count = *rc::gen::inRange<uint32_t>(2, 30);
        kay::random_stream random(*rc::gen::arbitrary<uint32_t>(), 3, 4);
        const auto below = [&](uint32_t n) { return random.u32() % n; };
        std::vector<city::intersection> at(count);
        for (auto& i : at) // some of them in one spot
            i.at = {static_cast<float>(below(20)) * 10, static_cast<float>(below(20)) * 10};
        std::vector<city::raw_road> roads;
        for (uint32_t s = 0; s < 2 * count; ++s) {
            city::raw_road r;
            r.from = below(count);
            r.to = below(8) ? below(count) : r.from; // loops, too
            r.speed_limit = 10;
            r.street = s;
            r.course = {at[r.from].at, at[r.to].at};
            roads.push_back(r);
            if (below(2)) continue;
            std::swap(r.from, r.to);
            roads.push_back(r);
        }
        std::size_t left_out = 0;
        const road_map map = city::assemble(at, roads, left_out);
        auto order = dissect(map);
        RC_ASSERT(order == dissect(map));
        const hierarchy h = contract(map, order);
        std::sort(order.begin(), order.end());
        for (uint32_t i = 0; i < order.size(); ++i) RC_ASSERT(order[i] == i);
        const costs c = free_costs(map, below(2) * 3000);
        const metric m = customized(h, c);
        query_scratch scratch;
        for (uint32_t from = 0; from < map.roads.size(); ++from) {
            const std::string wrong = wrong_from(map, h, m, c, from, 1, scratch);
            if (!wrong.empty()) RC_FAIL(wrong);
        }
    }));
}

TEST(routing, the_hand_made_maps_have_the_times_of_dijkstra) {
    for (const char* name : city_test::hand_made_maps) {
        const road_map map = city_test::map_of(city_test::hand_made(name));
        expect_right(map, free_costs(map));
    }
}

TEST(routing, a_grid_has_the_times_of_dijkstra_and_few_arcs) {
    const road_map map = city::make_grid(30, 20, 120, 1);
    expect_right(map, free_costs(map), 7);
    const hierarchy h = contract(map, dissect(map));
    const auto roads = static_cast<uint32_t>(map.roads.size());
    EXPECT_LT(h.out.arcs() + h.in.arcs(), 45 * roads);
    EXPECT_LT(h.level_count, 12 * 20u);
}

TEST(routing, ways_follow_the_streets_that_became_slow_and_fast_again) {
    const road_map map = city::make_grid(12, 12, 120, 1);
    const hierarchy h = contract(map, dissect(map));
    const costs free = free_costs(map);
    metric m = customized(h, free);
    const metric before = m;
    query_scratch scratch;
    const uint32_t from = 3, to = static_cast<uint32_t>(map.roads.size()) - 5;
    const city::route first = city::find_route(h, m, from, to, scratch);
    const std::vector<uint32_t> roads(first.roads.begin(), first.roads.end());

    costs jam = free;
    for (std::size_t i = 1; i + 1 < roads.size(); ++i) jam.roads[roads[i]] *= 20;
    m = customized(h, jam);
    const city::route second = city::find_route(h, m, from, to, scratch);
    EXPECT_GT(second.time, first.time);
    EXPECT_LT(second.time, time_of(map, jam, roads));
    for (uint32_t r = 0; r < map.roads.size(); r += 11)
        ASSERT_EQ(wrong_from(map, h, m, jam, r, 3, scratch), "");

    m = customized(h, free);
    EXPECT_EQ(m.out, before.out);
    EXPECT_EQ(m.in, before.in);
    EXPECT_EQ(m.out_middles, before.out_middles);
    EXPECT_EQ(m.in_middles, before.in_middles);
}

TEST(routing, travel_times_are_set_in_as_many_steps_whatever_they_are) {
    const road_map map = city::make_grid(20, 20, 120, 1);
    const hierarchy h = contract(map, dissect(map));
    const costs free = free_costs(map);
    costs jam = free;
    for (std::size_t r = 0; r < jam.roads.size(); r += 3) jam.roads[r] = r % 2 ? never : 60'000;
    city::customization all(h);
    std::uint64_t whole = 0;
    for (const costs& c : {free, jam}) {
        all.begin(c.roads, c.turns);
        std::uint32_t steps = 0;
        std::uint64_t work = 0, longest = 0, begun = 0;
        while (all.go_on(work += 20'000)) {
            longest = std::max(longest, all.work() - begun);
            begun = all.work();
            ++steps;
        }
        EXPECT_EQ(steps, all.work() / 20'000);
        EXPECT_LT(longest, 40'000u);
        EXPECT_TRUE(whole == 0 || whole == all.work());
        whole = all.work();
        const metric m = all.take();
        const metric at_once = customized(h, c);
        EXPECT_EQ(m.out, at_once.out);
        EXPECT_EQ(m.in, at_once.in);
        EXPECT_EQ(m.out_middles, at_once.out_middles);
        EXPECT_EQ(m.in_middles, at_once.in_middles);
    }
    EXPECT_GT(whole, 100'000u);
}

TEST(routing, a_closed_road_is_not_used) {
    const road_map map = city::make_grid(5, 5, 120, 1);
    const hierarchy h = contract(map, dissect(map));
    costs c = free_costs(map);
    query_scratch scratch;
    for (uint32_t closed = 0; closed < map.roads.size(); closed += 9) {
        costs with = c;
        with.roads[closed] = ~0u;
        const metric m = customized(h, with);
        for (uint32_t from = 0; from < map.roads.size(); from += 5)
            for (uint32_t to = 0; to < map.roads.size(); to += 3) {
                if (from == closed || to == closed) continue;
                const auto roads = city::find_route(h, m, from, to, scratch).roads;
                EXPECT_EQ(std::find(roads.begin(), roads.end(), closed), roads.end());
            }
        ASSERT_EQ(wrong_from(map, h, m, with, closed, 1, scratch), "");
    }
}

/// The order is part of what a world's bytes follow from.
TEST(routing, the_order_of_a_grid_is_the_one_written_here) {
    std::uint64_t hash = 0;
    for (uint32_t r : dissect(city::make_grid(17, 23, 120, 5))) hash = kay::combine(hash, r);
    EXPECT_EQ(hash, 8768193956669847989u);
}

TEST(routing, a_hierarchy_and_a_metric_live_in_constants) {
    const road_map map = city::make_grid(6, 6, 120, 2);
    const costs c = free_costs(map);
    kay::actor_system system{{.places = 1}};
    const hierarchy made = contract(map, dissect(map));
    const auto m = system.make_constant(customized(made, c));
    const auto h = system.make_constant(made);
    query_scratch scratch;
    for (uint32_t from = 0; from < map.roads.size(); ++from)
        ASSERT_EQ(wrong_from(map, system[h], system[m], c, from, 1, scratch), "");
}

} // namespace
