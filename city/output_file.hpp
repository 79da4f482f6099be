// SPDX-License-Identifier: MIT
//
// Writing a file so that it is whole or not there.
#pragma once

#include <kay/core/result.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace city {

/// Writes first beside the file and then in its place; straight into what is no file, such as a
/// pipe. What a link points at is replaced, not the link. `write` gets the path to write to and
/// returns what went wrong, or nothing; `what` names the thing in the error.
kay::result<void> write_whole(const std::string& file, const std::string& what,
                              const std::function<std::string(const std::string& path)>& write);

/// The same for a text that is there already.
kay::result<void> write_text(const std::string& file, const std::string& what,
                             std::string_view text);

} // namespace city
