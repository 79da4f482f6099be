// SPDX-License-Identifier: MIT
//
// What an actor type says about its messages, and what follows from it when the program is
// compiled.
#pragma once

#include <kay/core/id.hpp>
#include <kay/core/storable.hpp>
#include <kay/fwd.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace kay {

/// The list of messages that an actor type handles, as its member type `messages`. The position in
/// the list is the tag that a packet carries, so that sending needs no look-up.
template <class... Messages>
struct messages {
    static constexpr std::size_t count = sizeof...(Messages);

    /// Position of M in the list; `count` when it is not there.
    template <class M>
    static constexpr std::size_t index_of = [] {
        std::size_t index = 0;
        static_cast<void>(((std::same_as<M, Messages> ? true : (++index, false)) || ...));
        return index;
    }();

    /// The type_key of each message, in order.
    static constexpr std::array<std::uint32_t, sizeof...(Messages)> keys{type_key<Messages>...};
};

/// A set of messages. id<trait<...>> points at any actor that receives them all; give it a name
/// with `using Listener = kay::trait<Changed, Closed>;`. Who implements it need not say so.
template <class... Messages>
struct trait {
    using messages = kay::messages<Messages...>;
};

/// Actor type A handles M: it has `on(const M&, kay::world&)`.
template <class A, class M>
concept recipient = requires(A& actor, const M& message, world& w) { actor.on(message, w); };

/// A's handler of M leaves the actor as it is.
template <class A, class M>
concept const_recipient =
    requires(const A& actor, const M& message, world& w) { actor.on(message, w); };

/// A message's fixed part; what its containers hold may be larger.
inline constexpr std::size_t message_bytes_max = 4096;

/// An actor's fixed part; what its containers hold may be larger.
inline constexpr std::size_t actor_bytes_max = 32768;

namespace detail {

/// Messages of one actor type; the tags above are the system's own.
inline constexpr std::size_t tags_max = 1000;

template <class A, class M>
inline constexpr bool lists = A::messages::template index_of<M> < A::messages::count;

/// The tag of M among A's messages, checked: this is where a wrong send is told.
template <class A, class M>
consteval std::uint32_t checked_tag() {
    if constexpr (requires { typename A::messages; }) {
        static_assert(lists<A, M>, "kay: the recipient does not list this message in its "
                                   "`using messages = kay::messages<...>`");
        return static_cast<std::uint32_t>(A::messages::template index_of<M>);
    } else {
        static_assert(
            requires { typename A::messages; }, "kay: the recipient is no actor type: it has no "
                                                "`using messages = kay::messages<...>`");
        return 0;
    }
}

template <class A, class... Messages>
struct receives_all {
    static constexpr bool value = (lists<A, Messages> && ...);
};

template <class A>
inline constexpr bool is_singleton = false;
template <class A>
    requires requires {
        { A::singleton } -> std::convertible_to<bool>;
    }
inline constexpr bool is_singleton<A> = A::singleton;

} // namespace detail
} // namespace kay
