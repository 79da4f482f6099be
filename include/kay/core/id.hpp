// SPDX-License-Identifier: MIT
//
// Ids: small values that name actors. id<A> is 64 bits: place 20, generation 18, slot 26; zero is
// null. The actor type is in the C++ type; id<trait<...>> carries it at run time and has 16 bytes.
// Ids are values: any thread may copy, compare and print them.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/core/result.hpp>
#include <kay/core/type_name.hpp>
#include <kay/fwd.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>

namespace kay {

/// Widths of the parts of an id, and what follows from them.
inline constexpr unsigned place_bits = 20;
inline constexpr unsigned generation_bits = 18;
inline constexpr unsigned slot_bits = 26;
inline constexpr std::uint32_t generation_max = (1u << generation_bits) - 1;
inline constexpr std::uint32_t slot_max = (1u << slot_bits) - 2; ///< the last number is no slot

/// The parts of an id without its type: place, generation (never 0 in a real id) and slot.
struct raw_id {
    std::uint64_t bits = 0;

    constexpr raw_id() = default;
    constexpr explicit raw_id(std::uint64_t all_bits) : bits(all_bits) {}
    constexpr raw_id(std::uint32_t place, std::uint32_t generation, std::uint32_t slot)
        : bits(std::uint64_t{place} << (generation_bits + slot_bits) |
               std::uint64_t{generation} << slot_bits | slot) {}

    constexpr std::uint32_t place() const {
        return static_cast<std::uint32_t>(bits >> (generation_bits + slot_bits));
    }
    constexpr std::uint32_t generation() const {
        return static_cast<std::uint32_t>(bits >> slot_bits) & generation_max;
    }
    constexpr std::uint32_t slot() const {
        return static_cast<std::uint32_t>(bits) & ((1u << slot_bits) - 1);
    }
    friend constexpr auto operator<=>(raw_id, raw_id) = default;
};

/// `place:generation:slot` in decimal, such as `3:1:42`; `null` for the null id.
std::string to_string(raw_id id);

/// Reads what to_string wrote. Fails with bad_data on anything else, numbers out of range included.
result<raw_id> parse_id(std::string_view text);

/// Names one actor of type A. Eight bytes; zero is null.
template <class A>
struct id {
    std::uint64_t bits = 0;

    constexpr id() = default;
    constexpr explicit id(raw_id raw) : bits(raw.bits) {}

    constexpr raw_id raw() const { return raw_id{bits}; }
    constexpr std::uint32_t place() const { return raw().place(); }
    constexpr std::uint32_t generation() const { return raw().generation(); }
    constexpr std::uint32_t slot() const { return raw().slot(); }
    constexpr explicit operator bool() const { return bits != 0; }
    friend constexpr auto operator<=>(id, id) = default;
};

namespace detail {
constexpr std::uint32_t key_of_name(std::string_view name) {
    std::uint64_t h = 0xcbf29ce484222325u; // FNV-1a, then a finaliser
    for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    h = mix(h);
    const auto key = static_cast<std::uint32_t>(h >> 32);
    return key ? key : 1u;
}
} // namespace detail

/// A number for an actor or message type that is the same in every program: a hash of its name.
/// Zero stands for no type. Two types of one world whose keys collide are refused when added.
template <class T>
inline constexpr std::uint32_t type_key = detail::key_of_name(type_name<T>());

namespace detail {
/// Actor type A has a handler for each of the messages. Defined in message/messages.hpp.
template <class A, class... Messages>
struct receives_all;

template <class T>
inline constexpr bool is_trait = false;
template <class... Messages>
inline constexpr bool is_trait<trait<Messages...>> = true;
} // namespace detail

/// Names any actor that receives all of the messages. Sixteen bytes; the key of a null id is zero.
/// An id<A> turns into it by itself where A receives them all; that is checked when compiled.
template <class... Messages>
struct id<trait<Messages...>> {
    std::uint64_t bits = 0;
    std::uint32_t key = 0; ///< type_key of the actor's type
    std::uint32_t reserved = 0;

