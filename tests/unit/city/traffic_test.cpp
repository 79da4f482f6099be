// SPDX-License-Identifier: MIT
//
// Small maps with known answers: how long a drive takes, what a lane and a signal let through, who
// goes first, that turns are made from the right lanes and bans are obeyed.
#include "city/map/raw_map.hpp"
#include "city/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace {

using city::point;
using city::road_map;
using city::simulation;

/// A map in the making.
struct builder {
    city::raw_map raw;

    std::uint32_t at(float x, float y, bool signals = false) {
        city::intersection i;
        i.at = {x, y};
        i.signals = signals;
        raw.intersections.push_back(i);
        return static_cast<std::uint32_t>(raw.intersections.size() - 1);
    }
    city::raw_road& road(std::uint32_t from, std::uint32_t to, float limit = 13.9f,
                         std::uint32_t lanes = 1,
                         city::road_class kind = city::road_class::residential) {
        city::raw_road r;
        r.from = from;
        r.to = to;
        r.speed_limit = limit;
        r.lanes = lanes;
        r.kind = kind;
        r.street = static_cast<std::uint32_t>(raw.roads.size());
        r.course = {raw.intersections[from].at, raw.intersections[to].at};
        raw.roads.push_back(r);
        return raw.roads.back();
    }
    void both_ways(std::uint32_t a, std::uint32_t b, float limit = 13.9f, std::uint32_t lanes = 1,
                   city::road_class kind = city::road_class::residential) {
        const std::uint32_t street = road(a, b, limit, lanes, kind).street;
        road(b, a, limit, lanes, kind).street = street;
    }
    city::road_map map() {
        city::assembly_counts counts;
        auto made = city::assemble(raw, counts);
        EXPECT_EQ(made.roads.size(), raw.roads.size()) << "the map is not all of one piece";
        return made;
    }
};

/// A road of a length in one direction, and a long way back.
city::road_map ring(float length, float limit, std::uint32_t lanes = 1) {
    builder b;
    const auto west = b.at(0, 0), east = b.at(length, 0), north = b.at(length / 2, 500);
    b.road(west, east, limit, lanes);
    b.road(east, north, limit, lanes);
    b.road(north, west, limit, lanes);
    return b.map();
}

std::uint32_t road_between(const city::road_map& map, point from, point to) {
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const point a = map.intersections[map.roads[r].from].at,
                    b = map.intersections[map.roads[r].to].at;
        if (std::hypot(a.x - from.x, a.y - from.y) < 1 && std::hypot(b.x - to.x, b.y - to.y) < 1)
            return r;
    }
    ADD_FAILURE() << "there is no such road";
    return 0;
}

void run(simulation& s, int turns, const std::function<void()>& look = {}) {
    for (int i = 0; i < turns; ++i) {
        const auto done = s.turn();
        ASSERT_TRUE(done) << done.error().text;
        ASSERT_TRUE(s.is_sound()) << "turn " << done->turn;
        if (look) look();
    }
}

const city::simulation_options nobody{.people = 0,
                                      .seed = 1,
                                      .workers = 1,
                                      .places = 1,
                                      .kind = city::life::listed,
                                      .keeps_trips = true};

double took_s(const city::trip_record& t) {
    return static_cast<double>(t.arrival - t.departure) * 0.1;
}

TEST(traffic, a_free_road_takes_what_its_length_and_the_limit_say) {
    simulation s(ring(1000, 13.9f), nobody);
    s.add_trip(1, 0, 5, 0, 990);
    run(s, 2000);
    ASSERT_EQ(s.sums().arrived, 1u);
    // From 5 m/s with the free acceleration of the IDM to the limit: integrate it by hand.
    double x = 5, v = 5, t = 0;
    for (; x < 990; t += 0.001) {
        v += 1.4 * (1 - std::pow(v / 13.9, 4)) * 0.001;
        x += v * 0.001;
    }
    EXPECT_NEAR(s.sums().travel_s, t, 1.0);
}

/// The speed at which cars so far apart, bumper to bumper, keep their distance: s_e(v) =
/// (s0 + v T) / sqrt(1 - (v / v0)^4), as published, solved for v by bisection.
double equilibrium_speed(double gap, double wanted) {
    double low = 0, high = wanted;
    for (int i = 0; i < 60; ++i) {
        const double v = (low + high) / 2;
        const double needs = (2 + v * 1.2) / std::sqrt(1 - std::pow(v / wanted, 4));
        (needs < gap ? low : high) = v;
    }
    return low;
}

