// SPDX-License-Identifier: MIT
//
// The running city: nobody gets lost, cars do not overlap, and the number of workers changes
// nothing.
#include "city/map/metropolis.hpp"
#include "city/map/places.hpp"
#include "city/map/raw_map.hpp"
#include "city/simulation.hpp"
#include "map_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>

namespace {

using city::road;
using city::road_map;
using city::simulation;
using city::simulation_options;
using enum city::life;
using city_test::hand_made;
using city_test::hand_made_maps;
using city_test::map_of;

void run(simulation& s, int turns) {
    for (int i = 0; i < turns; ++i) {
        const auto done = s.turn();
        ASSERT_TRUE(done) << done.error().text;
    }
}

/// After each turn everybody is somewhere, once.
void expect_nobody_lost(road_map map, const simulation_options& options, int turns,
                        const std::string& what) {
    simulation s(std::move(map), options);
    std::uint64_t driving_max = 0;
    for (int i = 0; i < turns; ++i) {
        const auto done = s.turn();
        ASSERT_TRUE(done) << done.error().text;
        const city::census c = s.count();
        ASSERT_EQ(c.inside + c.waiting + c.driving, options.people)
            << what << ", turn " << done->turn;
        ASSERT_EQ(c.away, c.waiting + c.driving) << what << ", turn " << done->turn;
        ASSERT_TRUE(s.is_sound()) << what << ", turn " << done->turn;
        driving_max = std::max(driving_max, c.driving);
    }
    EXPECT_GT(driving_max, 0u) << what;
    EXPECT_GT(s.sums().vehicle_updates, 0u) << what;
    EXPECT_EQ(s.system().statistics().dead_letters, 0u) << what;
}

/// The hash now and then.
std::vector<std::uint64_t> hashes(const road_map& map, const simulation_options& options,
                                  int turns) {
    simulation s(map, options);
    std::vector<std::uint64_t> all{s.system().hash()};
    for (int i = 1; i <= turns; ++i) {
        const auto done = s.turn();
        if (!done) ADD_FAILURE() << done.error().text;
        if (i % 50 == 0) all.push_back(s.system().hash());
    }
    return all;
}

TEST(simulation, nobody_gets_lost_on_the_hand_made_maps) {
    for (const char* name : hand_made_maps)
        expect_nobody_lost(map_of(hand_made(name)),
                           {.people = 3000, .seed = 5, .workers = 2, .kind = restless}, 500, name);
}

TEST(simulation, nobody_gets_lost_in_a_metropolis) {
    expect_nobody_lost(city::make_metropolis(5000, 1),
                       {.people = 5000, .workers = 2, .kind = restless}, 400, "metropolis");
}

TEST(simulation, nobody_gets_lost_among_residents_in_the_morning) {
    constexpr std::uint32_t half_past_seven = 27'000;
    for (const char* name : hand_made_maps)
        expect_nobody_lost(map_of(hand_made(name)),
                           {.people = 3000, .workers = 2, .start_s = half_past_seven}, 1500, name);
    expect_nobody_lost(city::make_metropolis(20'000, 1),
                       {.people = 20'000, .workers = 2, .start_s = half_past_seven}, 600,
                       "metropolis");
}

TEST(simulation, residents_are_back_home_at_night_and_make_the_trips_of_their_plans) {
    const road_map map = city::make_metropolis(3000, 1);
    simulation s(map, {.people = 300, .workers = 2, .places = 4, .keeps_trips = true});
    run(s, 864'000);
    const city::census c = s.count();
    EXPECT_LT(c.away, 4u);
    int away_from_home = 0;
    s.system().each<city::Person>([&](kay::id<city::Person>, const city::Person& p) {
        away_from_home += s.map().doors[p.who.home].road != p.road;
    });
    EXPECT_LT(away_from_home, 15); // late in the evening some are out
    const auto trips = s.take_trips();
    // 1.7 trips by car a day.
    EXPECT_GT(trips.size(), 300 * 1.4);
    EXPECT_LT(trips.size(), 300 * 2.0);
    int to_work = 0, in_the_morning = 0;
    for (const city::trip_record& t : trips) {
        if (t.what != city::purpose::work) continue;
        ++to_work;
        in_the_morning += t.departure > 6 * 36'000 && t.departure < 10 * 36'000;
        EXPECT_GT(t.arrival, t.departure);
        EXPECT_GT(t.distance, 0);
    }
    EXPECT_GT(to_work, 50);
    EXPECT_GT(in_the_morning, to_work / 2);
}

TEST(simulation, each_trip_is_taken_once) {
    simulation s(map_of(hand_made("village.osm")),
                 {.people = 2000, .workers = 2, .start_s = 27'000, .keeps_trips = true});
    std::size_t taken = 0;
    for (int i = 0; i < 300; ++i) {
        run(s, i % 40);
        taken += s.take_trips().size();
        taken += s.take_trips().size(); // none: nothing has happened
    }
    EXPECT_GT(taken, 30u);
    EXPECT_EQ(taken, s.sums().arrived + s.sums().given_up);
    run(s, 3);
    s.take_trips();
    run(s, 1);
    s.system().each<city::TripLog>(
        [](kay::id<city::TripLog>, const city::TripLog& l) { EXPECT_LT(l.trips.size(), 5u); });
}

TEST(simulation, one_that_was_saved_goes_on_in_the_middle_of_setting_travel_times) {
    const city_test::scratch_folder folder;
    const simulation_options options{.people = 600,
                                     .workers = 2,
                                     .places = 4,
                                     .start_s = 27'000,
                                     .name = "the village",
                                     .keeps_trips = true};
    simulation whole(map_of(hand_made("village.osm")), options);
    run(whole, 3170);
    auto file = kay::world_file::open(folder / "city.kay");
    ASSERT_TRUE(file) << file.error().text;
    const auto saved = file->save(whole.system(), "half");
    ASSERT_TRUE(saved) << saved.error().text;
    auto system = simulation::load(*file, "half", {.workers = 3});
    ASSERT_TRUE(system) << system.error().text;
    simulation half(std::move(*system));
    EXPECT_EQ(half.people(), 600u);
    EXPECT_EQ(half.kind(), resident);
    EXPECT_EQ(half.name(), "the village");
    EXPECT_EQ(half.start_s(), 27'000u);
    EXPECT_EQ(half.map().lane_km(), whole.map().lane_km());
    EXPECT_EQ(half.map().name_of(0), whole.map().name_of(0));
    EXPECT_TRUE(half.take_trips().empty()) << "they ended before";
    whole.take_trips();
    for (int i = 0; i < 10; ++i) {
        run(whole, 20);
        run(half, 20);
        ASSERT_EQ(half.system().hash(), whole.system().hash()) << "turn " << 3170 + 20 * (i + 1);
    }
    EXPECT_EQ(half.take_trips().size(), whole.take_trips().size());
    EXPECT_EQ(half.sums().vehicle_updates, whole.sums().vehicle_updates);
}

TEST(simulation, a_world_without_a_city_is_refused) {
    const city_test::scratch_folder folder;
    auto file = kay::world_file::open(folder / "world.kay");
    ASSERT_TRUE(file);
    kay::actor_system bare{{.places = 2}};
    bare.add<city::CityHall>();
    ASSERT_TRUE(bare.turn());
    ASSERT_TRUE(file->save(bare, "bare"));
    const auto system = simulation::load(*file, "bare", {});
    ASSERT_FALSE(system);
    EXPECT_EQ(system.error().text, "there is no city in it");
}

TEST(simulation, nobody_gets_lost_in_a_jam) {
    const road_map map = map_of(hand_made("crossing.osm"));
    expect_nobody_lost(map, {.people = 30'000, .seed = 2, .workers = 2, .kind = restless}, 600,
                       "jam");
    simulation s(map, {.people = 30'000, .seed = 2, .workers = 2, .kind = restless});
    run(s, 600);
    const city::census c = s.count();
    EXPECT_GT(c.waiting, 100u) << "this is no jam";
    EXPECT_GT(c.driving, 100u);
}

TEST(simulation, who_hardly_rests_sets_out_within_two_minutes_as_many_in_each_second) {
    simulation s(city::make_metropolis(20'000, 1),
                 {.people = 6000, .workers = 2, .kind = restless, .rest_s = 1});
    std::uint64_t before = 0;
    for (int tenth = 0; tenth < 10; ++tenth) {
        run(s, 120);
        const city::totals sums = s.sums();
        const std::uint64_t begun = s.count().away + sums.arrived + sums.given_up;
        EXPECT_NEAR(static_cast<double>(begun - before), 600, 100);
        before = begun;
    }
}

TEST(simulation, residents_set_out_in_all_tenths_of_a_second) {
    simulation s(city::make_metropolis(5000, 1),
                 {.people = 5000, .workers = 2, .start_s = 57'600, .keeps_trips = true});
    run(s, 36'000);
    std::set<std::uint32_t> known; // people; their first trips are spread when the city is made
    int later = 0, on_the_second = 0;
    for (const city::trip_record& t : s.take_trips()) {
        if (known.insert(t.person).second) continue;
        ++later;
        on_the_second += t.departure % 10 == 0;
    }
    EXPECT_GT(later, 50);
    EXPECT_LT(on_the_second, later / 4);
}

TEST(simulation, traffic_flows_where_there_is_room_for_it) {
    simulation s(city::make_metropolis(5000, 1), {.people = 5000, .workers = 2, .kind = restless});
    run(s, 9000);
    double share = 0;
    int busy = 0;
    for (const float speed : s.lane_speeds())
        if (speed >= 0) share += static_cast<double>(speed), ++busy;
    EXPECT_GT(share / busy, 0.6);
    const city::census c = s.count();
    EXPECT_LT(c.waiting, 20u);
    EXPECT_GT(c.driving, 100u);
    const city::totals sums = s.sums();
    EXPECT_EQ(sums.given_up, 0u);
    EXPECT_GT(sums.arrived, 1000u);
}

TEST(simulation, a_jam_never_stands_for_good) {
    // Far more cars than this map can take, soon with full streets in rings.
    simulation s(map_of(hand_made("village.osm")),
                 {.people = 100'000, .seed = 2, .workers = 2, .kind = restless});
    run(s, 6000);
    EXPECT_GT(s.count().waiting, 1000u) << "this is no jam";
    for (int part = 0; part < 3; ++part) {
        const city::totals before = s.sums();
        run(s, 2000);
        const city::totals after = s.sums();
        EXPECT_GT(after.arrived + after.given_up, before.arrived + before.given_up + 10);
        EXPECT_GT(after.arrived, before.arrived);
    }
}

TEST(simulation, nobody_lives_or_stops_at_a_motorway) {
    const road_map map = map_of(hand_made("motorway.osm"));
    simulation s(map, {.people = 5000, .workers = 2, .kind = restless});
    const auto is_motorway = [&](std::uint32_t r) {
        return map.roads[r].kind <= city::road_class::trunk;
    };
    for (int i = 0; i < 20; ++i) {
        run(s, 100);
        s.system().each<city::Person>([&](kay::id<city::Person>, const city::Person& p) {
            EXPECT_TRUE(s.sums().given_up > 0 || !is_motorway(p.road));
        });
    }
}

TEST(simulation, one_place_or_far_more_places_than_crossings_lose_nobody_either) {
    const road_map map = map_of(hand_made("village.osm"));
    for (const std::uint32_t places : {1u, 2u, 256u})
        expect_nobody_lost(map, {.people = 3000, .workers = 2, .places = places, .kind = restless},
                           200, "places: " + std::to_string(places));
}

TEST(simulation, the_number_of_workers_changes_nothing) {
    std::map<std::string, road_map> maps{{"metropolis", city::make_metropolis(4000, 3)}};
    for (const char* name : hand_made_maps) maps[name] = map_of(hand_made(name));
    for (const auto& [name, map] : maps) {
        const auto one = hashes(map, {.people = 4000, .workers = 1, .kind = restless}, 300);
        const auto morning = [&](std::uint32_t workers) {
            return hashes(map, {.people = 4000, .workers = workers, .start_s = 27'000}, 1000);
        };
        const auto residents = morning(1);
        for (const std::uint32_t workers : {2u, 3u, 8u}) {
            EXPECT_EQ(hashes(map, {.people = 4000, .workers = workers, .kind = restless}, 300), one)
                << name << ", " << workers << " workers";
            EXPECT_EQ(morning(workers), residents) << name << ", " << workers << " workers";
        }
        // It is a hash of something that goes on.
        for (std::size_t i = 1; i < one.size(); ++i) EXPECT_NE(one[i], one[i - 1]) << name;
    }
}

TEST(simulation, another_seed_is_another_city) {
    const road_map map = map_of(hand_made("village.osm"));
    const auto one = hashes(map, {.people = 500, .seed = 1, .kind = restless}, 50);
    EXPECT_EQ(hashes(map, {.people = 500, .seed = 1, .kind = restless}, 50), one);
    EXPECT_NE(hashes(map, {.people = 500, .seed = 2, .kind = restless}, 50), one);
    EXPECT_NE(hashes(map, {.people = 501, .seed = 1, .kind = restless}, 50), one);
}

TEST(simulation, a_lone_driver_arrives_and_takes_the_time_that_it_takes) {
    simulation s(map_of(hand_made("crossing.osm")),
                 {.people = 1, .seed = 3, .workers = 1, .places = 1, .kind = restless});
    std::uint64_t away = 0;
    for (int i = 0; i < 500'000 && s.sums().arrived < 2; ++i) {
        ASSERT_TRUE(s.turn());
        away += s.count().away;
    }
    const city::totals sums = s.sums();
    ASSERT_GE(sums.arrived, 2u);
    // Half a road of 300 metres at 50 km/h is the shortest trip there is.
    EXPECT_GT(sums.travel_s, 2 * 150 / (50 / 3.6));
    EXPECT_NEAR(sums.travel_s, static_cast<double>(away) * 0.1, 0.5);
    // Alone, every turn on the road is one update.
    EXPECT_LE(sums.vehicle_updates, away);
    EXPECT_GT(sums.vehicle_updates, away / 2);
}

TEST(simulation, lane_speeds_are_shares_of_the_limit_and_below_zero_without_cars) {
    simulation s(map_of(hand_made("village.osm")),
                 {.people = 10'000, .workers = 2, .kind = restless});
    for (const float share : s.lane_speeds()) EXPECT_LT(share, 0);
    run(s, 3000);
    int busy = 0;
    for (const float share : s.lane_speeds()) {
        if (share < 0) continue;
        ++busy;
        EXPECT_LT(share, 1.2f);
    }
    EXPECT_GT(busy, 10);
}

TEST(simulation, crossings_are_spread_evenly_over_places) {
    std::map<std::string, road_map> maps{{"metropolis", city::make_metropolis(20'000, 1)}};
    for (const char* name : hand_made_maps) maps[name] = map_of(hand_made(name));
    for (const auto& [name, map] : maps)
        for (const std::uint32_t places : {1u, 4u, 16u}) {
            const auto place = city::spread_over_places(map, places);
            ASSERT_EQ(place.size(), map.intersections.size());
            std::vector<std::uint64_t> lanes(places), at_crossing(place.size());
            for (const road& r : map.roads) {
                ASSERT_LT(place[r.from], places);
                lanes[place[r.from]] += r.lanes;
                at_crossing[r.from] += r.lanes;
            }
            const auto most = *std::max_element(at_crossing.begin(), at_crossing.end());
            for (const std::uint64_t n : lanes)
                EXPECT_LE(n, map.lanes() / places + most + 1)
                    << name << ", " << places << " places";
        }
}

TEST(simulation, places_that_are_no_power_of_two_are_refused) {
    EXPECT_THROW(
        simulation(city::make_grid(3, 3, 100, 1), {.people = 1, .places = 3, .kind = restless}),
        std::invalid_argument);
}

TEST(simulation, on_real_extracts_two_workers_do_what_one_does) {
    const char* folder = std::getenv("KAY_MAPS");
    if (!folder) GTEST_SKIP() << "KAY_MAPS names no folder with real OpenStreetMap extracts";
    int maps = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string path = entry.path().string();
        if (!path.ends_with(".pbf") && path.find(".osm") == std::string::npos) continue;
        ++maps;
        const road_map map = map_of(path);
        EXPECT_EQ(hashes(map, {.people = 20'000, .workers = 1, .kind = restless}, 300),
                  hashes(map, {.people = 20'000, .workers = 2, .kind = restless}, 300))
            << path;
    }
    EXPECT_GT(maps, 0) << folder << " has no maps in it";
}

} // namespace
