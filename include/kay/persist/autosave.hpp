// SPDX-License-Identifier: MIT
//
// kay::autosave: saves a system every so many turns under one name, each save in place of the one
// before, while it goes on. Of the thread that drives the system.
#pragma once

#include <kay/core/duration.hpp>
#include <kay/core/result.hpp>
#include <kay/persist/world_file.hpp>

#include <optional>
#include <string>

namespace kay {

class autosave {
public:
    /// Into a file that outlives this, at the end of every turn whose number `every` divides; at
    /// least 1. Where the one before is still being written then, as soon as it is done.
    autosave(world_file& file, std::string name, turns every);

    /// To be called after each turn. Says how a save ended, if one has since the last call: a
    /// failed one is tried again when the next one is due. Cost: that of start_save when one
    /// begins.
    std::optional<result<save_summary>> after_turn(actor_system& system);

    /// Waits for the save that is under way; nothing if there is none.
    std::optional<result<save_summary>> finish();

private:
    world_file* file_;
    std::string name_;
    std::uint64_t every_;
    bool is_due_ = false;
    bool is_saving_ = false;
};

} // namespace kay
