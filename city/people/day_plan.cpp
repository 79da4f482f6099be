// SPDX-License-Identifier: MIT
#include "day_plan.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/distributions.hpp>

#include <algorithm>
#include <span>

namespace city {
namespace {

/// Up to so many hours there is this share of all; between two marks it rises evenly.
struct mark {
    double hours;
    double share;
};

// Times of the day. Work is from table B08302; who leaves after four in the afternoon, and would
// work beyond midnight, is counted with those before. The others are set so that the hours of a day
// look like those of MiD 2017.
constexpr mark leaves_for_work[] = {{4, 0},     {5, 0.04},    {5.5, 0.08}, {6, 0.13},   {6.5, 0.22},
                                    {7, 0.325}, {7.5, 0.475}, {8, 0.60},   {8.5, 0.71}, {9, 0.765},
                                    {10, 0.83}, {11, 0.86},   {12, 0.875}, {16, 1}};
constexpr mark school_begins[] = {{7.25, 0},    {7.5, 0.1}, {7.75, 0.35}, {8, 0.75},
                                  {8.25, 0.85}, {9, 0.93},  {10.5, 1}};
constexpr mark leaves_for_lunch[] = {{11.5, 0}, {12, 0.35}, {12.5, 0.75}, {13.5, 1}};
constexpr mark leaves_in_the_evening[] = {{16.5, 0}, {18, 0.3}, {19.5, 0.75}, {21, 1}};
constexpr mark leaves_after_school[] = {{14, 0}, {15, 0.3}, {17, 0.75}, {19.5, 1}};
constexpr mark leaves_on_a_free_day[] = {{7.5, 0},   {9, 0.12},  {10, 0.30}, {11, 0.48}, {12, 0.58},
                                         {14, 0.68}, {16, 0.86}, {18, 0.97}, {19, 1}};
constexpr mark leaves_on_sunday[] = {{8, 0},     {10, 0.15}, {12, 0.35},
                                     {14, 0.62}, {16, 0.88}, {19, 1}};

// How long one stays. Full-timers work eight hours and a half (ATUS 2018); the break comes on top.
constexpr mark work_time[] = {{7, 0}, {8, 0.12}, {8.75, 0.4}, {9.25, 0.65}, {10, 0.88}, {12, 1}};
constexpr mark part_time_work[] = {{3, 0}, {4, 0.25}, {5, 0.65}, {6.5, 1}};
constexpr mark school_time[] = {{4.25, 0}, {5.25, 0.3}, {6.25, 0.65}, {7.5, 0.93}, {9, 1}};
constexpr mark shop_time[] = {{0.15, 0}, {0.35, 0.4}, {0.75, 0.85}, {1.5, 1}};
constexpr mark errand_time[] = {{0.1, 0}, {0.25, 0.35}, {0.75, 0.8}, {2, 1}};
constexpr mark stop_with_somebody[] = {{0.1, 0}, {0.2, 1}};
constexpr mark lunch_time[] = {{0.4, 0}, {0.75, 0.7}, {1.1, 1}};
constexpr mark leisure_time[] = {{0.5, 0}, {1.25, 0.35}, {2.25, 0.75}, {4, 1}};
constexpr mark rest_between[] = {{0.4, 0}, {1.5, 0.5}, {3, 0.9}, {5, 1}};

constexpr double late_share = 0.7; ///< of the time left on the day, that late work takes at least
constexpr double work_peak = 7.5, school_peak = 8, full_day = 9, school_day = 5.8; ///< hours

/// [monday .. sunday]: who of those with work goes there.
constexpr double at_work[] = {0.81, 0.82, 0.82, 0.82, 0.80, 0.19, 0.12};
constexpr double at_school = 0.93; ///< on a day of school

// Chances, set so that trips a day, their purposes and those who stay at home come near to MiD.
constexpr double with_somebody = 0.18, lunch_out = 0.16, shop_after_work = 0.22,
                 errand_after_work = 0.16, out_after_work = 0.40, shop_instead = 0.25;
constexpr double leisure_after_school = 0.12, out_after_school = 0.5;
constexpr double second_stop = 0.42, second_tour = 0.58, third_tour = 0.20;
constexpr double stays_in[] = {0.28, 0.28, 0.28, 0.28, 0.28, 0.20, 0.29}; ///< of who has a free day

// Seconds that one thinks a way takes which is not that to work.
constexpr std::uint32_t to_shop_s = 420, to_errand_s = 600, to_leisure_s = 660;

constexpr std::uint32_t seconds(double hours) { return static_cast<std::uint32_t>(hours * 3600); }
constexpr std::uint32_t last_leave = seconds(23.25), open_from = seconds(7),
                        open_to = seconds(20.5), shortest_work = seconds(1),
                        shortest_home = seconds(0.25);

double hours_of(kay::random_stream& random, std::span<const mark> marks) {
    const double share = kay::uniform01(random);
    std::size_t i = 1;
    while (i + 1 < marks.size() && marks[i].share <= share) ++i;
    const mark a = marks[i - 1], b = marks[i];
    return a.hours + (b.hours - a.hours) * (share - a.share) / (b.share - a.share);
}
std::uint32_t drawn(kay::random_stream& random, std::span<const mark> marks) {
    return seconds(hours_of(random, marks));
}
std::uint32_t drawn(kay::random_stream& random, std::span<const mark> marks, double middle,
                    double sharpness) {
    const double hours = middle + (hours_of(random, marks) - middle) / sharpness;
    return seconds(std::clamp(hours, 0.0, 24.0));
}

/// Places one after the other, from home and back to it.
class tour {
public:
    tour(std::uint32_t home, std::uint32_t leave_at)
        : home_(home), last_(home), leave_at_(leave_at), now_(leave_at) {}

