// SPDX-License-Identifier: MIT
#include "lane_tags.hpp"

#include <algorithm>
#include <string>

namespace city {
namespace {

std::uint8_t bounded(unsigned lanes) {
    return static_cast<std::uint8_t>(std::clamp(lanes, 1u, lanes_max));
}

arrows arrow_of(std::string_view word) {
    if (is_one_of(word, {"left", "slight_left", "sharp_left"})) return arrow_left;
    if (is_one_of(word, {"right", "slight_right", "sharp_right"})) return arrow_right;
    if (is_one_of(word, {"through", "merge_to_left", "merge_to_right"})) return arrow_through;
    return word == "reverse" ? arrow_back : arrows{0};
}

/// Lanes on which only buses and taxis may drive.
unsigned bus_lanes(const tags& t, const std::string& suffix) {
    unsigned most = 0;
    for (const char* key : {"lanes:bus", "lanes:psv"})
        most = std::max(most, leading_number(t[key + suffix]).value_or(0));
    return most;
}

} // namespace

one_way one_way_of(const tags& t, bool implied) {
    std::string_view value = t["oneway:motor_vehicle"];
    if (value.empty()) value = t["oneway"];
    if (is_one_of(value, {"yes", "1", "true"})) return one_way::forward;
    if (is_one_of(value, {"-1", "reverse"})) return one_way::backward;
    if (is_one_of(value, {"reversible", "alternating"})) return one_way::reversible;
    return implied && value != "no" ? one_way::forward : one_way::no;
}

lane_counts lanes_of(const tags& t, one_way direction, unsigned usual) {
    const auto all = leading_number(t["lanes"]);
    if (direction != one_way::no) {
        const char* own = direction == one_way::backward ? "lanes:backward" : "lanes:forward";
        const unsigned counted = leading_number(t[own]).value_or(all.value_or(usual));
        const std::uint8_t lanes = bounded(counted - std::min(counted, bus_lanes(t, "")));
        return direction == one_way::backward ? lane_counts{0, lanes} : lane_counts{lanes, 0};
    }
    const auto forward = leading_number(t["lanes:forward"]),
               backward = leading_number(t["lanes:backward"]);
    const auto rest = [&](unsigned other) {
        const unsigned shared = leading_number(t["lanes:both_ways"]).value_or(0);
        return *all - std::min(*all, std::min(*all, other) + std::min(*all, shared));
    };
    const auto one = [&](const auto& own, const auto& other, const char* suffix) {
        const unsigned counted = own ? *own : !all ? usual : other ? rest(*other) : rest(0) / 2;
        return bounded(counted - std::min(counted, bus_lanes(t, suffix)));
    };
    return {one(forward, backward, ":forward"), one(backward, forward, ":backward")};
}

lane_marks marks_of(const tags& t, std::string_view direction, bool is_one_way, unsigned lanes) {
    std::string_view text = t["turn:lanes:" + std::string(direction)];
    if (text.empty() && is_one_way) text = t["turn:lanes"];
    lane_marks marks{};
    if (text.empty() || text.size() > 1000) return marks;
    unsigned count = 0;
    for_each_part(text, '|', [&](std::string_view lane) {
        if (count < lanes_max)
            for_each_part(lane, ';',
                          [&](std::string_view word) { marks[count] |= arrow_of(word); });
        ++count;
    });
    return count == lanes ? marks : lane_marks{};
}

} // namespace city
