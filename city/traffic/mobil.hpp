// SPDX-License-Identifier: MIT
//
// When drivers change lanes: MOBIL, minimizing overall braking induced by lane changes. A. Kesting,
// M. Treiber, D. Helbing: General Lane-Changing Model MOBIL for Car-Following Models,
// Transportation Research Record 1999, 2007. The symmetric rule, for roads in cities: no side is
// preferred. Pure functions.
#pragma once

#include "idm.hpp"

namespace city {

struct mobil_parameters {
    float politeness = 0.25f; ///< weight of what others lose or gain
    float threshold = 0.15f;  ///< metres in a second, each second, that a change has to be worth
    float braking_safe = 3;   ///< nobody is made to brake harder; the same unit
    float braking_must = 5;   ///< the same, for who has to change to go where he wants
    float gap_min = 1;        ///< metres to whoever is ahead and behind
};

inline constexpr mobil_parameters mobil;

/// Somebody in a lane, as others see him.
struct neighbour {
    float position = 0; ///< of the front bumper, metres
    float speed = 0;
    float wanted = 0; ///< speed, metres in a second
};

/// Acceleration behind a leader, or with nobody ahead.
inline float acceleration_behind(const neighbour& self, const neighbour* leader) {
    if (!leader) return idm_acceleration(self.speed, self.wanted, free_gap, self.speed);
    const float gap = leader->position - idm.length - self.position;
    return idm_acceleration(self.speed, self.wanted, gap, leader->speed);
}

/// What somebody gives up who leaves his lane: his own acceleration there, less what it is worth to
/// the one behind him that he goes.
inline float worth_of_staying(const neighbour& self, const neighbour* leader,
                              const neighbour* follower) {
    const float own = acceleration_behind(self, leader);
    if (!follower) return own;
    return own - mobil.politeness * (acceleration_behind(*follower, leader) -
                                     acceleration_behind(*follower, &self));
}

/// Whether somebody may come between two others, and it is worth it. `staying` is the
/// worth_of_staying; who must change only asks that nobody is endangered.
inline bool accepts_change(const neighbour& self, float staying, bool must, const neighbour* leader,
                           const neighbour* follower) {
    const float hardest = -(must ? mobil.braking_must : mobil.braking_safe);
    if (leader && leader->position - idm.length - self.position < mobil.gap_min) return false;
    if (follower && self.position - idm.length - follower->position < mobil.gap_min) return false;
    const float own = acceleration_behind(self, leader);
    if (own < hardest) return false;
    float others = 0;
    if (follower) {
        const float then = acceleration_behind(*follower, &self);
        if (then < hardest) return false;
        others = then - acceleration_behind(*follower, leader);
    }
    return must || own + mobil.politeness * others > staying + mobil.threshold;
}

} // namespace city
