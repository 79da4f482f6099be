// SPDX-License-Identifier: MIT
//
// Which ways over a crossing cut each other. The roads' ends lie around it like numbers on a dial,
// counted anticlockwise; of a street with two directions the way out comes first and the way in
// after it, since one keeps to the right. Pure functions.
#pragma once

#include <cstdint>

namespace city {

/// A way over a crossing, by the positions of its two ends on the dial.
struct movement {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
};

/// Whether a position lies on the arc that leads anticlockwise from a movement's one end to its
/// other.
inline bool is_between(movement m, std::uint16_t position) {
    return m.from < m.to ? m.from < position && position < m.to
                         : position > m.from || position < m.to;
}

/// Two that come from one road or go into one do not cut each other: there lanes and the distance
/// between two cars see to it.
inline bool cross(movement a, movement b) {
    if (a.from == b.from || a.to == b.to) return false;
    return is_between(a, b.from) != is_between(a, b.to);
}

/// Whether the second comes from the right of the first and gets in its way, by cutting it or by
/// going into the same road. Who turns left has those on his right who come towards him.
inline bool comes_from_right(movement of, movement other) {
    if (other.from == of.from || !is_between(of, other.from)) return false;
    return other.to == of.to || cross(of, other);
}

} // namespace city
