// SPDX-License-Identifier: MIT
#include <kay/core/id.hpp>

#include <charconv>

namespace kay {
namespace {

std::string quoted(std::string_view text) {
    std::string quoted(1, '\'');
    quoted.append(text.substr(0, 80));
    quoted += '\'';
    return quoted;
}

error not_an_id(std::string_view text) {
    return {error_code::bad_data,
            quoted(text) +
                " is not an id: expected place:generation:slot, such as 3:1:42, or null"};
}

/// Reads a number of at most `max` from the front of `text` and cuts it off.
bool take_number(std::string_view& text, std::uint32_t max, std::uint32_t& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || number > max) return false;
    const auto length = static_cast<std::size_t>(end - text.data());
    if (length > 1 && text.front() == '0') return false; // one spelling for each id
    text.remove_prefix(length);
    return true;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::string to_string(raw_id id) {
    if (id.bits == 0) return "null";
    return std::to_string(id.place()) + ':' + std::to_string(id.generation()) + ':' +
           std::to_string(id.slot());
}

result<raw_id> parse_id(std::string_view text) {
    if (text == "null") return raw_id{};
    std::uint32_t place = 0, generation = 0, slot = 0;
    std::string_view rest = text;
    const bool good = take_number(rest, (1u << place_bits) - 1, place) && take(rest, ':') &&
                      take_number(rest, generation_max, generation) && take(rest, ':') &&
                      take_number(rest, slot_max, slot) && rest.empty() && generation != 0;
    if (!good) return not_an_id(text);
    return raw_id{place, generation, slot};
}

result<raw_id> detail::parse_typed_id(std::string_view text, std::string_view type) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || text.substr(0, at) != type)
        return error{error_code::bad_data, quoted(text) + " is not an id of " + std::string(type) +
                                               ": expected " + std::string(type) +
                                               "@place:generation:slot"};
    return parse_id(text.substr(at + 1));
}

result<raw_id> detail::parse_trait_id(std::string_view text, std::uint32_t& key) {
    const std::size_t at = text.find('@');
    if (at != 9 || text.front() != '#') return not_an_id(text);
    // from_chars takes upper case too, but each id has one spelling.
    const std::string_view digits = text.substr(1, at - 1);
    if (digits.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return not_an_id(text);
    std::from_chars(digits.data(), digits.data() + digits.size(), key, 16);
    auto raw = parse_id(text.substr(at + 1));
    if (raw && (raw->bits == 0) != (key == 0)) return not_an_id(text);
    return raw;
}

} // namespace kay
