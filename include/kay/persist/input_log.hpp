// SPDX-License-Identifier: MIT
//
// kay::input_log: a file in which everything is written down that enters a system from outside,
// turn by turn: what is sent, spawned and posted, timers, constants, types, and how it goes on
// after a failure. A system that is fed with it again comes to the same state, hash for hash, with
// any number of workers. So a snapshot (kay::world_file) and the log since then bring back the
// world up to the last turn that was acknowledged, whatever happened to the program or the machine
// (docs/formats/log.md).
//
// Records are written and made durable on a thread of their own; turns do not wait for it. The
// functions that take a system are for the thread that drives it, the others for any.
#pragma once

#include <kay/core/result.hpp>
#include <kay/turn/actor_system.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace kay {

namespace detail {
class input_recorder;
} // namespace detail

struct log_options {
    /// How often it is written down how far the world went while nothing enters from outside.
    std::chrono::milliseconds quiet_interval{100};
    /// What waits for the disk at most. Beyond that a turn with inputs waits too.
    std::size_t waiting_bytes_max = std::size_t{256} << 20;
};

/// What a replay did.
struct replay_summary {
    std::uint64_t turn = 0;  ///< the last one
    std::uint64_t steps = 0; ///< with inputs, that were done again
    /// The world stands in the middle of that turn, as the recorded one did, for this reason. It
    /// goes on by resume or turn.
    std::optional<error> stopped;
    /// Bytes after the last whole record: of one that was being written when the program or the
    /// machine stopped.
    std::uint64_t bytes_after_end = 0;
};

class input_log {
public:
    static constexpr std::uint64_t to_the_end = std::numeric_limits<std::uint64_t>::max();

    /// Records from now on, until stop or destruction, into a new file; or into the one from whose
    /// end this system was replayed a moment ago. Between turns, and before anything is sent or
    /// spawned from outside. Types that were added have their numbers from now on. Cost: hashes the
    /// world once; then, for each input, a copy.
    static result<input_log> record(actor_system& system, const std::string& path,
                                    const log_options& options = {});

    input_log(input_log&&) noexcept;
    input_log& operator=(input_log&&) noexcept;
    /// As stop.
    ~input_log();

    /// The last turn that has ended and can be replayed whatever happens now. It never goes back.
    std::uint64_t acknowledged_turn() const;
    /// Why nothing is recorded any more, if so: the disk is full or broken. The world goes on; the
    /// log keeps what was acknowledged. Begin another one, after a snapshot.
    std::optional<error> problem() const;
    /// Waits until all turns that have ended are acknowledged.
    result<void> sync();
    /// Records no more. An error when not everything is durable.
    result<void> stop();

    /// Brings a system to the end of a turn, or to the end of the log. The system is new, with the
    /// options places, seed and step and all that was done before the recording began; or one that
    /// was loaded from a snapshot which was saved while this log was recorded. `Later` are actor
    /// types that the log may add. Posts wait meanwhile. An error that is found before the first
    /// turn changes nothing; after one that says that the log does not fit, the system is of no
    /// use.
    template <class... Later>
    static result<replay_summary> replay(actor_system& system, const std::string& path,
                                         std::uint64_t to_turn = to_the_end) {
        (detail::require_actor<Later>(), ...);
        const std::array<const detail::actor_type*, sizeof...(Later)> later{
            &detail::type_record<Later>()...};
        return replay_with(system, path, to_turn, later);
    }

private:
    explicit input_log(std::shared_ptr<detail::input_recorder> recorder);
    static result<replay_summary> replay_with(actor_system& system, const std::string& path,
                                              std::uint64_t to_turn,
                                              std::span<const detail::actor_type* const> later);

    std::shared_ptr<detail::input_recorder> recorder_; ///< null when moved from
};

} // namespace kay
