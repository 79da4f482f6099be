// SPDX-License-Identifier: MIT
//
// A car, and the directions that its driver has given it. Plain data.
#pragma once

#include "../map/road_map.hpp"

#include <kay/kay.hpp>

#include <cstdint>

namespace city {

struct Person;

/// The next turns of a car, from the next one on: twelve at most, five bits each. A turn is told by
/// its position among those of the road.
struct directions {
    std::uint64_t bits = 0;

    static constexpr std::uint32_t unknown = 0; ///< the driver has to be asked
    static constexpr std::uint32_t arrive = 31; ///< it stops in this road
    static constexpr int room = 12;

    static_assert(turns_max < arrive);

    std::uint32_t first() const { return bits & 31; }
    bool arrives_here() const { return first() == arrive; }
    /// The turn at the end of this road. Requires that one is known.
    std::uint32_t turn() const { return first() - 1; }
    void advance() { bits >>= 5; }
    /// At position `index`, so far unknown.
    void set(int index, std::uint32_t code) { bits |= std::uint64_t{code} << (5 * index); }
    static constexpr std::uint32_t code_of(std::uint32_t turn) { return turn + 1; }
    /// Fewer than four turns are known, and the end is not.
    bool runs_low() const {
        for (int i = 0; i < 4; ++i) {
            const auto code = static_cast<std::uint32_t>(bits >> (5 * i)) & 31;
            if (code == arrive) return false;
            if (code == unknown) return true;
        }
        return false;
    }
};

/// What a car has agreed on with the intersection ahead.
enum class leave : std::uint8_t { none, asked, granted };

inline constexpr std::uint32_t no_lane = ~0u;

/// 48 bytes of its lane's state.
struct car {
    kay::id<Person> driver;
    directions way;
    float position = 0;            ///< of the front bumper, metres from the lane's start
    float speed = 0;               ///< metres in a second
    float stop_at = 0;             ///< where it parks, in the last road
    float driven = 0;              ///< metres, up to the start of this lane
    std::uint32_t entered = 0;     ///< turn in which it came into this road
    std::uint32_t next = no_lane;  ///< lane that it may enter, once granted
    std::uint16_t waits_since = 0; ///< turn in which it stopped for want of a lane, odd; or zero
    std::uint16_t ticket = 0;      ///< its name in this lane
    std::uint8_t turn_speed = turn::any_speed; ///< at the end of the lane, once granted
    leave state = leave::none;
    std::uint8_t wanted = 100; ///< speed, in percent of the limit
};
static_assert(sizeof(car) == 48);

} // namespace city
