// SPDX-License-Identifier: MIT
#include "raw_demand.hpp"

#include "../map/cut.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace city {

void left_out::add(std::uint32_t at_line, std::string_view text) {
    if (count++ > 0) return;
    line = at_line;
    example = text;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 40;
    const bool fits = text.size() <= longest;
    return "'" + std::string(text.substr(0, longest)) + (fits ? "'" : "...'");
}

std::optional<double> number_in(std::string_view text) {
    text = trimmed(text);
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::optional<double> seconds_in(std::string_view text) {
    text = trimmed(text);
    if (text.find(':') == std::string_view::npos) return number_in(text);
    constexpr double in_a_day[] = {86'400, 3600, 60, 1};
    std::size_t colons = 0;
    for (const char c : text) colons += c == ':';
    if (colons > 3) return std::nullopt;
    double seconds = 0;
    for (std::size_t unit = colons == 3 ? 0 : 1;; ++unit) {
        const auto end = text.find(':');
        const auto number = number_in(text.substr(0, end));
        if (!number || *number < 0 || (unit >= 2 && *number >= 60)) return std::nullopt;
        seconds += *number * in_a_day[unit];
        if (end == std::string_view::npos) return seconds;
        text.remove_prefix(end + 1);
    }
}

raw_end end_on_earth(const road_map& map, double longitude, double latitude) {
    if (map.latitude == 0 && map.longitude == 0)
        throw broken_file("a generated map has no place on earth: give ends as from_x, from_y "
                          "(metres) or as roads");
    if (std::abs(longitude) > 180 || std::abs(latitude) > 90)
        throw broken_file("longitude " + std::to_string(longitude) + ", latitude " +
                          std::to_string(latitude) + " is no place on earth (longitude first)");
    raw_end made;
    made.what = raw_end::form::place;
    made.at = projection{map.latitude, map.longitude}(latitude, longitude);
    return made;
}

raw_end end_in_plane(double x, double y) {
    constexpr double far_off = 1e8; // metres: further than anything on earth
    raw_end made;
    made.what = raw_end::form::place;
    made.at = {static_cast<float>(std::clamp(x, -far_off, far_off)),
               static_cast<float>(std::clamp(y, -far_off, far_off))};
    return made;
}

void check_departure(double seconds) {
    if (seconds < 0) throw broken_file("a departure before midnight");
    if (seconds > departure_max_s) throw broken_file("a departure after more than a year");
}

} // namespace city
