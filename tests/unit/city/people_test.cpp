// SPDX-License-Identifier: MIT
//
// Who lives in a city, and what they do in a day.
#include "city/map/doors.hpp"
#include "city/map/metropolis.hpp"
#include "city/people/day_plan.hpp"
#include "city/people/population.hpp"
#include "map_files.hpp"

#include <kay/core/distributions.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace {

using city::activity;
using city::activity_at;
using city::day_plan;
using city::day_s;
using city::departure;
using city::door;
using city::door_kind;
using city::habits;
using city::make_population;
using city::next_departure;
using city::no_door;
using city::occupation;
using city::plan_day;
using city::population;
using city::purpose;
using city::resident;
using city::road;
using city::road_map;
using city::weekday;

constexpr std::uint64_t town_people = 40'000;

const road_map& town() {
    static const road_map map = city::make_metropolis(town_people, 3);
    return map;
}
const population& people() {
    static const population all = make_population(town(), town_people, 5);
    return all;
}

double distance(const road_map& map, std::uint32_t a, std::uint32_t b) {
    const city::point p = place_of(map, map.doors[a]), q = place_of(map, map.doors[b]);
    return std::hypot(double{p.x} - double{q.x}, double{p.y} - double{q.y});
}

/// A plane of streets with the doors that `choose` says of the middle of each road.
template <class Choose>
road_map plane(Choose choose) {
    road_map map = city::make_grid(31, 31, 300, 1);
    std::vector<door> doors;
    for (std::uint32_t r = 0; r < map.roads.size(); ++r) {
        const auto course = map.course_of(map.roads[r]);
        const city::point at{(course.front().x + course.back().x) / 2,
                             (course.front().y + course.back().y) / 2};
        choose(at, [&](door_kind kind, float weight) {
            doors.push_back({r, map.roads[r].length / 2, weight, kind});
        });
    }
    set_doors(map, std::move(doors));
    return map;
}

TEST(people, every_door_has_the_residents_of_its_weight) {
    std::map<std::uint32_t, double> living;
    for (const resident& r : people().residents) {
        ASSERT_LT(r.home, town().doors.size());
        ++living[r.home];
    }
    double homes = 0;
    for (const door& d : town().doors)
        if (d.kind == door_kind::home) homes += double{d.weight};
    for (std::uint32_t d = 0; d < town().doors.size(); ++d) {
        const door& at = town().doors[d];
        const double expected =
            at.kind == door_kind::home ? double{at.weight} / homes * town_people : 0;
        EXPECT_NEAR(living.contains(d) ? living[d] : 0, expected, 1.001);
    }
}

TEST(people, half_of_them_work_a_sixth_goes_to_school) {
    double work = 0, school = 0, part_time = 0;
    for (const resident& r : people().residents) {
        work += r.what == occupation::worker;
        school += r.what == occupation::pupil;
        part_time += r.part_time;
    }
    EXPECT_NEAR(work / town_people, 0.50, 0.01);
    EXPECT_NEAR(school / town_people, 0.17, 0.01);
    EXPECT_NEAR(part_time / work, 0.25, 0.02);
}

TEST(people, they_go_to_doors_that_are_what_they_need) {
    const auto kind = [](std::uint32_t d) { return town().doors[d].kind; };
    int friends = 0, out = 0;
    for (const resident& r : people().residents) {
        EXPECT_EQ(kind(r.home), door_kind::home);
        EXPECT_EQ(kind(r.shop), door_kind::shop);
        EXPECT_EQ(kind(r.errand), door_kind::work);
        friends += kind(r.leisure) == door_kind::home;
        out += kind(r.leisure) == door_kind::shop;
        if (r.what == occupation::at_home) {
            EXPECT_EQ(r.daily, no_door);
            EXPECT_EQ(r.shop_by_work, no_door);
            EXPECT_FALSE(r.part_time);
            continue;
        }
        EXPECT_EQ(kind(r.daily),
                  r.what == occupation::worker ? door_kind::work : door_kind::school);
        EXPECT_EQ(kind(r.shop_by_work), door_kind::shop);
        EXPECT_EQ(r.commute_s, city::expected_drive_s(distance(town(), r.home, r.daily)));
    }
    EXPECT_NEAR(friends, out, town_people * 0.02);
    EXPECT_EQ(friends + out, static_cast<int>(town_people));
}

