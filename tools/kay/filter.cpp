// SPDX-License-Identifier: MIT
#include "filter.hpp"

#include <algorithm>
#include <cstdlib>

namespace tool {
namespace {

std::string without_blanks(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

kay::error wrong(const std::string& text) {
    return {kay::error_code::invalid_argument, "--where: " + text};
}

/// The same for texts with and without their quotes.
std::string_view unquoted(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
    return text.substr(1, text.size() - 2);
}

} // namespace

kay::result<filter> filter::parse(const std::string& text, const kay::detail::schema& types,
                                  std::uint32_t type) {
    filter made;
    if (text.empty()) return made;
    const std::size_t at = text.find_first_of("=!<>");
    if (at == std::string::npos)
        return wrong("expected a field, one of = != < <= > >=, and a value, not '" + text + "'");
    const bool or_equal = at + 1 < text.size() && text[at + 1] == '=';
    switch (text[at]) {
    case '=': made.what_ = comparison::equal; break;
    case '!':
        if (!or_equal) return wrong("expected != in '" + text + "'");
        made.what_ = comparison::unequal;
        break;
    case '<': made.what_ = or_equal ? comparison::at_most : comparison::less; break;
    default: made.what_ = or_equal ? comparison::at_least : comparison::more; break;
    }
    const std::string name = without_blanks(text.substr(0, at));
    made.value_ = without_blanks(text.substr(at + (or_equal ? 2 : 1)));
    const auto fields = kay::detail::flat_fields(types, type);
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return field.name == name; });
    if (found == fields.end()) {
        std::string all;
        for (const auto& field : fields) all += (all.empty() ? "" : ", ") + field.name;
        return wrong("there is no field '" + name + "'; there is " + (all.empty() ? "none" : all));
    }
    made.field_ = *found;
    char* end = nullptr;
    made.number_ = std::strtold(made.value_.c_str(), &end);
    made.is_number_ = !made.value_.empty() && *end == '\0';
    if (made.value_ == "true" || made.value_ == "false") {
        made.is_number_ = true;
        made.number_ = made.value_ == "true" ? 1 : 0;
    }
    return made;
}

template <class T>
bool filter::compares(const T& a, const T& b) const {
    switch (what_) {
    case comparison::none: return true;
    case comparison::equal: return a == b;
    case comparison::unequal: return a != b;
    case comparison::less: return a < b;
    case comparison::at_most: return a <= b;
    case comparison::more: return a > b;
    case comparison::at_least: return a >= b;
    }
    return false;
}

bool filter::is_true_of(const kay::detail::schema& types, const std::byte* actor) const {
    if (what_ == comparison::none) return true;
    const std::byte* const at = actor + field_.offset;
    long double number = 0;
    if (is_number_ && kay::detail::read_number(types, field_.type, at, number)) {
        // A float is compared with what a float can be: 0.1 is 0.1.
        const bool is_float = types[field_.type].kind == kay::detail::value_kind::floating &&
                              types[field_.type].size == 4;
        const bool is_double = types[field_.type].kind == kay::detail::value_kind::floating &&
                               types[field_.type].size == 8;
        if (is_float) return compares<long double>(number, static_cast<float>(number_));
        if (is_double) return compares<long double>(number, static_cast<double>(number_));
        return compares(number, number_);
    }
    // Nothing is no number.
    if (is_number_ && types[field_.type].kind == kay::detail::value_kind::optional &&
        !kay::detail::has_value(types, field_.type, at))
        return what_ == comparison::unequal;
    std::string text;
    kay::detail::add_text(text, types, field_.type, at);
    return compares<std::string_view>(unquoted(text), unquoted(value_));
}

} // namespace tool
