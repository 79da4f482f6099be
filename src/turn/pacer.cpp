// SPDX-License-Identifier: MIT
#include <kay/turn/pacer.hpp>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

namespace kay {

pacer::pacer(pacer_options options) : options_(std::move(options)) {
    if (!options_.clock)
        options_.clock = [] {
            return std::chrono::duration_cast<std::chrono::nanoseconds>(
                std::chrono::steady_clock::now().time_since_epoch());
        };
    if (!options_.sleep)
        options_.sleep = [](std::chrono::nanoseconds time) { std::this_thread::sleep_for(time); };
    options_.burst_max = std::max(options_.burst_max, 1u);
    set_speed(options_.speed);
    restart();
}

void pacer::set_speed(double speed) {
    const bool had_no_beat = options_.speed == 0;
    options_.speed = std::isfinite(speed) && speed > 0 ? speed : 0;
    if (had_no_beat) restart(); // turns as fast as they go were never due
}

void pacer::restart() { next_ = options_.clock() + turn_time(); }

std::chrono::nanoseconds pacer::turn_time() const {
    if (options_.speed == 0 || options_.step.count() <= 0) return std::chrono::nanoseconds(0);
    const double ns = static_cast<double>(options_.step.count()) / options_.speed;
    return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(ns, 9e18)));
}

std::uint32_t pacer::wait_for_next() {
    const std::chrono::nanoseconds time = turn_time();
    if (time.count() == 0) return 1;
    std::chrono::nanoseconds now = options_.clock();
    while (now < next_) {
        options_.sleep(next_ - now);
        now = options_.clock();
    }
    const std::chrono::nanoseconds late = now - next_;
    lateness_max_ = std::max(lateness_max_, late);
    if (late < time) {
        next_ += time;
        return 1;
    }
    ++overruns_;
    if (options_.policy == catch_up::slow_down) {
        next_ = now + time;
        return 1;
    }
    const auto due = static_cast<std::uint64_t>(late / time) + 1;
    const std::uint64_t run = std::min<std::uint64_t>(due, options_.burst_max);
    given_up_ += due - run;
    next_ += time * static_cast<std::int64_t>(due);
    return static_cast<std::uint32_t>(run);
}

} // namespace kay
