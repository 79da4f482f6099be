// SPDX-License-Identifier: MIT
//
// Stands for whatever takes an actor type: asks first, and uses the type only if it is right.
#pragma once

#include <kay/core/storable.hpp>

#include <cstdint>

template <class Actor>
std::uint64_t add() {
    kay::require_storable<Actor>();
    if constexpr (kay::storable<Actor>) {
        Actor actor{};
        kay::for_each_field(actor, [](auto& field) { static_cast<void>(sizeof(field)); });
        return kay::layout_hash<Actor> + kay::fields<Actor>().size() + kay::has_padding<Actor>;
    } else {
        return 0;
    }
}
