// SPDX-License-Identifier: MIT
//
// The commands of kay, a file each. They write what they find and return the exit code: 0, or 1 for
// worlds that differ, or files that are damaged. What keeps them from it is an error.
#pragma once

#include "options.hpp"
#include "output.hpp"

#include <kay/core/result.hpp>

namespace tool {

kay::result<int> show_info(const options& o, output& out);
kay::result<int> show_types(const options& o, output& out);
kay::result<int> show_actors(const options& o, output& out);
kay::result<int> show_one(const options& o, output& out);
kay::result<int> show_difference(const options& o, output& out);
kay::result<int> check_file(const options& o, output& out);
kay::result<int> export_actors(const options& o, output& out);
kay::result<int> show_log(const options& o, output& out);
/// Becomes the world's own program, which replays: returns only where that is not to be.
kay::error replay_by_program(const options& o);

} // namespace tool
