// SPDX-License-Identifier: MIT
//
// kay::constant<T>: an immutable block, made between turns, that every place may read without a
// message: a road graph, a price table. Between turns another value may be put in its place. A
// handle of eight bytes that may be kept in state and sent in messages; read it with w[c] in a
// handler, system[c] outside.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/core/schema.hpp>
#include <kay/core/type_name.hpp>
#include <kay/fwd.hpp>

#include <compare>
#include <cstdint>
#include <string_view>

namespace kay {

template <class T>
class constant {
public:
    constexpr constant() = default;

    /// There is something to read.
    constexpr explicit operator bool() const { return number_plus_one_ != 0; }
    friend constexpr auto operator<=>(constant, constant) = default;

    /// Position among the world's constants.
    constexpr std::uint32_t number() const { return number_plus_one_ - 1; }

private:
    friend class actor_system;
    constexpr explicit constant(std::uint32_t number) : number_plus_one_(number + 1) {}

    std::uint32_t number_plus_one_ = 0;
    std::uint32_t reserved_ = 0;
};

namespace detail {

/// A type of constants that this program reads, in a list of them all that is complete before main
/// begins: so that a saved one of another layout is noticed when its world is loaded.
class known_constant {
public:
    explicit known_constant(const schema_node& type);
    known_constant(const known_constant&) = delete;
    known_constant& operator=(const known_constant&) = delete;

    /// Null: this program reads none of that name.
    static const schema_node* find(std::string_view name);

private:
    const schema_node* type_;
    const known_constant* next_;
};
template <class T>
inline const known_constant known_constant_of{schema_of<T>};

template <class T>
struct described<constant<T>> {
    static constexpr auto name = concat("constant<", name_text<T>, ">");
    static constexpr std::uint64_t layout_hash = mix(0x6b61792e636f6e73u);
    static constexpr bool storable = true;
    static constexpr bool sendable = true;
    static constexpr bool has_padding = false;
    static constexpr bool is_flat = true;
};
} // namespace detail
} // namespace kay