TEST(traffic, flow_and_density_of_a_lane_lie_on_the_curve_of_the_idm) {
    // Cars on a ring, so that none enter or leave while it is looked at: each goes nearly all the
    // way round, once. From a few to as many as find their way into the traffic.
    constexpr int corners = 12;
    constexpr float limit = 13.9f, radius = 960;
    builder b;
    std::vector<std::uint32_t> at;
    for (int i = 0; i < corners; ++i)
        at.push_back(b.at(radius * static_cast<float>(std::cos(i * 2 * 3.14159265 / corners)),
                          radius * static_cast<float>(std::sin(i * 2 * 3.14159265 / corners))));
    for (int i = 0; i < corners; ++i)
        b.road(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>((i + 1) % corners)],
               limit)
            .sign = city::right_of_way::priority;
    const road_map map = b.map();
    double length = 0;
    for (const auto& r : map.roads) length += double{r.length};

    double highest = 0;
    for (const int cars_a_road : {2, 5, 8, 11, 13, 16, 20, 25, 31, 35}) {
        simulation s(map, nobody);
        for (std::uint32_t r = 0; r < corners; ++r)
            for (int i = 0; i < cars_a_road; ++i) {
                const float x = map.roads[r].length * (static_cast<float>(i) + 0.5f) /
                                static_cast<float>(cars_a_road);
                s.add_trip(1, r, x, (r + corners - 1) % corners, 5);
            }
        run(s, 3000);
        ASSERT_GT(s.driving(), corners * static_cast<unsigned>(cars_a_road) * 3 / 4);
        double speeds = 0;
        std::uint64_t cars = 0, looks = 0;
        run(s, 600, [&] {
            ++looks;
            s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
                for (const city::car& c : l.cars) speeds += double{c.speed}, ++cars;
            });
        });
        const double metres = length * static_cast<double>(looks) / static_cast<double>(cars);
        const double speed = speeds / static_cast<double>(cars),
                     published = equilibrium_speed(metres - double{city::idm.length}, limit);
        std::printf("cars in a km %5.1f  cars in an hour %6.1f  by the formula %6.1f\n",
                    1000 / metres, 3600 * speed / metres, 3600 * published / metres);
        EXPECT_NEAR(speed, published, 0.015 * published) << 1000 / metres << " cars in a km";
        highest = std::max(highest, 3600 * speed / metres);
    }
    EXPECT_NEAR(highest, 1700, 20); // the published curve's maximum for these parameters
}

TEST(traffic, flow_and_density_behind_a_slow_car_lie_on_the_same_curve) {
    for (const std::uint8_t percent : {42, 32, 22, 15, 8}) {
        constexpr float limit = 13.9f;
        simulation s(ring(1500, limit), nobody);
        s.add_trip(1, 0, 500, 0, 1450, percent);
        for (std::uint64_t i = 0; i < 300; ++i) s.add_trip(100 + i * 15, 0, 10, 0, 1450);
        const double leader = double{limit} * percent / 100;
        run(s, static_cast<int>(800 / leader * 10));
        double spacings = 0, speeds = 0;
        std::uint64_t pairs = 0;
        run(s, 100, [&] { // the middle of the queue
            s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
                for (std::size_t i = 3; l.road == 0 && i < 12 && i < l.cars.size(); ++i) {
                    spacings += double{l.cars[i - 1].position} - double{l.cars[i].position};
                    speeds += double{l.cars[i].speed};
                    ++pairs;
                }
            });
        });
        ASSERT_GT(pairs, 500u) << "percent: " << int{percent};
        const double metres = spacings / static_cast<double>(pairs),
                     speed = speeds / static_cast<double>(pairs);
        const double published = equilibrium_speed(metres - double{city::idm.length}, limit);
        std::printf("cars in a km %5.1f  cars in an hour %6.1f  by the formula %6.1f\n",
                    1000 / metres, 3600 * speed / metres, 3600 * published / metres);
        EXPECT_NEAR(speed, leader, 0.02 * leader);
        EXPECT_NEAR(speed, published, 0.02 * published);
    }
}

/// A crossing of four streets, each 300 m; roads to it are named by where they come from.
struct cross_roads {
    builder b;
    point west{-300, 0}, east{300, 0}, south{0, -300}, north{0, 300}, middle{0, 0};
    std::uint32_t w, e, s, n, m;

