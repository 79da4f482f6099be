// SPDX-License-Identifier: MIT
#include <kay/turn/pacer.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace std::chrono_literals;

/// A clock that goes on only when somebody sleeps or works.
struct fake_time {
    std::chrono::nanoseconds now{0};
    kay::pacer_options options(double speed, kay::catch_up policy) {
        kay::pacer_options o;
        o.step = 100ms;
        o.speed = speed;
        o.policy = policy;
        o.burst_max = 4;
        o.clock = [this] { return now; };
        o.sleep = [this](std::chrono::nanoseconds time) { now += time; };
        return o;
    }
};

TEST(pacer, turns_come_at_even_distances) {
    fake_time time;
    kay::pacer pacer(time.options(2, kay::catch_up::slow_down));
    for (int turn = 1; turn <= 10; ++turn) {
        EXPECT_EQ(pacer.wait_for_next(), 1u);
        EXPECT_EQ(time.now, turn * 50ms);
        time.now += 20ms; // the turn's own work
    }
    EXPECT_EQ(pacer.overruns(), 0u);
}

TEST(pacer, at_full_speed_nobody_waits) {
    fake_time time;
    kay::pacer pacer(time.options(0, kay::catch_up::burst));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_EQ(time.now, 0ns);
}

TEST(pacer, slowing_down_makes_up_for_nothing) {
    fake_time time;
    kay::pacer pacer(time.options(1, kay::catch_up::slow_down));
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    time.now += 1s; // ten turns' time
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_EQ(pacer.overruns(), 1u);
    const auto then = time.now;
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_EQ(time.now, then + 100ms);
}

TEST(pacer, a_burst_catches_up_and_gives_up_the_rest) {
    fake_time time;
    kay::pacer pacer(time.options(1, kay::catch_up::burst));
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    time.now += 350ms;
    EXPECT_EQ(pacer.wait_for_next(), 3u);
    EXPECT_EQ(pacer.turns_given_up(), 0u);
    time.now += 2s;
    EXPECT_EQ(pacer.wait_for_next(), 4u);
    EXPECT_GT(pacer.turns_given_up(), 10u);
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_GE(pacer.lateness_max(), 1900ms);
}

TEST(pacer, speed_can_be_changed_and_nonsense_means_full_speed) {
    fake_time time;
    kay::pacer pacer(time.options(1, kay::catch_up::slow_down));
    pacer.set_speed(10);
    pacer.restart();
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_EQ(time.now, 10ms);
    pacer.set_speed(-1);
    EXPECT_EQ(pacer.speed(), 0.0);
    pacer.set_speed(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(pacer.speed(), 0.0);
}

TEST(pacer, what_ran_as_fast_as_it_went_is_not_late_when_the_clock_counts_again) {
    fake_time time;
    kay::pacer pacer(time.options(0, kay::catch_up::burst));
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(pacer.wait_for_next(), 1u);
        time.now += 10s;
    }
    pacer.set_speed(1);
    EXPECT_EQ(pacer.wait_for_next(), 1u);
    EXPECT_EQ(time.now, 100s + 100ms);
    EXPECT_EQ(pacer.overruns(), 0u);
    EXPECT_EQ(pacer.turns_given_up(), 0u);
}

TEST(pacer, without_a_step_never_waits) {
    fake_time time;
    auto options = time.options(1, kay::catch_up::burst);
    for (const auto step : {0ms, -100ms}) {
        options.step = step;
        kay::pacer pacer(options);
        time.now += 1s;
        EXPECT_EQ(pacer.wait_for_next(), 1u);
        EXPECT_EQ(pacer.wait_for_next(), 1u);
    }
}

} // namespace
