// SPDX-License-Identifier: MIT
//
// The command line of kay.
#pragma once

#include <kay/core/result.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace tool {

enum class command { help, info, types, actors, show, diff, check, export_to, replay };

struct options {
    command what = command::help;
    std::string help;  ///< to be shown
    std::string world; ///< FILE or FILE@SNAPSHOT; may be empty in replay
    std::string other; ///< of diff
    std::string type;  ///< may be empty in show and replay
    std::string id;
    std::string where;
    std::uint64_t limit = ~std::uint64_t{0}; ///< actors, or lines of a difference
    std::string format;
    std::string out; ///< empty: standard output

    // Of replay.
    std::string log;
    std::uint64_t from = 0;                 ///< turn
    std::uint64_t to = ~std::uint64_t{0};   ///< turn
    bool inputs = false;                    ///< a line each
    std::string with;                       ///< a world that knows fields: FILE or FILE@SNAPSHOT
    std::string program;                    ///< empty: nothing is run
    std::string save;                       ///< of the program: FILE or FILE@SNAPSHOT
    std::vector<std::string> program_words; ///< for the program besides
};

kay::result<options> read_options(int count, const char* const* words);

} // namespace tool
