// SPDX-License-Identifier: MIT
//
// std::chrono durations of whole numbers as state and in messages: "duration<i8,1,1000>". Time
// points are of some clock of this machine, and have no place in a world: keep w.now().
#pragma once

#include <kay/core/layout.hpp>
#include <kay/core/type_name.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <ratio>

namespace kay::detail {

template <std::signed_integral Count, std::intmax_t Numerator, std::intmax_t Denominator>
struct described<std::chrono::duration<Count, std::ratio<Numerator, Denominator>>> {
    static constexpr auto name =
        concat("duration<", name_text<Count>, ",", number_text<Numerator>(), ",",
               number_text<Denominator>(), ">");
    static constexpr std::uint64_t layout_hash =
        hash_layout("duration", layout_hash_of<Count>, static_cast<std::uint64_t>(Numerator),
                    static_cast<std::uint64_t>(Denominator));
    static constexpr bool storable = true;
    static constexpr bool sendable = true;
    static constexpr bool has_padding = false;
    static constexpr bool is_flat = true;
};

} // namespace kay::detail