    explicit cross_roads(bool signals, std::uint32_t lanes = 1,
                         city::road_class across = city::road_class::residential) {
        w = b.at(-300, 0), e = b.at(300, 0), s = b.at(0, -300), n = b.at(0, 300);
        m = b.at(0, 0, signals);
        for (const auto end : {w, e}) b.both_ways(end, m, 13.9f, lanes);
        for (const auto end : {s, n}) b.both_ways(end, m, 13.9f, lanes, across);
        // One can turn round, far away.
        b.both_ways(w, s), b.both_ways(s, e), b.both_ways(e, n), b.both_ways(n, w);
    }
};

TEST(traffic, a_signal_lets_through_its_share_of_the_saturation_flow) {
    const cross_roads c(true);
    builder b = c.b;
    simulation s(b.map(), nobody);
    const auto in = road_between(s.map(), c.west, c.middle),
               out = road_between(s.map(), c.middle, c.east);
    for (std::uint64_t t = 1; t < 36'000; t += 20) s.add_trip(t, in, 10, out, 250); // too many
    run(s, 9000);
    const std::uint64_t before = s.sums().arrived;
    run(s, 18'000);
    const double in_an_hour = static_cast<double>(s.sums().arrived - before) * 2;
    // Green for 41 s of 90; published saturation flows: 1,700 to 1,900 cars an hour and lane.
    EXPECT_GT(in_an_hour, 0.44 * 1500);
    EXPECT_LT(in_an_hour, 0.48 * 2000);
}

TEST(traffic, who_comes_from_the_side_waits_and_the_main_road_does_not) {
    const cross_roads c(false, 1, city::road_class::secondary); // south to north goes first
    builder b = c.b;
    simulation s(b.map(), nobody);
    const auto south = road_between(s.map(), c.south, c.middle),
               to_north = road_between(s.map(), c.middle, c.north),
               west = road_between(s.map(), c.west, c.middle),
               to_east = road_between(s.map(), c.middle, c.east);
    ASSERT_EQ(s.map().roads[south].at_end, city::right_of_way::priority);
    ASSERT_EQ(s.map().roads[west].at_end, city::right_of_way::give_way);
    simulation alone(b.map(), nobody);
    for (std::uint64_t t = 1; t < 6000; t += 35) {
        alone.add_trip(t, south, 10, to_north, 250);
        s.add_trip(t, south, 10, to_north, 250);
    }
    run(alone, 9000);
    const double undisturbed = alone.sums().travel_s / static_cast<double>(alone.sums().arrived);
    for (std::uint64_t t = 1; t < 6000; t += 240) s.add_trip(t, west, 10, to_east, 250);
    run(s, 9000);
    double main_s = 0, side_s = 0;
    int main_trips = 0, side_trips = 0;
    for (const city::trip_record& t : s.take_trips()) {
        (t.to == to_north ? main_s : side_s) += took_s(t);
        ++(t.to == to_north ? main_trips : side_trips);
    }
    ASSERT_EQ(main_trips, 172);
    ASSERT_EQ(side_trips, 25);
    EXPECT_LT(main_s / main_trips, undisturbed * 1.1);
    EXPECT_GT(side_s / side_trips, main_s / main_trips + 2);
}

TEST(traffic, where_all_streets_are_equal_who_comes_from_the_right_goes_first) {
    const cross_roads c(false);
    builder b = c.b;
    simulation s(b.map(), nobody);
    const auto from_south = road_between(s.map(), c.south, c.middle),
               from_west = road_between(s.map(), c.west, c.middle),
               to_north = road_between(s.map(), c.middle, c.north),
               to_east = road_between(s.map(), c.middle, c.east);
    ASSERT_EQ(s.map().roads[from_south].at_end, city::right_of_way::equal);
    // Two at a time, who would be there at once, or the one from the left a little earlier. The one
    // from the south comes from the right of the one from the west.
    for (std::uint64_t i = 0; i < 20; ++i) {
        s.add_trip(1 + i * 600, from_west, 20, to_east, 250);
        s.add_trip(1 + i * 600 + i % 5, from_south, 20, to_north, 250);
    }
    run(s, 13'000);
    double south_s = 0, west_s = 0;
    for (const city::trip_record& t : s.take_trips())
        (t.to == to_north ? south_s : west_s) += took_s(t) / 20;
    ASSERT_EQ(s.sums().arrived, 40u);
    EXPECT_GT(west_s, south_s + 1.5);
}

TEST(traffic, corners_are_taken_as_slowly_as_they_are_sharp) {
    const cross_roads c(false);
    builder b = c.b;
    const road_map map = b.map();
    const auto in = road_between(map, c.south, c.middle);
    // A curve of 8 m to the near side and 12 to the far one, at 4 m/s2 sideways.
    const std::vector<std::pair<point, double>> ways{
        {c.east, std::sqrt(4 * 8)}, {c.west, std::sqrt(4 * 12)}, {c.north, 0}};
    for (const auto& [goal, expected] : ways) {
        simulation s(map, nobody);
        const auto out = road_between(map, c.middle, goal);
        s.add_trip(1, in, 10, out, 250);
        double at_corner = 0;
        run(s, 1000, [&] {
            s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
                if (at_corner == 0 && l.road == out && !l.cars.empty())
                    at_corner = double{l.cars[0].speed};
            });
        });
        EXPECT_EQ(s.sums().arrived, 1u);
        if (expected > 0)
            EXPECT_NEAR(at_corner, expected, 0.3);
        else
            EXPECT_GT(at_corner, 8); // looks to the right only
    }
}

TEST(traffic, a_banned_turn_is_not_made) {
    const cross_roads c(false);
    builder b = c.b;
    // From the west nobody may turn left to the north, so they drive round.
    std::uint32_t from = 0, to = 0;
    for (std::uint32_t r = 0; r < b.raw.roads.size(); ++r) {
        if (b.raw.roads[r].from == c.w && b.raw.roads[r].to == c.m) from = r;
        if (b.raw.roads[r].from == c.m && b.raw.roads[r].to == c.n) to = r;
    }
    for (const bool banned : {false, true}) {
        if (banned) b.raw.banned_turns = {{from, to}};
        simulation s(b.map(), nobody);
        const auto west = road_between(s.map(), c.west, c.middle),
                   north = road_between(s.map(), c.middle, c.north);
        s.add_trip(1, west, 10, north, 200);
        bool was_elsewhere = false;
        run(s, 3000, [&] {
            s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
                was_elsewhere |= !l.cars.empty() && l.road != west && l.road != north;
            });
        });
        EXPECT_EQ(s.sums().arrived, 1u);
        EXPECT_EQ(was_elsewhere, banned);
    }
}

