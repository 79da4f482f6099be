// SPDX-License-Identifier: MIT
//
// The line that tells how it goes: rewritten in place on a terminal, a new one now and then
// elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace city {

struct progress {
    std::uint64_t turn = 0;
    std::uint64_t turns = 0; ///< zero: without end
    std::uint64_t driving = 0;
    double turns_per_s = 0;
    std::uint64_t first_turn = 0; ///< of the day, when it began
    std::optional<double> saved;  ///< share of a save that is under way
};

/// hours:minutes:seconds, so many turns after the first midnight; later days are counted.
std::string clock_text(std::uint64_t turns);

/// Cut to so many columns, if that is not zero.
std::string progress_line(const progress& p, std::size_t columns);

class display {
public:
    /// `first_turn` is the time of day when it begins, in turns.
    display(bool on, std::uint64_t turns, std::uint64_t first_turn = 0);
    ~display() { close(); }
    display(const display&) = delete;
    display& operator=(const display&) = delete;

    /// Whether it is time for the next line: ask before counting what it shows.
    bool is_due() const;
    void show(std::uint64_t turn, std::uint64_t driving, std::optional<double> saved = {});
    void close();

private:
    using clock = std::chrono::steady_clock;

    std::uint64_t turns_;
    std::uint64_t first_turn_;
    bool on_;
    bool terminal_;
    bool line_open_ = false;
    std::uint64_t shown_turn_ = 0;
    clock::time_point shown_at_ = clock::now();
};

} // namespace city
