// SPDX-License-Identifier: MIT
//
// Feeds an engine with the records of a log. The log is read twice: first it is checked as far as
// it is needed, then the inputs are taken in. So what can be known to be wrong is known before the
// world changes.
//
// Of the thread that drives the system.
#pragma once

#include "../turn/engine.hpp"
#include "input_codec.hpp"
#include "log_file.hpp"
#include "log_session.hpp"

#include <kay/core/result.hpp>
#include <kay/persist/input_log.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kay::detail {

class input_replay {
public:
    /// `later` are types that the program knows, besides those that the engine has.
    input_replay(engine& world, log_file& log, std::span<const actor_type* const> later);

    result<replay_summary> run(std::uint64_t to_turn);

private:
    enum class pass : bool { check, take };

    result<void> can_begin() const;
    result<void> walk(pass p);
    bool is_void(std::uint64_t frame) const;
    result<void> read_frame(const log_frame& frame, pass p);
    result<void> read_session(const log_frame& frame, pass p);
    result<void> read_inputs(const log_frame& frame, pass p);
    result<void> take(const input& what);
    result<void> take_step(std::uint64_t turn, step_kind kind);
    result<void> run_quiet_turns(std::uint64_t to_turn);
    result<void> arrive();
    result<void> check_hash(const log_session& session);

    engine& world_;
    log_file& log_;
    input_decoder decoder_;
    std::vector<const actor_type*> known_; ///< types that the program has
    bool was_new_;                         ///< the world had not begun
    std::uint64_t first_turn_;             ///< where the world stands before
    std::uint64_t first_entered_;
    std::uint64_t to_turn_ = 0;

    // What the check finds out.
    std::vector<std::string> first_types_; ///< of the log's first session
    std::uint64_t frames_wanted_ = 0;      ///< up to the last step that is done
    std::uint64_t log_turn_ = 0;           ///< the last one that is in the log

    std::uint64_t end_name_ = 0;
    struct frame_range {
        std::uint64_t first;
        std::uint64_t end;
    };
    std::vector<frame_range> void_; ///< inputs without a step

    /// Where a pass is.
    struct progress {
        input_bounds bounds;
        std::uint64_t frames = 0; ///< that were read
        std::uint64_t turn = 0;   ///< of the last frame
        std::uint64_t skip = 0;   ///< inputs after first_turn_ that the world has already
        bool has_session = false;
        bool has_arrived = false; ///< the world was there when the next input entered
    };
    progress at_;
    std::optional<progress> before_inputs_; ///< while frames of inputs wait for their step

    replay_summary summary_;
};

} // namespace kay::detail
