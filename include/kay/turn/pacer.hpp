// SPDX-License-Identifier: MIT
//
// kay::pacer: runs turns in step with the clock. It says when the next turn is to be run, and how
// many when the world has fallen behind. One thread; it touches no actor system.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace kay {

/// What to do when a turn took longer than it may.
enum class catch_up : std::uint8_t {
    slow_down, ///< the world's clock goes slower: nothing is made up for
    burst,     ///< several turns without waiting, at most `burst_max` at once; the rest is given up
};

struct pacer_options {
    std::chrono::nanoseconds step = std::chrono::milliseconds(100); ///< simulated time of a turn
    double speed = 1; ///< simulated seconds in a second; zero: as fast as it goes
    catch_up policy = catch_up::slow_down;
    std::uint32_t burst_max = 10;
    /// For tests: the time since any moment, and how to wait until it has gone on.
    std::function<std::chrono::nanoseconds()> clock = {};
    std::function<void(std::chrono::nanoseconds)> sleep = {};
};

class pacer {
public:
    /// Begins now. A speed below zero or not finite is taken as zero.
    explicit pacer(pacer_options options);

    /// Waits until a turn is due and returns how many are to be run, at least one.
    std::uint32_t wait_for_next();

    /// From the next turn on.
    void set_speed(double speed);
    double speed() const { return options_.speed; }
    /// After a pause: what has gone by since is not made up for.
    void restart();

    /// Turns that began late, by how much the latest one did, and turns that were given up.
    std::uint64_t overruns() const { return overruns_; }
    std::chrono::nanoseconds lateness_max() const { return lateness_max_; }
    std::uint64_t turns_given_up() const { return given_up_; }

private:
    std::chrono::nanoseconds turn_time() const;

    pacer_options options_;
    std::chrono::nanoseconds next_{0}; ///< when the next turn is due, by the clock
    std::uint64_t overruns_ = 0;
    std::uint64_t given_up_ = 0;
    std::chrono::nanoseconds lateness_max_{0};
};

} // namespace kay
