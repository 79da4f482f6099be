// SPDX-License-Identifier: MIT
//
// Compares what a saved world is made of with what this program makes of it.
#pragma once

#include "../turn/saved_head.hpp"
#include "../turn/type_table.hpp"
#include "schema.hpp"

#include <kay/core/result.hpp>
#include <kay/store/migration.hpp>

#include <span>

namespace kay::detail {

/// An error says which actor types and constants have another layout by now, field by field; those
/// that a migration is for are left out, and its layout is compared instead.
result<void> check_layouts(const saved_head& head, const schema& saved, const type_table& now,
                           std::span<const migration> migrations);

} // namespace kay::detail
