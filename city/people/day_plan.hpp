// SPDX-License-Identifier: MIT
//
// What somebody does in a day: where they are, one place after the other, and when they leave each.
// A day is a few tours from home back to home, each by car as a whole or not at all; who does not
// go by car is simply there when the plan says so.
//
// A plan is a pure function of the resident, the day, the habits and the stream, and takes well
// below a microsecond. So nobody needs to keep one: with the stream of a person and a day, such as
// random_stream(seed, day, person), the same plan comes again. Times are seconds since midnight.
//
// Numbers are those of Mobilitaet in Deutschland 2017 (MiD; Nobis, Kuhnimhof: Ergebnisbericht,
// 2018): 3.1 trips a person and day; 12 % stay at home on a day from Monday to Friday, 18 % on
// Saturdays, 27 % on Sundays; trips are for leisure (28 %), work (16), shops (16), errands (14), on
// business (11), with others (8), to school (7), those back home counted with what they come from;
// 57 % are in a car. Times of going to work are those of the American Community Survey (US Census
// Bureau, table B08302), days of work of the American Time Use Survey 2017-18 (BLS). Business trips
// are left out.
#pragma once

#include "population.hpp"
#include "purpose.hpp"

#include <kay/core/random.hpp>

#include <array>
#include <cstdint>

namespace city {

inline constexpr std::uint32_t day_s = 86'400;

enum class weekday : std::uint8_t {
    monday,
    tuesday,
    wednesday,
    thursday,
    friday,
    saturday,
    sunday,
};

/// What one may turn for a whole city.
struct habits {
    double car_share = 0.6; ///< of tours, up to 1; of pupils' tours two thirds of it
    /// 1: as counted. Times at which work and school begin and end are so many times closer to the
    /// middle of their peak. Above zero.
    double peak_sharpness = 1;
};

struct activity {
    std::uint32_t door = no_door;
    std::uint32_t leave_at = day_s; ///< not before; day_s: not on this day
    purpose what = purpose::home;
    bool by_car = false; ///< how one goes on from here
};

/// An exaggeration, to see what a city can bear: everybody drives, and most set out within half an
/// hour. Of a million people in a generated city 160,000 are under way at once at ten to eight if
/// trips take as long as expected (14 minutes in the morning), 220,000 if they take 20 minutes in
/// the crowd. With the usual habits it is 36,000 and 52,000, with all in cars 60,000 and 86,000.
inline constexpr habits rush_hour{1, 4};

/// The first and the last activity are at home; two that follow each other have different doors.
/// They are left in ascending order, and all but the last before midnight.
struct day_plan {
    static constexpr std::uint32_t activities_max = 8;

    std::array<activity, activities_max> activities;
    std::uint32_t count = 0;

    const activity& operator[](std::uint32_t i) const { return activities[i]; }
    const activity* begin() const { return activities.data(); }
    const activity* end() const { return activities.data() + count; }
    std::uint32_t trips() const { return count - 1; }
};

day_plan plan_day(const resident& who, kay::random_stream& random, weekday day,
                  const habits& usual = {});

/// The activity that somebody is at by plan. Who would be on the way has arrived.
std::uint32_t activity_at(const day_plan& plan, std::uint32_t now);

/// One stays at least so long, however late one came, before one drives on.
std::uint32_t shortest_stay_s(purpose what);

/// A trip by car, to the activity after `from`.
struct departure {
    static constexpr std::uint32_t never = ~0u;

    std::uint32_t from = 0; ///< activity
    std::uint32_t at = never;
    bool is_some() const { return at != never; }
};

/// The next trip by car of somebody who is at an activity and may leave from `now` on; what one
/// does on foot until then goes by. At the start of a run: next_departure(plan, activity_at(plan,
/// now), now). After an arrival: next_departure(plan, from + 1, arrival + shortest_stay_s(...)).
/// No tour begins at midnight or later; one that has begun goes on, with `at` from day_s on.
departure next_departure(const day_plan& plan, std::uint32_t activity, std::uint32_t now);

} // namespace city