    constexpr id() = default;
    constexpr id(raw_id raw, std::uint32_t actor_type_key) : bits(raw.bits), key(actor_type_key) {}

    template <class A>
        requires(!detail::is_trait<A>)
    constexpr id(id<A> actor) : bits(actor.bits), key(actor.bits ? type_key<A> : 0) {
        static_assert(detail::receives_all<A, Messages...>::value,
                      "kay: this actor type does not receive every message of the trait");
    }

    constexpr raw_id raw() const { return raw_id{bits}; }
    constexpr std::uint32_t place() const { return raw().place(); }
    constexpr explicit operator bool() const { return bits != 0; }
    friend constexpr auto operator<=>(const id&, const id&) = default;
};

/// `Car@3:1:42`.
template <class A>
std::string to_string(id<A> actor) {
    return std::string(type_name<A>()) + '@' + to_string(actor.raw());
}

/// `#5f3a01c2@3:1:42`: the key of the actor's type, in hexadecimal, and the parts of the id.
template <class... Messages>
std::string to_string(const id<trait<Messages...>>& actor) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "#";
    for (int shift = 28; shift >= 0; shift -= 4) text += digits[(actor.key >> shift) & 15];
    return text + '@' + to_string(actor.raw());
}

/// Reads what to_string(id<A>) wrote; another type's name is an error.
template <class Id>
result<Id> parse(std::string_view text);

namespace detail {
result<raw_id> parse_typed_id(std::string_view text, std::string_view type);
result<raw_id> parse_trait_id(std::string_view text, std::uint32_t& key);

template <class Id>
struct id_parser;
template <class A>
struct id_parser<id<A>> {
    static result<id<A>> parse(std::string_view text) {
        auto raw = parse_typed_id(text, type_name<A>());
        if (!raw) return raw.error();
        return id<A>{*raw};
    }
};
template <class... Messages>
struct id_parser<id<trait<Messages...>>> {
    static result<id<trait<Messages...>>> parse(std::string_view text) {
        std::uint32_t key = 0;
        auto raw = parse_trait_id(text, key);
        if (!raw) return raw.error();
        return id<trait<Messages...>>{*raw, key};
    }
};
} // namespace detail

template <class Id>
result<Id> parse(std::string_view text) {
    return detail::id_parser<Id>::parse(text);
}

namespace detail {
/// Ids take part in reflection as one unit; the actor type may be incomplete.
template <class A>
struct described<id<A>> {
    static constexpr auto name = concat("id<", name_text<A>, ">");
    static constexpr std::uint64_t layout_hash = mix(0x6b61792e6964u + sizeof(id<A>));
    static constexpr bool storable = true;
    static constexpr bool sendable = true;
    static constexpr bool has_padding = false;
    static constexpr bool is_flat = true;
};
} // namespace detail

/// Every instance of A in this world. A may be a trait: every instance of every implementor.
template <class A>
struct all_of {};
template <class A>
inline constexpr all_of<A> all{};

/// Every instance of A in the sender's place.
template <class A>
struct local_of {};
template <class A>
inline constexpr local_of<A> local{};

/// Every instance of A in this world and in those of peers that subscribed.
template <class A>
struct everywhere_of {};
template <class A>
inline constexpr everywhere_of<A> everywhere{};

/// The one instance of a type declared with `static constexpr bool singleton = true`.
template <class A>
struct the_one {
    constexpr operator id<A>() const { return id<A>{raw_id{0, 1, 0}}; }
};
template <class A>
inline constexpr the_one<A> the{};

} // namespace kay

template <class A>
struct std::hash<kay::id<A>> {
    std::size_t operator()(const kay::id<A>& actor) const noexcept {
        return static_cast<std::size_t>(kay::hash<kay::id<A>>()(actor));
    }
};
