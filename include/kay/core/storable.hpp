// SPDX-License-Identifier: MIT
//
// What may be state of an actor or a message, and a readable refusal of what may not: exactly one
// error, if callers put every later use of the type behind `if constexpr (storable<T>)`.
#pragma once

#include <kay/core/fault.hpp>
#include <kay/core/refusal.hpp>

#include <cstddef>
#include <type_traits>

namespace kay {

/// May be the state of an actor: arithmetic types of at most 8 bytes, enums, arrays, kay's ids and
/// containers, and plain structs of these: at most 32 fields, no alignment above 8 bytes, a name
/// at namespace or class scope. T must be complete.
template <class T>
concept storable = detail::stored_fault<std::remove_cv_t<T>> == detail::fault::none;

/// May be a message: storable, and no kay::external inside.
template <class T>
concept sendable = detail::sent_fault<std::remove_cv_t<T>> == detail::fault::none;

/// Does nothing for a storable type and is one readable error for any other. Not consteval: some
/// compilers would add that the call is no constant.
template <class T>
constexpr void require_storable() {
    if constexpr (!storable<T>)
        static_cast<void>(detail::refused<std::remove_cv_t<T>, false>::asked);
}

/// Does nothing for a sendable type and is one readable error for any other.
template <class T>
constexpr void require_sendable() {
    if constexpr (!sendable<T>)
        static_cast<void>(detail::refused<std::remove_cv_t<T>, true>::asked);
}

} // namespace kay
