// SPDX-License-Identifier: MIT
//
// A replay by the world's own program, which has the handlers. What can be known to be wrong is
// told before it runs.
#include "commands.hpp"
#include "log_walk.hpp"
#include "world.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace tool {
namespace {

using kay::error;
using kay::error_code;
using kay::result;

/// Snapshot and log are of one world, and the log leads from the one to the turn.
result<void> check_fit(const world& from, const std::string& log_path, std::uint64_t to_turn) {
    const auto bad = [](const std::string& text) {
        return error{error_code::invalid_argument, text};
    };
    const auto log = open_log(log_path);
    if (!log) return log.error();
    const kay::detail::log_identity& of = (*log)->world();
    const kay::detail::world_manifest& saved = from.view.manifest();
    const auto other = [&](const char* what, std::uint64_t in_log, std::uint64_t in_world) {
        return bad(log_path + ": is of another world than " + from.name() + ": it has " + what +
                   ' ' + std::to_string(in_log) + ", not " + std::to_string(in_world));
    };
    const auto step = static_cast<std::uint64_t>(saved.head.step.count());
    if (of.places != saved.head.places) return other("places:", of.places, saved.head.places);
    if (of.seed != saved.head.seed) return other("the seed", of.seed, saved.head.seed);
    if (static_cast<std::uint64_t>(of.step_ns) != step)
        return other("a step in ns of", static_cast<std::uint64_t>(of.step_ns), step);
    const std::uint64_t turn = saved.head.turn;
    if (saved.is_in_turn)
        return bad(from.name() + ": stopped in the middle of turn " + std::to_string(turn) +
                   ": replay from an earlier snapshot");
    if (turn < of.first_turn)
        return bad(log_path + ": begins after turn " + std::to_string(of.first_turn) + ", and " +
                   from.name() + " is at turn " + std::to_string(turn));
    if (to_turn < turn)
        return bad(from.name() + ": is at turn " + std::to_string(turn) +
                   " already; a replay to turn " + std::to_string(to_turn) +
                   " needs an earlier snapshot");
    log_visitor nobody;
    const auto found = log_walk(**log, nobody).run(to_turn);
    if (!found) return in_log(log_path, found.error());
    if (found->damage) return in_log(log_path, {error_code::bad_data, *found->damage});
    if (found->last_turn < to_turn)
        return bad(log_path + ": goes to turn " + std::to_string(found->last_turn) + ", not to " +
                   std::to_string(to_turn));
    return {};
}

} // namespace

error replay_by_program(const options& o) {
    std::vector<std::string> words{o.program};
    {
        const auto from = open_world(o.world);
        if (!from) return from.error();
        if (auto fits = check_fit(*from, o.log, o.to); !fits) return fits.error();
        words.insert(words.end(), {"--load", from->name(), "--record", o.log, "--replay-to",
                                   std::to_string(o.to)});
    }
    if (!o.save.empty()) words.insert(words.end(), {"--save", o.save});
    words.insert(words.end(), o.program_words.begin(), o.program_words.end());
    std::vector<char*> raw;
    for (std::string& word : words) raw.push_back(word.data());
    raw.push_back(nullptr);
    ::execvp(raw[0], raw.data());
    return {error_code::io,
            o.program + ": cannot be run: " + std::generic_category().message(errno)};
}

} // namespace tool
