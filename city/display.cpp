// SPDX-License-Identifier: MIT
#include "display.hpp"

#include "traffic/step.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace city {
namespace {

constexpr std::size_t bar_width = 20;

/// Of the terminal; zero if there is none.
std::size_t columns_of_terminal() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string bar(double share) {
    const auto full = static_cast<std::size_t>(share * static_cast<double>(bar_width));
    return '[' + std::string(full, '#') + std::string(bar_width - full, '.') + ']';
}

} // namespace

std::string clock_text(std::uint64_t turns) {
    constexpr std::uint64_t day = std::uint64_t{24} * 3600;
    const std::uint64_t seconds = turns / turns_per_second;
    const auto part = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    char text[60];
    const int used =
        std::snprintf(text, sizeof text, "%02llu:%02llu:%02llu", part(seconds % day / 3600),
                      part(seconds / 60 % 60), part(seconds % 60));
    if (seconds >= day)
        std::snprintf(text + used, sizeof text - static_cast<std::size_t>(used), " of day %llu",
                      part(seconds / day + 1));
    return text;
}

std::string progress_line(const progress& p, std::size_t columns) {
    std::string line;
    if (p.turns > 0) {
        const double share =
            std::min(1.0, static_cast<double>(p.turn) / static_cast<double>(p.turns));
        char percent[16];
        std::snprintf(percent, sizeof percent, " %3.0f %%  ", 100 * share);
        line = bar(share) + percent;
    }
    char rest[160];
    std::snprintf(rest, sizeof rest, "%s  %7llu driving  %6.0f turns/s  %6.1f x real time",
                  clock_text(p.first_turn + p.turn).c_str(),
                  static_cast<unsigned long long>(p.driving), p.turns_per_s, p.turns_per_s * 0.1);
    line += rest;
    if (p.saved) {
        std::snprintf(rest, sizeof rest, "  saving: %3.0f %%", 100 * *p.saved);
        line += rest;
    }
    if (columns > 0 && line.size() >= columns) line.resize(columns - 1);
    return line;
}

display::display(bool on, std::uint64_t turns, std::uint64_t first_turn)
    : turns_(turns), first_turn_(first_turn), on_(on), terminal_(isatty(STDOUT_FILENO) == 1) {}

bool display::is_due() const {
    const auto passed = clock::now() - shown_at_;
    return on_ && passed >= (terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(2));
}

void display::show(std::uint64_t turn, std::uint64_t driving, std::optional<double> saved) {
    const double passed = std::chrono::duration<double>(clock::now() - shown_at_).count();
    const double rate = static_cast<double>(turn - shown_turn_) / std::max(passed, 1e-6);
    const std::string line = progress_line({turn, turns_, driving, rate, first_turn_, saved},
                                           terminal_ ? columns_of_terminal() : 0);
    std::printf(terminal_ ? "\r%s\033[K" : "%s\n", line.c_str());
    std::fflush(stdout);
    shown_at_ = clock::now();
    shown_turn_ = turn;
    line_open_ = terminal_;
}

void display::close() {
    if (line_open_) std::printf("\n");
    line_open_ = false;
}

} // namespace city
