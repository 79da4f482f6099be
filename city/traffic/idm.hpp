// SPDX-License-Identifier: MIT
//
// The Intelligent Driver Model: how a driver accelerates behind another. M. Treiber, A. Hennecke,
// D. Helbing: Congested traffic states in empirical observations and microscopic simulations,
// Physical Review E 62, 2000. Pure functions.
#pragma once

#include <kay/core/math.hpp>

#include <algorithm>

namespace city {

struct idm_parameters {
    float acceleration = 1.4f; ///< metres in a second, each second
    float braking = 2;         ///< comfortable, the same unit
    float headway = 1.2f;      ///< seconds
    float gap_min = 2;         ///< metres, bumper to bumper in a jam
    float length = 5.0f;       ///< metres of a car
};

inline constexpr idm_parameters idm;
inline constexpr float free_gap = 1000; ///< metres: nobody is ahead
/// 1 / (2 sqrt(acceleration braking)), of constants.
inline constexpr float braking_inverse = 0.29880714f;

/// Acceleration at a speed, wanting a speed, with a gap to somebody who drives at leader_speed.
inline float idm_acceleration(float speed, float wanted, float gap, float leader_speed) {
    const float ratio = speed / wanted;
    const float free = ratio * ratio * ratio * ratio;
    const float dynamic = speed * idm.headway + speed * (speed - leader_speed) * braking_inverse;
    const float desired = idm.gap_min + std::max(0.0f, dynamic);
    const float interaction = desired / std::max(gap, 0.1f);
    return idm.acceleration * (1 - free - interaction * interaction);
}

/// Position and speed after a time: the acceleration holds for all of it (ballistic), but nobody
/// drives backwards.
inline void drive(float& position, float& speed, float acceleration, float seconds) {
    const float next = speed + acceleration * seconds;
    if (next < 0) {
        if (acceleration < 0) position -= speed * speed / (2 * acceleration);
        speed = 0;
        return;
    }
    position += (speed + next) / 2 * seconds;
    speed = next;
}

} // namespace city