TEST(traffic, turns_are_made_from_the_lanes_that_are_for_them) {
    const cross_roads c(true, 3);
    builder b = c.b;
    simulation s(b.map(), nobody);
    const auto west = road_between(s.map(), c.west, c.middle);
    const std::vector<std::uint32_t> to{road_between(s.map(), c.middle, c.north),
                                        road_between(s.map(), c.middle, c.east),
                                        road_between(s.map(), c.middle, c.south)};
    for (std::uint64_t t = 1; t < 6000; t += 40) s.add_trip(t, west, 10, to[t / 40 % 3], 250);
    std::map<std::uint64_t, std::uint32_t> lane_of; // of each driver when last seen in the west
    int crossed = 0, changed = 0;
    run(s, 9000, [&] {
        s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
            for (const city::car& who : l.cars) {
                const auto seen = lane_of.find(who.driver.bits);
                if (l.road == west) {
                    changed += seen != lane_of.end() && seen->second != l.index;
                    lane_of[who.driver.bits] = l.index;
                } else if (seen != lane_of.end() && seen->second != 99) {
                    ++crossed;
                    for (const city::turn& t : s.map().turns_of(s.map().roads[west]))
                        if (t.to == l.road) {
                            EXPECT_TRUE(t.from_lanes >> seen->second & 1)
                                << "from lane " << seen->second << " into road " << l.road;
                        }
                    seen->second = 99;
                }
            }
        });
    });
    EXPECT_EQ(crossed, 150);
    EXPECT_GT(changed, 50); // all depart from the right lane
    EXPECT_EQ(s.sums().arrived, 150u);
}

TEST(traffic, the_quick_overtake_the_slow_where_there_are_two_lanes) {
    for (const std::uint32_t lanes : {1u, 2u}) {
        simulation s(ring(3000, 25, lanes), nobody);
        for (std::uint64_t i = 0; i < 10; ++i) {
            s.add_trip(1 + i * 60, 0, 5, 0, 2900, 50);
            s.add_trip(31 + i * 60, 0, 5, 0, 2900, 110);
        }
        run(s, 4000);
        ASSERT_EQ(s.sums().arrived, 20u);
        double quick = 0;
        for (const city::trip_record& t : s.take_trips())
            if (t.person % 2 == 1) quick += took_s(t) / 10;
        if (lanes == 1)
            EXPECT_GT(quick, 200); // 2,900 m at 12.5 m/s
        else
            EXPECT_LT(quick, 150); // at 27 m/s: 106
    }
}

