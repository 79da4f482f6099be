// SPDX-License-Identifier: MIT
//
// From words of the command line to a world, a log, a type, an actor. Where there is none of that
// name the error says what there is.
#pragma once

#include "../../src/persist/log_file.hpp"
#include "../../src/persist/saved_view.hpp"

#include <kay/core/id.hpp>
#include <kay/core/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tool {

/// A file, and which of its snapshots was asked for.
struct world_path {
    std::string file;
    std::string snapshot; ///< empty: none by name
};

/// FILE or FILE@SNAPSHOT; either may have an @ in its name.
world_path split(const std::string& word);

/// Something damaged that could be done without is told on standard error.
kay::result<std::unique_ptr<kay::detail::page_file>> open_file(const std::string& path);

struct world {
    world_path path;
    std::unique_ptr<kay::detail::page_file> file;
    kay::detail::saved_view view;

    /// FILE@SNAPSHOT.
    std::string name() const { return path.file + '@' + path.snapshot; }
};

/// The snapshot that was asked for, or the one that was saved last.
kay::result<world> open_world(const std::string& word);

/// An input log, at its first record.
kay::result<std::unique_ptr<kay::detail::log_file>> open_log(const std::string& path);

/// A log and a saved world are of one world, as far as both say which.
bool is_of(const kay::detail::log_identity& log, const world& saved);

/// The number of an actor type by its name, or by the end of its name where only one ends so.
kay::result<std::uint32_t> find_type(const world& in, const std::string& name);

/// A name is that, or ends in it behind its namespaces.
bool is_named(const std::string& full, const std::string& name);

/// `a, b, c`, the first of them, or what to say when there are none.
std::string list_of(const std::vector<std::string>& names, const char* none);

/// A name in quotes: whatever it is, it cannot do harm to a terminal.
std::string shown(const std::string& name);

/// An error of a world with its name before it.
kay::error in_world(const world& w, const kay::error& e);
/// One of a log.
kay::error in_log(const std::string& path, const kay::error& e);

} // namespace tool
