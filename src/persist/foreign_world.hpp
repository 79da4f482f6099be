// SPDX-License-Identifier: MIT
//
// A world that was read from a file of anybody's: whether anything in it could lead handlers, or
// kay, outside of their own memory.
#pragma once

#include "../turn/engine.hpp"

#include <kay/core/result.hpp>

namespace kay::detail {

/// Looks at every actor, constant and waiting message of a world that is between turns, all of
/// which has been read: containers stay in their blocks, flags are flags, constants are of the
/// types that they are taken for. Cost: reads the world once.
result<void> check_foreign(engine& world);

} // namespace kay::detail
