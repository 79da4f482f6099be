// SPDX-License-Identifier: MIT
//
// How the instances of a saved type become what the type is by now: the layout that they have, and
// what makes a new block of an old one.
#pragma once

#include <kay/core/schema.hpp>
#include <kay/store/instance_store.hpp>

#include <functional>
#include <string_view>

namespace kay::detail {

struct migration {
    std::string_view type; ///< its name, then and now
    const schema_node* before = nullptr;
    block_traits blocks_before;
    /// Makes the instance of a slot in a store; hidden or not. Throws what instance_store::create
    /// does, and what the user's function does.
    std::function<void(const std::byte* before, instance_store& to, lease_entry slot, bool hidden)>
        make;
};

} // namespace kay::detail
