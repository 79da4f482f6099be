// SPDX-License-Identifier: MIT
//
// The rules of what may be state or a message, as a value: the first fault of a type, or none.
// The order of the checks matters: nothing is asked of a type that could be a compiler error
// before the checks that make it safe.
#pragma once

#include <kay/core/layout.hpp>
#include <kay/core/reflect.hpp>
#include <kay/core/type_name.hpp>

#include <cstddef>
#include <type_traits>

namespace kay::detail {

/// Why a type is refused.
enum class fault : unsigned char {
    none,
    pointer,
    reference,
    constant, ///< const or volatile
    number,   ///< no width that is the same everywhere
    is_union,
    has_virtual,
    has_base,
    not_plain,
    no_default,
    too_many,
    has_bit_field,
    over_aligned,
    odd_layout,
    destructor,
    unnamed,
    element,   ///< what a described type holds
    recursive, ///< contains itself, through a container
    external,  ///< in a message
    other,
};

template <class T>
consteval fault fault_of_shape() {
    switch (shape_of<T>) {
    case shape::plain: return fault::none;
    case shape::is_union: return fault::is_union;
    case shape::has_virtual: return fault::has_virtual;
    case shape::has_base: return fault::has_base;
    case shape::not_aggregate: return fault::not_plain;
    case shape::no_default: return fault::no_default;
    case shape::too_many: return fault::too_many;
    case shape::has_bit_field: return fault::has_bit_field;
    }
    return fault::other;
}

/// Of anything in a block: packets start at multiples of eight, and their bytes become blocks as
/// they are. No number that is stored needs more.
inline constexpr std::size_t alignment_max = 8;

template <class... Fields>
consteval bool trivially_destroyed(type_list<Fields...>) {
    return (std::is_trivially_destructible_v<Fields> && ...);
}

template <class... Fields>
consteval bool trivially_copied(type_list<Fields...>) {
    return (std::is_trivially_copyable_v<Fields> && ...);
}

/// The fault of the struct itself, whatever its fields are; looked for before them.
template <class T>
consteval fault fault_before_fields() {
    if constexpr (fault_of_shape<T>() != fault::none) {
        return fault_of_shape<T>();
    } else if constexpr (!has_name<T>) {
        return fault::unnamed;
    } else {
        return fault::none;
    }
}

/// The same, for what only makes sense once the fields are known to be right.
template <class T>
consteval fault fault_after_fields() {
    using fields = field_types<T>;
    if constexpr (alignof(T) > alignment_max) {
        return fault::over_aligned;
    } else if constexpr (!has_plain_layout<T>) {
        return fault::odd_layout;
    } else if constexpr (std::is_trivially_copyable_v<T>) { // and so trivially destroyed
        return fault::none;
    } else if constexpr (trivially_destroyed(fields{}) && !std::is_trivially_destructible_v<T>) {
        return fault::destructor;
    } else {
        return trivially_copied(fields{}) ? fault::destructor : fault::none;
    }
}

/// One of kay's containers: a described type that says what it holds.
template <class T>
concept is_container = is_described<T> && requires { typename described<T>::elements; };

template <class T, class Above>
consteval fault find_fault();

/// The first fault of T inside the structs Above, through arrays and containers too.
template <class T, class Above>
inline constexpr fault fault_within = find_fault<T, Above>();

/// The first fault of T as state, `none` for a right type.
template <class T>
inline constexpr fault stored_fault = fault_within<T, type_list<>>;

template <class T, class... Above>
consteval bool is_among(type_list<Above...>) {
    return (std::is_same_v<T, Above> || ...);
}

template <class T, class... Above>
consteval type_list<T, Above...> with(type_list<Above...>) {
    return {};
}

/// For a field that holds nothing, it does not matter what it is in: so it is looked at once.
template <class Field, class Above>
using above_field =
    std::conditional_t<std::is_arithmetic_v<Field> || std::is_enum_v<Field>, type_list<>, Above>;

template <class Above, class... Fields>
consteval fault first_fault(type_list<Fields...>) {
    fault first = fault::none;
    static_cast<void>(
        (((first = fault_within<Fields, above_field<Fields, Above>>) != fault::none) || ...));
    return first;
}

template <class T, class Above>
consteval fault find_class_fault() {
    if constexpr (is_container<T>) {
        return first_fault<Above>(typename described<T>::elements{});
    } else if constexpr (is_described<T>) {
        return described<T>::storable ? fault::none : fault::element;
    } else if constexpr (is_std_array<T>) {
        return fault_within<typename T::value_type, Above>;
    } else if constexpr (is_among<T>(Above{})) {
        return fault::recursive;
    } else if constexpr (fault_before_fields<T>() != fault::none) {
        return fault_before_fields<T>();
    } else {
        constexpr fault of_fields = first_fault<decltype(with<T>(Above{}))>(field_types<T>{});
        if constexpr (of_fields != fault::none)
            return of_fields;
        else
            return fault_after_fields<T>();
    }
}

template <class T, class Above>
consteval fault find_fault() {
    if constexpr (std::is_class_v<T> && std::is_same_v<T, std::remove_cv_t<T>>) {
        return find_class_fault<T, Above>();
    } else if constexpr (std::is_reference_v<T>) {
        return fault::reference;
    } else if constexpr (std::is_pointer_v<T> || std::is_member_pointer_v<T> ||
                         std::is_null_pointer_v<T>) {
        return fault::pointer;
    } else if constexpr (std::is_const_v<T> || std::is_volatile_v<T>) {
        return fault::constant;
    } else if constexpr (std::is_array_v<T>) {
        return fault_within<std::remove_all_extents_t<T>, Above>;
    } else if constexpr (std::is_enum_v<T>) {
        return has_name<T> ? fault::none : fault::unnamed;
    } else if constexpr (!number_type_name<T>().empty()) {
        return fault::none;
    } else if constexpr (std::is_arithmetic_v<T>) {
        return fault::number;
    } else {
        return std::is_union_v<T> ? fault::is_union : fault::other;
    }
}

template <class T>
consteval bool find_external();

template <class T>
inline constexpr bool has_external = find_external<T>();

template <class Fields>
inline constexpr bool any_external = false;
template <class... Fields>
inline constexpr bool any_external<type_list<Fields...>> = (has_external<Fields> || ...);

/// Whether a storable type has a part that cannot be sent.
template <class T>
consteval bool find_external() {
    if constexpr (is_container<T>) {
        return any_external<typename described<T>::elements>;
    } else if constexpr (is_described<T>) {
        return !described<T>::sendable;
    } else if constexpr (std::is_array_v<T>) {
        return has_external<std::remove_all_extents_t<T>>;
    } else if constexpr (is_std_array<T>) {
        return has_external<typename T::value_type>;
    } else if constexpr (std::is_class_v<T>) {
        return any_external<field_types<T>>;
    } else {
        return false;
    }
}

template <class T>
consteval fault find_sent_fault() {
    if constexpr (stored_fault<T> != fault::none) {
        return stored_fault<T>;
    } else {
        return has_external<T> ? fault::external : fault::none;
    }
}

/// The first fault of T as a message.
template <class T>
inline constexpr fault sent_fault = find_sent_fault<T>();

} // namespace kay::detail
