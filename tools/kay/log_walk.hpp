// SPDX-License-Identifier: MIT
//
// A walk through an input log from its first record on, by the rules of docs/formats/log.md: which
// inputs belong to which step, which are void, what is known at the end. The same as a replay does,
// without a world.
#pragma once

#include "log_types.hpp"

#include "../../src/persist/log_file.hpp"
#include "../../src/persist/log_session.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>

namespace tool {

/// Whoever is told what a log has. What it is given is valid during the call.
class log_visitor {
public:
    virtual ~log_visitor() = default;

    /// Somebody began to record.
    virtual void begin_session(std::uint64_t, const kay::detail::log_session&) {}
    /// An input for a step that comes, or does not, and the world after it.
    virtual void take(std::uint64_t, const kay::detail::logged_input&, const log_bounds&) {}
    /// All inputs since the last call entered before this step.
    virtual void step(std::uint64_t, kay::detail::step_kind) {}
    /// All inputs since the last call are void: the recording ended before their step.
    virtual void drop(std::uint64_t) {}
};

struct log_summary {
    std::uint64_t sessions = 0;
    std::uint64_t steps = 0;
    std::uint64_t last_turn = 0;
    /// Turns up to here had ended and were durable when something after them was written.
    std::uint64_t acknowledged_turn = 0;
    std::uint64_t end = 0; ///< of the last whole record: a position in the file
    std::uint64_t bytes_after_end = 0;
    std::optional<std::string> damage; ///< why the log could not be read further
};

class log_walk {
public:
    log_walk(kay::detail::log_file& log, log_visitor& visitor);

    /// Goes to the end of the log, or of a turn. An error is one of the file's system; damage is no
    /// error.
    kay::result<log_summary> run(std::uint64_t to_turn = std::numeric_limits<std::uint64_t>::max());
    /// Of the world at the end.
    const log_types& types() const { return world_.types; }

private:
    bool read_frame(const kay::detail::log_frame& frame);
    bool read_session(const kay::detail::log_frame& frame);
    bool read_inputs(const kay::detail::log_frame& frame);
    void drop_inputs();
    void note_durable(const kay::detail::log_frame& frame);

    /// A record of which it is not known that it was durable.
    struct record {
        bool is_of_step;
        std::uint64_t turn;
        std::uint64_t end;
    };

    struct state {
        log_bounds world;
        std::uint64_t turn; ///< of the last frame
    };

    kay::detail::log_file& log_;
    log_visitor& visitor_;
    log_bounds world_;
    std::optional<state> before_inputs_; ///< while frames of inputs wait for their step
    std::uint64_t turn_;                 ///< of the last frame
    std::uint64_t ended_turn_;           ///< the last one that is known to have ended
    std::uint64_t durable_ = 0;          ///< up to here
    std::uint64_t durable_turn_;         ///< of the last frame before that
    std::deque<record> doubtful_;
    log_summary found_;
};

} // namespace tool
