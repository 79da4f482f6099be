// SPDX-License-Identifier: MIT
//
// kay::recover: a world after a crash, from the newest snapshot that is whole and the input log
// since then: the last turn that was acknowledged, or a later one.
#pragma once

#include <kay/core/result.hpp>
#include <kay/persist/input_log.hpp>
#include <kay/persist/world_file.hpp>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace kay {

struct recovered {
    actor_system system;
    std::string snapshot;        ///< from which it came
    replay_summary replayed;     ///< all zero where there is no log
    std::vector<error> given_up; ///< why newer snapshots were passed over
};

/// Reads and checks all of a snapshot, the newest first, until one is whole and the log goes on
/// from it; then replays the log to its end. A log that is not there, or is empty, has nothing to
/// add. To go on recording, input_log::record takes the same path. Errors: none of the snapshots
/// will do.
template <class... Actors>
result<recovered> recover(world_file& file, const std::string& log_path,
                          load_options options = {}) {
    options.verify = true;
    std::error_code none;
    const bool has_log =
        std::filesystem::exists(log_path, none) && std::filesystem::file_size(log_path, none) > 0;
    std::vector<error> given_up;
    std::vector<saved_world> all = file.list();
    for (; !all.empty(); all.pop_back()) {
        auto system = file.load<Actors...>(all.back().name, options);
        if (!system) {
            given_up.push_back(system.error());
            continue;
        }
        replay_summary replayed;
        if (has_log) {
            auto done = input_log::replay(*system, log_path);
            if (!done) {
                given_up.push_back(done.error());
                continue;
            }
            replayed = std::move(*done);
        }
        return recovered{std::move(*system), all.back().name, std::move(replayed),
                         std::move(given_up)};
    }
    if (!given_up.empty()) return given_up.front();
    return error{error_code::not_found, "there is no snapshot in the file"};
}

} // namespace kay
