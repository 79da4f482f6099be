// SPDX-License-Identifier: MIT
//
// The Intelligent Driver Model against its published formulas: M. Treiber, A. Hennecke, D. Helbing,
// Physical Review E 62, 2000. They are written out here once more, in double.
#include "city/traffic/idm.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using city::drive;
using city::idm;
using city::idm_acceleration;

constexpr float step = 0.1f;

double published(double speed, double wanted, double gap, double leader_speed) {
    const double a = idm.acceleration, b = idm.braking;
    const double desired =
        idm.gap_min + std::max(0.0, speed * idm.headway +
                                        speed * (speed - leader_speed) / (2 * std::sqrt(a * b)));
    return a * (1 - std::pow(speed / wanted, 4) - std::pow(desired / gap, 2));
}

/// The gap at which somebody keeps a speed behind another of the same speed.
double equilibrium_gap(double speed, double wanted) {
    return (idm.gap_min + speed * idm.headway) / std::sqrt(1 - std::pow(speed / wanted, 4));
}

struct driver {
    float position;
    float speed;
};

float gap_of(const driver& leader, const driver& follower) {
    return leader.position - idm.length - follower.position;
}

TEST(idm, a_free_road_gives_the_published_acceleration) {
    constexpr float wanted = 20, far = 1e7f;
    EXPECT_NEAR(idm_acceleration(0, wanted, far, 0), idm.acceleration, 1e-5);
    EXPECT_NEAR(idm_acceleration(wanted, wanted, far, wanted), 0, 1e-5);
    EXPECT_NEAR(idm_acceleration(10, wanted, far, 10), idm.acceleration * 15 / 16, 1e-5);
    EXPECT_NEAR(idm_acceleration(1.2f * wanted, wanted, far, wanted),
                idm.acceleration * (1 - std::pow(1.2, 4)), 1e-5);
}

TEST(idm, it_is_the_published_formula_for_any_speeds_and_gaps) {
    EXPECT_TRUE(rc::check("as published", [] {
        const auto between = [](int low, int high) {
            return static_cast<double>(*rc::gen::inRange(low * 100, high * 100)) / 100;
        };
        const double speed = between(0, 50), wanted = between(1, 50), gap = between(1, 500),
                     leader = between(0, 50);
        const double right = published(speed, wanted, gap, leader);
        const float ours = idm_acceleration(static_cast<float>(speed), static_cast<float>(wanted),
                                            static_cast<float>(gap), static_cast<float>(leader));
        // Relative to the sum's largest part, for they may cancel each other.
        const double size = idm.acceleration * (1 + std::pow(speed / wanted, 4)) + std::abs(right);
        RC_ASSERT(std::abs(ours - right) <= 2e-5 * size);
    }));
}

TEST(idm, at_the_equilibrium_gap_a_driver_keeps_the_speed) {
    constexpr float wanted = 30;
    for (const float speed : {0.0f, 1.0f, 5.0f, 10.0f, 20.0f, 29.0f}) {
        const auto gap = static_cast<float>(equilibrium_gap(speed, wanted));
        EXPECT_NEAR(idm_acceleration(speed, wanted, gap, speed), 0, 1e-4) << speed;
        EXPECT_LT(idm_acceleration(speed, wanted, gap * 0.9f, speed), 0) << speed;
        EXPECT_GT(idm_acceleration(speed, wanted, gap * 1.1f, speed), 0) << speed;
    }
}

TEST(idm, who_comes_nearer_brakes_harder_and_who_falls_back_does_not) {
    constexpr float speed = 15, wanted = 20, gap = 40;
    const float same = idm_acceleration(speed, wanted, gap, speed);
    EXPECT_LT(idm_acceleration(speed, wanted, gap, speed - 5), same);
    EXPECT_GT(idm_acceleration(speed, wanted, gap, speed + 5), same);
    // However fast the leader is, the smallest gap is wanted: the dynamic part is never below zero.
    EXPECT_EQ(idm_acceleration(speed, wanted, gap, 1000),
              idm_acceleration(speed, wanted, gap, 2000));
}

TEST(idm, no_gap_or_less_than_none_brakes_hard_and_stays_a_number) {
    for (const float gap : {0.0f, -1.0f, -1000.0f, 1e-30f}) {
        const float a = idm_acceleration(10, 15, gap, 0);
        EXPECT_TRUE(std::isfinite(a)) << gap;
        EXPECT_LT(a, -idm.braking) << gap;
    }
}