    /// Nothing where there is no such door, it is one's own, or one is there already.
    void go(purpose what, std::uint32_t door, std::uint32_t way_s, std::uint32_t stay_s) {
        if (door == no_door || door == home_ || door == last_ || count_ == stops_.size()) return;
        now_ += way_s + stay_s;
        stops_[count_++] = {door, now_, what, false};
        last_ = door;
    }
    std::uint32_t leave_at() const { return leave_at_; }
    std::uint32_t now() const { return now_; } ///< when one leaves the last stop
    std::span<const activity> stops() const { return {stops_.data(), count_}; }
    bool is_open_hours() const { return now_ >= open_from && now_ < open_to; }

private:
    std::array<activity, day_plan::activities_max - 2> stops_;
    std::size_t count_ = 0;
    std::uint32_t home_, last_, leave_at_, now_;
};

class planner {
public:
    planner(const resident& who, kay::random_stream& random, weekday day, const habits& usual)
        : who_(who), random_(random), day_(static_cast<std::size_t>(day)), usual_(usual) {
        plan_.activities[0].door = who.home;
        plan_.count = 1;
    }

    day_plan plan() {
        const bool works = who_.what == occupation::worker && chance(at_work[day_]);
        const bool learns = who_.what == occupation::pupil && !is_weekend() && chance(at_school);
        if (works && go_to_work()) {
            evening();
        } else if (learns && go_to_school()) {
            if (chance(out_after_school)) go_out(drawn(random_, leaves_after_school));
        } else if (!chance(stays_in[day_])) {
            free_day();
        }
        return plan_;
    }

private:
    bool chance(double p) { return kay::bernoulli(random_, p); }
    bool is_weekend() const { return day_ >= static_cast<std::size_t>(weekday::saturday); }
    bool is_sunday() const { return day_ == static_cast<std::size_t>(weekday::sunday); }

    bool go_to_work() {
        const std::uint32_t leave =
            drawn(random_, leaves_for_work, work_peak, usual_.peak_sharpness);
        tour t(who_.home, leave);
        if (chance(with_somebody) && leave >= seconds(6.5) && leave < seconds(9))
            t.go(purpose::errand, who_.errand, to_errand_s, drawn(random_, stop_with_somebody));
        const std::uint32_t start = t.now() + who_.commute_s;
        const std::uint32_t wanted =
            who_.part_time ? drawn(random_, part_time_work)
                           : drawn(random_, work_time, full_day, usual_.peak_sharpness);
        if (start + shortest_work > last_leave) return false;
        // Who comes late in the day stops somewhere in the late evening, not all at once.
        const std::uint32_t end =
            start + wanted <= last_leave
                ? start + wanted
                : start + static_cast<std::uint32_t>(kay::uniform_real(random_, late_share, 1) *
                                                     (last_leave - start));
        const std::uint32_t lunch = drawn(random_, leaves_for_lunch);
        const bool eats_out = chance(lunch_out) && !who_.part_time &&
                              start + shortest_work < lunch && who_.shop_by_work != no_door;
        if (eats_out) {
            t.go(purpose::work, who_.daily, who_.commute_s, lunch - start);
            t.go(purpose::leisure, who_.shop_by_work, to_shop_s, drawn(random_, lunch_time));
            const std::uint32_t again = t.now() + to_shop_s;
            t.go(purpose::work, who_.daily, to_shop_s,
                 again + shortest_work < end ? end - again : shortest_work);
        } else {
            t.go(purpose::work, who_.daily, who_.commute_s, end - start);
        }
        if (t.is_open_hours() && !is_sunday()) {
            if (chance(shop_after_work))
                t.go(purpose::shop, who_.shop_by_work, to_shop_s, drawn(random_, shop_time));
            else if (chance(errand_after_work))
                t.go(purpose::errand, who_.errand, who_.commute_s, drawn(random_, errand_time));
        }
        return add(t, who_.commute_s);
    }

