// SPDX-License-Identifier: MIT
#pragma once

#include <kay/core/result.hpp>

#include <string>

namespace kay::detail {

/// An error that says of which file it is.
inline error in_file(const std::string& path, const error& e) {
    if (e.text.starts_with(path)) return e;
    return {e.code, path + ": " + e.text};
}

/// Short enough to need none.
inline error no_memory() { return {error_code::out_of_memory, "out of memory"}; }

} // namespace kay::detail