TEST(traffic, a_trip_without_a_way_is_given_up_and_told) {
    road_map map = ring(1000, 13.9f);
    map.turns[map.roads[1].first_turn].to = 1; // on a map that hangs together there is a way out
    simulation s(map, nobody);
    s.add_trip(1, 0, 10, 2, 200);
    s.add_trip(1, 0, 10, 1, 200);
    run(s, 2000);
    EXPECT_EQ(s.sums().given_up, 1u);
    EXPECT_EQ(s.sums().arrived, 1u);
    EXPECT_EQ(s.count().away, 0u);
}

TEST(traffic, at_a_crossing_of_too_many_streets_the_last_are_left_out_and_all_others_reached) {
    builder b;
    constexpr std::uint32_t streets = 40;
    const auto middle = b.at(0, 0);
    for (std::uint32_t i = 0; i < streets; ++i) {
        const double angle = 2 * 3.14159265 * i / streets;
        b.both_ways(b.at(static_cast<float>(300 * std::cos(angle)),
                         static_cast<float>(300 * std::sin(angle))),
                    middle);
    }
    city::assembly_counts counts;
    simulation s(city::assemble(b.raw, counts), nobody);
    EXPECT_EQ(counts.turns_over, streets * (streets - 1 - (city::turns_max - 1)));
    EXPECT_EQ(counts.left_out, 2 * (streets - city::turns_max));
    const auto in = road_between(s.map(), {300, 0}, {0, 0});
    EXPECT_EQ(s.map().roads[in].turns, city::turns_max - 1);
    std::uint64_t trips = 0;
    for (const city::turn& t : s.map().turns_of(s.map().roads[in]))
        s.add_trip(1 + 50 * trips++, in, 10, t.to, 200);
    run(s, 6000);
    EXPECT_EQ(s.sums().arrived, std::uint64_t{city::turns_max} - 1);
    EXPECT_EQ(s.count().away, 0u);
}

TEST(traffic, a_jam_sends_others_another_way) {
    // From the west to the east the short way leads over a signal, a longer one round it.
    builder b;
    const auto start = b.at(-500, 0), west = b.at(0, 0), signal = b.at(600, 0, true),
               east = b.at(1200, 0), goal = b.at(1700, 0), round = b.at(600, 500),
               side = b.at(600, -300);
    b.both_ways(start, west), b.both_ways(west, signal), b.both_ways(signal, east);
    b.both_ways(east, goal), b.both_ways(side, signal);
    b.both_ways(west, round, 11), b.both_ways(round, east, 11);
    const road_map map = b.map();
    const auto first = road_between(map, {-500, 0}, {0, 0}),
               over_signal = road_between(map, {0, 0}, {600, 0}),
               past_signal = road_between(map, {600, 0}, {1200, 0}),
               way_round = road_between(map, {0, 0}, {600, 500}),
               last = road_between(map, {1200, 0}, {1700, 0});
    for (const auto& [jammed, fixed_routes] :
         {std::pair{false, false}, std::pair{true, false}, std::pair{true, true}}) {
        city::simulation_options options = nobody;
        options.fixed_routes = fixed_routes;
        simulation s(map, options);
        if (jammed) // those who begin and end beside the signal have no choice, and are too many
            for (std::uint64_t t = 1; t < 12'000; t += 15)
                s.add_trip(t, over_signal, 300, past_signal, 300);
        for (std::uint64_t t = 1; t < 12'000; t += 100) s.add_trip(t, first, 100, last, 300);
        std::uint64_t early = 0, late = 0, turn = 0;
        run(s, 12'000, [&] {
            ++turn;
            s.system().each<city::Lane>([&](kay::id<city::Lane>, const city::Lane& l) {
                if (l.road == way_round) (turn <= 3000 ? early : late) += l.cars.size();
            });
        });
        EXPECT_EQ(early, 0u) << "before anybody has measured a jam";
        EXPECT_EQ(late > 0, jammed && !fixed_routes);
    }
}

} // namespace