    void evening() {
        if (!chance(out_after_work)) return;
        const std::uint32_t leave = std::max(free_from_, drawn(random_, leaves_in_the_evening));
        if (!chance(shop_instead)) return go_out(leave);
        tour t(who_.home, leave);
        if (!is_sunday() && t.is_open_hours())
            t.go(purpose::shop, who_.shop, to_shop_s, drawn(random_, shop_time));
        add(t, to_shop_s);
    }

    bool go_to_school() {
        const std::uint32_t begins =
            drawn(random_, school_begins, school_peak, usual_.peak_sharpness);
        const std::uint32_t leave = begins > who_.commute_s ? begins - who_.commute_s : 0;
        tour t(who_.home, leave);
        t.go(purpose::school, who_.daily, who_.commute_s,
             drawn(random_, school_time, school_day, usual_.peak_sharpness));
        if (chance(leisure_after_school))
            t.go(purpose::leisure, who_.shop_by_work, to_shop_s, drawn(random_, leisure_time));
        return add(t, who_.commute_s);
    }

    void go_out(std::uint32_t leave) {
        tour t(who_.home, std::max(leave, free_from_));
        t.go(purpose::leisure, who_.leisure, to_leisure_s, drawn(random_, leisure_time));
        add(t, to_leisure_s);
    }

    void free_day() {
        const auto first = is_sunday() ? std::span<const mark>(leaves_on_sunday)
                                       : std::span<const mark>(leaves_on_a_free_day);
        free_tour(drawn(random_, first));
        if (!chance(second_tour)) return;
        free_tour(free_from_ + drawn(random_, rest_between));
        if (chance(third_tour)) free_tour(free_from_ + drawn(random_, rest_between));
    }

    void free_tour(std::uint32_t leave) {
        free_from_ = std::max(leave, free_from_); // for the next one, should this one lead nowhere
        tour t(who_.home, free_from_);
        std::uint32_t back_s = free_stop(t);
        if (chance(second_stop)) back_s = free_stop(t);
        add(t, back_s);
    }

    /// Adds one; returns the seconds from there to home.
    std::uint32_t free_stop(tour& t) {
        const double to_shops = is_sunday() ? 0.03 : is_weekend() ? 0.45 : 0.38;
        const double to_errands = is_weekend() ? 0.12 : 0.30;
        const double what = kay::uniform01(random_);
        if (what < to_shops && t.is_open_hours()) {
            t.go(purpose::shop, who_.shop, to_shop_s, drawn(random_, shop_time));
            return to_shop_s;
        }
        if (what < to_shops + to_errands && t.is_open_hours()) {
            t.go(purpose::errand, who_.errand, to_errand_s, drawn(random_, errand_time));
            return to_errand_s;
        }
        t.go(purpose::leisure, who_.leisure, to_leisure_s, drawn(random_, leisure_time));
        return to_leisure_s;
    }

    /// If it leads anywhere, and fits into the plan and the day.
    bool add(const tour& t, std::uint32_t back_s) {
        const auto stops = t.stops();
        if (stops.empty() || plan_.count + stops.size() + 1 > day_plan::activities_max ||
            t.now() > last_leave)
            return false;
        const bool by_car =
            chance(usual_.car_share * (who_.what == occupation::pupil ? 2.0 / 3 : 1));
        activity& home = plan_.activities[plan_.count - 1];
        home.leave_at = t.leave_at();
        home.by_car = by_car;
        for (activity a : stops) {
            a.by_car = by_car;
            plan_.activities[plan_.count++] = a;
        }
        plan_.activities[plan_.count++].door = who_.home;
        free_from_ = t.now() + back_s + shortest_home;
        return true;
    }

    const resident& who_;
    kay::random_stream& random_;
    std::size_t day_;
    const habits& usual_;
    day_plan plan_;
    std::uint32_t free_from_ = 0; ///< when the next tour may begin
};

} // namespace

day_plan plan_day(const resident& who, kay::random_stream& random, weekday day,
                  const habits& usual) {
    KAY_ASSERT(who.home != no_door);
    KAY_ASSERT(usual.car_share >= 0 && usual.car_share <= 1);
    KAY_ASSERT(usual.peak_sharpness > 0);
    return planner(who, random, day, usual).plan();
}

std::uint32_t activity_at(const day_plan& plan, std::uint32_t now) {
    std::uint32_t i = 0;
    while (i + 1 < plan.count && plan[i].leave_at <= now) ++i;
    return i;
}

std::uint32_t shortest_stay_s(purpose what) {
    switch (what) {
    case purpose::work: return 1800;
    case purpose::school: return 1800;
    case purpose::home: return 900;
    case purpose::leisure: return 900;
    default: return 300;
    }
}

departure next_departure(const day_plan& plan, std::uint32_t activity, std::uint32_t now) {
    for (std::uint32_t i = activity; i + 1 < plan.count; ++i) {
        const std::uint32_t at = std::max(plan[i].leave_at, now);
        if (plan[i].what == purpose::home && at >= day_s) break;
        if (plan[i].by_car) return {i, at};
    }
    return {};
}

} // namespace city
