// SPDX-License-Identifier: MIT
//
// Reflection of plain structs at compile time: how many fields, of which types, and each of them
// by reference. Needs nothing from the struct. What is no plain struct is told apart before its
// fields are bound, so that a mistake is a value (detail::shape) and not a compiler error.
#pragma once

#include <kay/core/bindings.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace kay::detail {

/// What a class type looks like from outside. Only `plain` can be reflected.
enum class shape : unsigned char {
    plain,
    is_union,      ///< or has a union as a member
    has_virtual,   ///< virtual functions
    has_base,      ///< derived from another type
    not_aggregate, ///< constructors or private members
    no_default,    ///< a member that cannot be made from {}: a reference, for one
    too_many,      ///< more than fields_max members
    has_bit_field,
};

/// Converts to the base classes of T only.
template <class T>
struct any_base_of {
    template <class U>
        requires(std::is_base_of_v<U, T> && !std::same_as<U, T>)
    operator U() const;
};

struct any_union {
    template <class U>
        requires std::is_union_v<U>
    operator U() const;
};

/// Converts to everything but T itself.
template <class T>
struct any_value_but {
    template <class U>
        requires(!std::same_as<U, T>)
    operator U() const;
};

template <class T>
struct any_lvalue_but {
    template <class U>
        requires(!std::same_as<std::remove_cv_t<U>, T>)
    operator U&() const;
};

template <class T, std::size_t Count>
consteval bool has_union() {
    if constexpr (Count == 0) {
        return false;
    } else {
        return binding<Count - 1>::template accepts_then<T, any_union> || has_union<T, Count - 1>();
    }
}

template <class T>
consteval shape find_shape() {
    if constexpr (std::is_union_v<T>) {
        return shape::is_union;
    } else if constexpr (std::is_polymorphic_v<T>) {
        return shape::has_virtual;
    } else if constexpr (!std::is_aggregate_v<T>) {
        return shape::not_aggregate;
    } else if constexpr (binding<0>::accepts_then<T, any_base_of<T>>) {
        return shape::has_base;
    } else if constexpr (!requires { T{}; }) {
        return shape::no_default;
    } else {
        constexpr std::size_t count = count_braces<T>();
        if constexpr (count > fields_max) {
            return shape::too_many;
        } else if constexpr (binding<count>::template accepts_then<T, any_value_but<T>> ||
                             binding<count>::template accepts_then<T, any_lvalue_but<T>>) {
            return shape::no_default;
        } else if constexpr (has_union<T, count>()) {
            return shape::is_union;
        } else {
            using types = decltype(binding<count>::types(std::declval<T&>()));
            return std::is_same_v<types, std::false_type> ? shape::has_bit_field : shape::plain;
        }
    }
}

template <class T>
inline constexpr shape shape_of = find_shape<T>();

} // namespace kay::detail

namespace kay {

/// A complete aggregate class type without bases, unions, references and bit-fields, of at most 32
/// members that all can be made from {}. What the members are does not matter.
template <class T>
concept reflectable =
    std::is_class_v<T> && detail::shape_of<std::remove_cv_t<T>> == detail::shape::plain;

/// Members of a plain struct; an array counts as one.
template <reflectable T>
inline constexpr std::size_t field_count = detail::count_braces<std::remove_cv_t<T>>();

/// detail::type_list of the declared types of the members, in order.
template <reflectable T>
using field_types =
    decltype(detail::binding<field_count<T>>::types(std::declval<std::remove_cv_t<T>&>()));

/// f(field) for each member by reference, in order of declaration.
template <class T, class F>
    requires reflectable<T>
[[gnu::always_inline]] constexpr void for_each_field(T& object, F&& f) {
    detail::binding<field_count<T>>::apply(
        object, [&f](auto&... field) { (static_cast<void>(f(field)), ...); });
}

/// f(field...) with all members by reference; returns what f returns.
template <class T, class F>
    requires reflectable<T>
[[gnu::always_inline]] constexpr decltype(auto) with_fields(T& object, F&& f) {
    return detail::binding<field_count<T>>::apply(object, static_cast<F&&>(f));
}

} // namespace kay
