// SPDX-License-Identifier: MIT
//
// Names of the members of plain structs at compile time. A compiler spells a template argument
// that is the address of a member by the member's name; a structured binding gives the addresses.
// The pointer travels inside a struct, because not every compiler takes it alone.
#pragma once

#include <kay/core/reflect.hpp>
#include <kay/core/type_name.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace kay::detail {

/// A struct that is never defined: its members only have names and addresses.
template <class T>
struct named_members {
    const T value;
};
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
template <class T>
extern const named_members<T> named;

template <class Pointer>
struct member_address {
    Pointer pointer;
};

template <member_address Address>
consteval spelling spell_member() {
    return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}

/// The last identifier of a compiler's text that ends in `Car::speed)}]` or `value.speed}]`.
constexpr std::string_view last_identifier(spelling text) {
    const char* end = text.chars + text.size;
    while (end[-1] == ']' || end[-1] == '}' || end[-1] == ')') --end;
    const char* start = end;
    while (start[-1] != ':' && start[-1] != '.') --start;
    return {start, static_cast<std::size_t>(end - start)};
}

template <std::size_t Index, class Pointer>
struct pointer_leaf {
    Pointer pointer;
};

template <std::size_t Index, class Pointer>
constexpr Pointer pointer_at(const pointer_leaf<Index, Pointer>& leaf) {
    return leaf.pointer;
}

template <class Indices, class... Pointers>
struct pointer_pack;

template <std::size_t... Index, class... Pointers>
struct pointer_pack<std::index_sequence<Index...>, Pointers...> : pointer_leaf<Index, Pointers>... {
    constexpr pointer_pack(Pointers... pointers) : pointer_leaf<Index, Pointers>{pointers}... {}
};

template <class T>
consteval auto make_field_names() {
    constexpr auto pointers = with_fields(named<T>.value, [](auto&... field) {
        return pointer_pack<std::make_index_sequence<sizeof...(field)>, decltype(&field)...>(
            &field...);
    });
    return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        return std::array<std::string_view, sizeof...(Index)>{
            last_identifier(spell_member<member_address<decltype(pointer_at<Index>(pointers))>{
                                pointer_at<Index>(pointers)}>())...};
    }(std::make_index_sequence<field_count<T>>{});
}
#ifdef __clang__
#pragma clang diagnostic pop
#endif

/// Names of the members as views into the compiler's long texts; for compile time only.
template <class T>
inline constexpr auto field_names = make_field_names<T>();

template <class T>
consteval std::size_t field_names_length() {
    std::size_t sum = 0;
    for (std::string_view name : field_names<T>) sum += name.size();
    return sum;
}

/// The names one after the other: all that is left of them in the program.
template <class T>
inline constexpr auto field_names_text = [] {
    text<field_names_length<T>()> made;
    std::size_t at = 0;
    for (std::string_view name : field_names<T>)
        for (char c : name) made.chars[at++] = c;
    return made;
}();

} // namespace kay::detail
