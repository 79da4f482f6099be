// SPDX-License-Identifier: MIT
//
// The tags of an OpenStreetMap object, for a moment. Says nothing about what they mean.
#pragma once

#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace city {

struct tags {
    std::vector<std::pair<std::string_view, std::string_view>> all;

    /// Empty where there is none of this key.
    std::string_view operator[](std::string_view key) const {
        for (const auto& [k, v] : all)
            if (k == key) return v;
        return {};
    }
    bool has(std::string_view key) const { return !(*this)[key].empty(); }
};

inline bool is_one_of(std::string_view value, std::initializer_list<std::string_view> wanted) {
    for (const std::string_view w : wanted)
        if (w == value) return true;
    return false;
}

/// The number that a text begins with, such as 30 of "30 mph"; none at all for "-1" or "many".
inline std::optional<unsigned> leading_number(std::string_view text) {
    unsigned number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end == text.data()) return std::nullopt;
    return number;
}

/// Calls `use` with each part of a text, also with empty ones.
template <class Use>
void for_each_part(std::string_view text, char separator, Use use) {
    for (;;) {
        const std::size_t end = text.find(separator);
        use(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

} // namespace city