TEST(people, shops_are_the_less_likely_the_further_they_are) {
    const road_map map = plane([](city::point at, auto add) {
        if (std::hypot(at.x, at.y) < 250) add(door_kind::home, 1.0f);
        add(door_kind::shop, 1.0f);
    });
    // Of rings around the middle: doors, and who goes there.
    std::vector<double> doors(8), visits(8);
    const auto ring = [&](std::uint32_t d) {
        const city::point p = place_of(map, map.doors[d]);
        return std::min<std::size_t>(static_cast<std::size_t>(std::hypot(p.x, p.y) / 600), 7);
    };
    for (std::uint32_t d = 0; d < map.doors.size(); ++d)
        if (map.doors[d].kind == door_kind::shop) ++doors[ring(d)];
    const population all = make_population(map, 60'000, 1);
    for (const resident& r : all.residents) ++visits[ring(r.shop)];
    // exp(-d / scale) with a scale of 917 m: by this factor less for each 600 m.
    const double factor = std::exp(-600 / 917.0);
    for (std::size_t i = 1; i < 5; ++i)
        EXPECT_NEAR(visits[i + 1] / doors[i + 1] / (visits[i] / doors[i]), factor, factor * 0.2)
            << "ring " << i;
}

TEST(people, work_is_filled_as_it_has_jobs_and_by_those_who_live_near) {
    // Homes on the left, most jobs there too; on the right few, in the middle many in one place.
    const road_map map = plane([](city::point at, auto add) {
        add(door_kind::home, at.x < 0 ? 4.0f : 1.0f);
        add(door_kind::work, std::hypot(at.x, at.y) < 500 ? 50.0f : at.x < 0 ? 2.0f : 1.0f);
    });
    const population all = make_population(map, 50'000, 1);
    const auto part = [&](std::uint32_t d) {
        const city::point p = place_of(map, map.doors[d]);
        return std::hypot(p.x, p.y) < 500 ? 0 : p.x < 0 ? 1 : 2;
    };
    double jobs[3] = {}, filled[3] = {}, all_jobs = 0;
    for (std::uint32_t d = 0; d < map.doors.size(); ++d)
        if (map.doors[d].kind == door_kind::work) {
            jobs[part(d)] += double{map.doors[d].weight};
            all_jobs += double{map.doors[d].weight};
        }
    std::vector<resident> workers;
    for (const resident& r : all.residents)
        if (r.what == occupation::worker) workers.push_back(r);
    double metres = 0, with_another_job = 0;
    for (std::size_t i = 0; i < workers.size(); ++i) {
        ++filled[part(workers[i].daily)];
        metres += distance(map, workers[i].home, workers[i].daily);
        with_another_job +=
            distance(map, workers[i].home, workers[i * 7919 % workers.size()].daily);
    }
    for (int i = 0; i < 3; ++i)
        EXPECT_NEAR(filled[i] / static_cast<double>(workers.size()), jobs[i] / all_jobs, 0.01) << i;
    EXPECT_LT(metres, 0.85 * with_another_job);
}

/// One number for all that a population says.
std::uint64_t hash_of(const population& all) {
    std::uint64_t hash = 0;
    for (const resident& r : all.residents) {
        for (const std::uint32_t d : {r.home, r.daily, r.shop, r.shop_by_work, r.errand, r.leisure})
            hash = kay::combine(hash, d);
        hash = kay::combine(hash, r.commute_s);
        hash = kay::combine(hash, static_cast<std::uint64_t>(r.what) * 2 + r.part_time);
    }
    return hash;
}

road_map mixed_plane() {
    int n = 0;
    return plane([&](city::point, auto add) {
        ++n;
        add(door_kind::home, 1.0f + static_cast<float>(n % 7));
        if (n % 3 == 0) add(door_kind::work, 1.0f + static_cast<float>(n % 5));
        if (n % 11 == 0) add(door_kind::shop, 3.0f);
        if (n % 101 == 0) add(door_kind::school, 100.0f);
    });
}

TEST(people, they_are_those_that_are_written_here_on_every_platform) {
    const road_map map = mixed_plane();
    const population all = make_population(map, 20'000, 9);
    EXPECT_EQ(hash_of(all), 567938480658969381u);
    std::uint64_t hash = 0;
    for (std::uint64_t i = 0; i < all.residents.size(); ++i) {
        kay::random_stream random(9, 0, i);
        for (const activity& a : plan_day(all.residents[i], random, weekday::tuesday))
            hash = kay::combine(hash, (std::uint64_t{a.door} << 32 | a.leave_at) +
                                          static_cast<std::uint64_t>(a.what) * 2 + a.by_car);
    }
    EXPECT_EQ(hash, 15763294425702387037u);
}

TEST(people, a_seed_makes_one_population_and_another_seed_another) {
    const std::uint64_t first = hash_of(make_population(town(), 3000, 1));
    EXPECT_EQ(hash_of(make_population(town(), 3000, 1)), first);
    EXPECT_NE(hash_of(make_population(town(), 3000, 2)), first);
}

TEST(people, without_a_kind_of_door_they_do_without) {
    const road_map map = plane([](city::point at, auto add) {
        if (at.x < 0) add(door_kind::home, 1.0f);
    });
    const population all = make_population(map, 500, 1);
    ASSERT_EQ(all.residents.size(), 500u);
    for (const resident& r : all.residents) {
        EXPECT_EQ(r.what, occupation::at_home);
        EXPECT_EQ(r.daily, no_door);
        EXPECT_EQ(r.shop, no_door);
        EXPECT_EQ(r.errand, no_door);
    }
}

TEST(people, where_nobody_can_live_there_is_nobody) {
    EXPECT_TRUE(make_population(road_map{}, 100, 1).residents.empty());
    const road_map map = plane([](city::point, auto add) {
        add(door_kind::home, 0.0f);
        add(door_kind::work, 1.0f);
    });
    EXPECT_TRUE(make_population(map, 100, 1).residents.empty());
    EXPECT_TRUE(make_population(town(), 0, 1).residents.empty());
}

TEST(people, doors_that_a_map_has_not_are_added_along_its_streets) {
    road_map bare = city_test::map_of(city_test::hand_made("motorway.osm"));
    set_doors(bare, {});
    road_map motorways = bare, partly = bare;
    for (road& r : motorways.roads) r.kind = city::road_class::motorway;
    set_doors(partly, {{0, 1, 7, door_kind::home}});
    for (road_map* map : {&bare, &motorways, &partly}) {
        add_missing_doors(*map);
        std::array<int, 4> found{};
        for (const door& d : map->doors) ++found[static_cast<std::size_t>(d.kind)];
        for (const int n : found) EXPECT_GE(n, 1);
        if (map == &partly) {
            EXPECT_EQ(found[0], 1);
        }
        for (const resident& r : make_population(*map, 200, 1).residents) {
            ASSERT_NE(r.home, no_door);
            EXPECT_NE(r.shop, no_door);
            EXPECT_EQ(r.daily == no_door, r.what == occupation::at_home);
        }
    }
    const std::size_t before = bare.doors.size();
    add_missing_doors(bare);
    EXPECT_EQ(bare.doors.size(), before) << "nothing is missing any more";
}

TEST(people, one_street_is_enough_for_all_kinds_of_doors) {
    road_map map;
    map.points = {{0, 0}, {20, 0}};
    map.intersections.resize(2);
    road r;
    r.to = 1;
    r.length = 20;
    r.points = 2;
    map.roads = {r};
    add_missing_doors(map);
    EXPECT_EQ(map.doors.size(), 4u);
    EXPECT_EQ(make_population(map, 10, 1).residents.size(), 10u);
}

// Days.

resident any_resident(kay::random_stream& random) {
    const auto door_or_none = [&] {
        return kay::bernoulli(random, 0.15) ? no_door : kay::uniform_int(random, 0u, 5u);
    };
    resident r;
    r.home = kay::uniform_int(random, 0u, 5u);
    r.what = static_cast<occupation>(kay::uniform_int(random, 0, 2));
    if (r.what != occupation::at_home) r.daily = door_or_none();
    r.shop = door_or_none();
    r.shop_by_work = door_or_none();
    r.errand = door_or_none();
    r.leisure = door_or_none();
    r.part_time = kay::bernoulli(random, 0.3);
    r.commute_s = static_cast<std::uint16_t>(
        kay::bernoulli(random, 0.1) ? 0xffff : kay::uniform_int(random, 90, 9000));
    return r;
}

day_plan any_plan(kay::random_stream& random) {
    const resident who = any_resident(random);
    const auto day = static_cast<weekday>(kay::uniform_int(random, 0, 6));
    const habits usual{kay::uniform01(random), kay::uniform_real(random, 0.2, 8)};
    const day_plan plan = plan_day(who, random, day, usual);
    RC_ASSERT(plan.count >= 1u);
    RC_ASSERT(plan.count <= day_plan::activities_max);
    RC_ASSERT(plan[0].door == who.home);
    RC_ASSERT(plan[plan.count - 1].door == who.home);
    return plan;
}

TEST(day_plan, a_day_begins_and_ends_at_home_and_its_times_are_in_order) {
    EXPECT_TRUE(rc::check([](std::uint64_t seed) {
        kay::random_stream random(seed, 1, 0);
        for (int n = 0; n < 50; ++n) {
            const day_plan plan = any_plan(random);
            RC_ASSERT(plan[0].what == purpose::home);
            RC_ASSERT(plan[plan.count - 1].what == purpose::home);
            RC_ASSERT(plan[plan.count - 1].leave_at == day_s);
            RC_ASSERT(!plan[plan.count - 1].by_car);
            for (std::uint32_t i = 0; i + 1 < plan.count; ++i) {
                RC_ASSERT(plan[i].leave_at < plan[i + 1].leave_at);
                RC_ASSERT(plan[i].door != plan[i + 1].door);
                RC_ASSERT(plan[i].door != no_door);
                // A car is taken along from home to home.
                if (plan[i + 1].what != purpose::home) {
                    RC_ASSERT(plan[i].by_car == plan[i + 1].by_car);
                }
            }
        }
    }));
}

TEST(day_plan, nobody_sets_out_at_night) {
    kay::random_stream random(1, 4, 0);
    for (int n = 0; n < 20'000; ++n) {
        resident who = any_resident(random);
        who.commute_s = std::min<std::uint16_t>(who.commute_s, 9000);
        const auto day = static_cast<weekday>(kay::uniform_int(random, 0, 6));
        EXPECT_GE(plan_day(who, random, day)[0].leave_at, 4 * 3600u);
    }
}

TEST(day_plan, a_day_may_begin_at_any_hour) {
    EXPECT_TRUE(rc::check([](std::uint64_t seed) {
        kay::random_stream random(seed, 2, 0);
        for (int n = 0; n < 50; ++n) {
            const day_plan plan = any_plan(random);
            std::vector<departure> drives;
            for (std::uint32_t i = 0; i + 1 < plan.count; ++i)
                if (plan[i].by_car) drives.push_back({i, plan[i].leave_at});
            const auto now = kay::uniform_int(random, 0u, day_s - 1);
            const std::uint32_t at = activity_at(plan, now);
            RC_ASSERT(plan[at].leave_at > now);
            RC_ASSERT((at == 0 || plan[at - 1].leave_at <= now)); // the macro does not stop at ||
            // What is left of the day is what it has from then on.
            auto expected = std::find_if(drives.begin(), drives.end(),
                                         [&](const departure& d) { return d.at > now; });
            for (departure d = next_departure(plan, at, now); d.is_some();
                 d = next_departure(plan, d.from + 1, d.at)) {
                RC_ASSERT(expected != drives.end());
                RC_ASSERT(d.from == expected->from);
                RC_ASSERT(d.at == expected->at);
                ++expected;
            }
            RC_ASSERT(expected == drives.end());
        }
    }));
}

TEST(day_plan, who_comes_late_leaves_late_and_gets_home_all_the_same) {
    day_plan plan;
    plan.count = 5;
    plan.activities[0] = {1, 8 * 3600, purpose::home, true};
    plan.activities[1] = {2, 17 * 3600, purpose::work, true};
    plan.activities[2] = {1, 20 * 3600, purpose::home, false};
    plan.activities[3] = {3, 21 * 3600, purpose::leisure, false};
    plan.activities[4] = {1, day_s, purpose::home, false};
    departure d = next_departure(plan, 0, 0);
    EXPECT_EQ(d.from, 0u);
    EXPECT_EQ(d.at, 8 * 3600u);
    EXPECT_EQ(next_departure(plan, 1, 9 * 3600).at, 17 * 3600u);
    EXPECT_EQ(next_departure(plan, 1, 18 * 3600).at, 18 * 3600u);
    EXPECT_EQ(next_departure(plan, 1, day_s + 60).at, day_s + 60u) << "from work, after midnight";
    EXPECT_FALSE(next_departure(plan, 0, day_s).is_some()) << "no tour begins after midnight";
    EXPECT_FALSE(next_departure(plan, 2, 18 * 3600).is_some()) << "the evening is on foot";
    EXPECT_FALSE(next_departure(plan, 4, 0).is_some());
    plan.activities[2].by_car = plan.activities[3].by_car = true;
    EXPECT_EQ(next_departure(plan, 2, 18 * 3600).at, 20 * 3600u);
}

/// A day of the whole town, in sums.
struct town_day {
    double trips = 0, at_home = 0, drives = 0;
    std::array<double, 48> leaving{};           ///< [half hour]
    std::array<double, 48> to_school{};         ///< [half hour of leaving]
    std::array<double, 24 * 60> minute{};       ///< [minute of leaving]
    std::array<double, 24 * 60> driving_off{};  ///< [minute of leaving], by car
    std::array<double, city::purposes> going{}; ///< [purpose of the place]
};

town_day day_of_town(weekday day, const habits& usual = {}) {
    town_day sum;
    for (std::uint64_t i = 0; i < town_people; ++i) {
        kay::random_stream random(3, static_cast<std::uint64_t>(day), i);
        const day_plan plan = plan_day(people().residents[i], random, day, usual);
        sum.at_home += plan.count == 1;
        sum.trips += plan.trips();
        for (std::uint32_t k = 0; k + 1 < plan.count; ++k) {
            sum.drives += plan[k].by_car;
            ++sum.leaving[plan[k].leave_at / 1800];
            ++sum.minute[plan[k].leave_at / 60];
            sum.driving_off[plan[k].leave_at / 60] += plan[k].by_car;
            ++sum.going[static_cast<std::size_t>(plan[k + 1].what)];
            if (plan[k + 1].what == purpose::school) ++sum.to_school[plan[k].leave_at / 1800];
        }
    }
    return sum;
}

double between(const std::array<double, 48>& counts, int from, int to) {
    double sum = 0;
    for (int hour = from; hour < to; ++hour)
        sum += counts[static_cast<std::size_t>(2 * hour)] +
               counts[static_cast<std::size_t>(2 * hour + 1)];
    return sum;
}

TEST(day_plan, there_are_about_three_trips_a_person_and_day) {
    double trips = 0;
    for (int d = 0; d < 7; ++d) {
        const double each = day_of_town(static_cast<weekday>(d)).trips / town_people;
        if (d < 5) {
            EXPECT_NEAR(each, 3.1, 0.2) << d;
        }
        EXPECT_GT(each, 1.6);
        trips += each;
    }
    EXPECT_NEAR(trips / 7, 3.0, 0.3);
}

TEST(day_plan, some_stay_at_home_most_of_them_on_sunday) {
    EXPECT_NEAR(day_of_town(weekday::tuesday).at_home / town_people, 0.12, 0.03);
    EXPECT_NEAR(day_of_town(weekday::saturday).at_home / town_people, 0.18, 0.03);
    EXPECT_NEAR(day_of_town(weekday::sunday).at_home / town_people, 0.27, 0.03);
}

TEST(day_plan, the_hours_of_a_working_day_have_their_peaks) {
    const town_day day = day_of_town(weekday::wednesday);
    const auto share = [&](int from, int to) { return between(day.leaving, from, to) / day.trips; };
    EXPECT_LT(share(0, 4), 0.005);
    EXPECT_GT(share(7, 9), 0.14) << "to work and school";
    EXPECT_GT(share(16, 18), 0.14) << "back, and to shops";
    EXPECT_GT(share(12, 14), 0.08) << "lunch, and back from school";
    EXPECT_LT(share(9, 11), share(7, 9));
    EXPECT_LT(share(13, 15), share(16, 18));
    EXPECT_LT(share(20, 22), share(16, 18));
    EXPECT_GT(share(18, 22), 0.10) << "leisure";
    EXPECT_GT(between(day.to_school, 7, 9), 0.8 * between(day.to_school, 0, 24));
}

TEST(day_plan, never_do_very_many_leave_in_one_minute) {
    for (const weekday d : {weekday::thursday, weekday::saturday, weekday::sunday}) {
        const town_day day = day_of_town(d);
        EXPECT_LT(*std::max_element(day.minute.begin(), day.minute.end()), 0.004 * day.trips);
    }
}

TEST(day_plan, on_sundays_nobody_learns_and_few_work_or_shop) {
    const town_day monday = day_of_town(weekday::monday), sunday = day_of_town(weekday::sunday);
    const auto going = [](const town_day& d, purpose p) {
        return d.going[static_cast<std::size_t>(p)];
    };
    EXPECT_GT(going(monday, purpose::school), 0.14 * town_people);
    EXPECT_EQ(going(sunday, purpose::school), 0);
    EXPECT_LT(going(sunday, purpose::work), 0.25 * going(monday, purpose::work));
    EXPECT_LT(going(sunday, purpose::shop), 0.25 * going(monday, purpose::shop));
    EXPECT_GT(going(sunday, purpose::leisure), going(monday, purpose::leisure));
}

TEST(day_plan, as_many_go_by_car_as_the_habits_say) {
    const auto share = [](double car_share) {
        const town_day day = day_of_town(weekday::friday, {car_share, 1});
        return day.drives / day.trips;
    };
    EXPECT_EQ(share(0), 0);
    EXPECT_NEAR(share(0.6), 0.57, 0.02);
    EXPECT_NEAR(share(1), 0.95, 0.02);
}

TEST(day_plan, at_the_rush_hour_a_fifth_is_under_way_if_trips_take_twenty_minutes) {
    // Little's law without its mean: who has left in the last twenty minutes.
    const town_day day = day_of_town(weekday::tuesday, city::rush_hour);
    double most = 0;
    for (std::size_t m = 450; m < 510; ++m) {
        double left = 0;
        for (std::size_t k = m - 20; k < m; ++k) left += day.driving_off[k];
        most = std::max(most, left / town_people);
    }
    EXPECT_GT(most, 0.20);
}

TEST(day_plan, sharper_peaks_are_higher) {
    const auto peak = [](double sharpness) {
        const town_day day = day_of_town(weekday::monday, {0.6, sharpness});
        return *std::max_element(day.leaving.begin(), day.leaving.begin() + 20) / town_people;
    };
    EXPECT_GT(peak(2), 1.5 * peak(1));
    EXPECT_GT(peak(1), 1.2 * peak(0.5));
    const town_day sharp = day_of_town(weekday::monday, {0.6, 4});
    EXPECT_GT(between(sharp.leaving, 16, 18), 0.18 * sharp.trips) << "work ends at one time too";
}

} // namespace
