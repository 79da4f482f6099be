// SPDX-License-Identifier: MIT
//
// Traffic lights that follow the clock: two phases, each with green for its approaches, then a
// while in which only those who wait inside the crossing to turn may still go, then red for all.
// Pure functions.
#pragma once

#include <cstdint>

namespace city {

struct signal_plan {
    static constexpr std::uint32_t cycle = 900; ///< turns
    static constexpr std::uint32_t half = cycle / 2;
    static constexpr std::uint32_t clearing = 40; ///< at the end of a phase: who turns may still go
    static constexpr std::uint32_t all_red = 15;  ///< at its very end

    /// Turns since the phase of an approach began; from `half` on it is the other's.
    static std::uint32_t since_green(std::uint32_t offset, bool second, std::uint64_t turn) {
        return static_cast<std::uint32_t>((turn + offset + (second ? half : 0)) % cycle);
    }
    static bool is_green(std::uint32_t offset, bool second, std::uint64_t turn, bool turns_off) {
        const std::uint32_t since = since_green(offset, second, turn);
        return since < half - (turns_off ? all_red : clearing);
    }
    /// The next turn in which its phase begins.
    static std::uint64_t next_green(std::uint32_t offset, bool second, std::uint64_t turn) {
        return turn + cycle - since_green(offset, second, turn);
    }
};

} // namespace city
