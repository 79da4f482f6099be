// SPDX-License-Identifier: MIT
//
// The command line of kay.
#pragma once

#include <kay/core/result.hpp>

#include <cstdint>
#include <string>

namespace tool {

enum class command { help, info, types, actors, show, diff, check, export_to };

struct options {
    command what = command::help;
    std::string help;  ///< to be shown
    std::string world; ///< FILE or FILE@SNAPSHOT
    std::string other; ///< of diff
    std::string type;  ///< may be empty in show
    std::string id;
    std::string where;
    std::uint64_t limit = ~std::uint64_t{0}; ///< actors, or lines of a difference
    std::string format;
    std::string out; ///< empty: standard output
};

kay::result<options> read_options(int count, const char* const* words);

} // namespace tool