TEST(idm, drive_moves_as_a_constant_acceleration_does) {
    driver d{100, 10};
    drive(d.position, d.speed, 2, 0.5f);
    EXPECT_FLOAT_EQ(d.speed, 11);
    EXPECT_FLOAT_EQ(d.position, 100 + 10 * 0.5f + 0.5f * 2 * 0.25f);
}

TEST(idm, drive_stops_after_the_braking_distance_and_never_goes_backwards) {
    driver d{0, 1};
    drive(d.position, d.speed, -8, 1);
    EXPECT_EQ(d.speed, 0);
    EXPECT_FLOAT_EQ(d.position, 1.0f / 16); // v^2 / 2b
    drive(d.position, d.speed, -8, 1);
    EXPECT_EQ(d.speed, 0);
    EXPECT_FLOAT_EQ(d.position, 1.0f / 16);
}

TEST(idm, nobody_hits_a_leader_that_brakes_as_hard_as_tyres_allow) {
    for (const float speed : {3.0f, 8.0f, 14.0f, 25.0f, 36.0f})
        for (const float braking : {2.0f, 5.0f, 9.0f}) {
            const float wanted = speed * 1.1f;
            // A queue of twenty, each at the equilibrium gap behind the one before.
            const auto gap = static_cast<float>(equilibrium_gap(speed, wanted));
            std::vector<driver> queue;
            for (int i = 0; i < 20; ++i)
                queue.push_back({static_cast<float>(-i) * (gap + idm.length), speed});
            float closest = gap;
            for (int turn = 0; turn < 3000; ++turn) {
                drive(queue[0].position, queue[0].speed, -braking, step);
                for (std::size_t i = 1; i < queue.size(); ++i) {
                    const float a = idm_acceleration(
                        queue[i].speed, wanted, gap_of(queue[i - 1], queue[i]), queue[i - 1].speed);
                    drive(queue[i].position, queue[i].speed, a, step);
                    closest = std::min(closest, gap_of(queue[i - 1], queue[i]));
                }
            }
            EXPECT_GT(closest, 0) << speed << " m/s, leader brakes by " << braking;
            for (std::size_t i = 1; i < queue.size(); ++i) {
                EXPECT_LT(queue[i].speed, 0.1f) << i << " at " << speed;
                EXPECT_NEAR(gap_of(queue[i - 1], queue[i]), idm.gap_min, 0.6)
                    << i << " at " << speed;
            }
        }
}

TEST(idm, a_red_light_far_away_is_approached_with_comfortable_braking) {
    for (const float speed : {8.0f, 14.0f, 30.0f}) {
        driver d{0, speed};
        constexpr float line = 1000;
        float hardest = 0;
        for (int turn = 0; turn < 4000; ++turn) {
            const float a = idm_acceleration(d.speed, speed, line - d.position, 0);
            hardest = std::min(hardest, a);
            drive(d.position, d.speed, a, step);
            ASSERT_LT(d.position, line) << speed;
        }
        EXPECT_GT(hardest, -1.15f * idm.braking) << speed;
        EXPECT_NEAR(d.position, line - idm.gap_min, 0.6) << speed;
    }
}

TEST(idm, a_queue_that_starts_comes_to_the_equilibrium_gap_of_its_leader) {
    constexpr float wanted = 20, slow = 10;
    std::vector<driver> queue;
    for (int i = 0; i < 10; ++i)
        queue.push_back({static_cast<float>(-i) * (idm.gap_min + idm.length), 0});
    for (int turn = 0; turn < 6000; ++turn) {
        const std::vector<driver> before = queue; // all look, then all move
        drive(queue[0].position, queue[0].speed, (slow - queue[0].speed) * 0.2f, step);
        for (std::size_t i = 1; i < queue.size(); ++i)
            drive(queue[i].position, queue[i].speed,
                  idm_acceleration(before[i].speed, wanted, gap_of(before[i - 1], before[i]),
                                   before[i - 1].speed),
                  step);
    }
    for (std::size_t i = 1; i < queue.size(); ++i) {
        EXPECT_NEAR(queue[i].speed, slow, 0.01) << i;
        EXPECT_NEAR(gap_of(queue[i - 1], queue[i]), equilibrium_gap(slow, wanted), 0.02) << i;
    }
}

} // namespace
