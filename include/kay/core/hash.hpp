// SPDX-License-Identifier: MIT
//
// Hashes that give the same bits with every compiler and on every platform, for saved and compared
// state and for handlers, where std::hash has no place. None of them withstands an adversary who
// knows the seed. Pure functions of their arguments: any thread may call them.
#pragma once

#include <kay/core/type_name.hpp>
#include <kay/fwd.hpp>

#include <bit>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace kay {

static_assert(std::endian::native == std::endian::little, "kay: saved bytes are little-endian");

/// A bijection of 64 bits in which each bit of the argument reaches each bit of the value.
/// Variant 13 of David Stafford's "Better Bit Mixing" (2011), the finaliser of SplitMix64 (Steele,
/// Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014). mix(0) is 0.
constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/// One hash of two, in which their order matters. With either argument fixed it is a bijection of
/// the other, so that different ones never meet.
constexpr std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
    return mix(mix(a + 0x9e3779b97f4a7c15u) ^ b);
}

/// XXH3 (Yann Collet's xxHash, 64 bits) of the bytes.
std::uint64_t hash_bytes(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// 128 bits, for what must not meet by chance among billions.
struct hash128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend constexpr auto operator<=>(const hash128&, const hash128&) = default;
};

/// XXH3 of 128 bits of the bytes.
hash128 hash_bytes128(std::span<const std::byte> bytes, std::uint64_t seed = 0);

/// The bits of a float or double, with one pattern for all NaNs. Zeros keep their sign.
template <std::floating_point T>
constexpr auto canonical_bits(T value) {
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    static_assert(sizeof(T) == sizeof(bits), "kay: float and double only");
    constexpr bits nan = sizeof(T) == 4 ? bits{0x7fc00000u} : static_cast<bits>(0x7ff8ull << 48);
    return value == value ? std::bit_cast<bits>(value) : nan;
}

/// Hashes a stream of bytes. The value is that of hash_bytes over all that was added, however it
/// was cut. A plain value: copies go on by themselves. About 900 bytes; adding allocates nothing.
class hasher {
public:
    explicit hasher(std::uint64_t seed = 0);

    void add(std::span<const std::byte> bytes) { add(bytes.data(), bytes.size()); }

    /// Adds the bytes of the number, lowest first, as many as its type has; one NaN.
    template <class T>
        requires std::is_arithmetic_v<T> || std::is_enum_v<T>
    void add(T value) {
        if constexpr (std::is_floating_point_v<T>) {
            add(canonical_bits(value));
        } else {
            if (pending_count_ + sizeof(T) > sizeof pending_) flush();
            std::memcpy(pending_ + pending_count_, &value, sizeof(T));
            pending_count_ += sizeof(T);
        }
    }

    /// Adds the bytes of one of kay's own small types: an id, a random_stream.
    template <class T>
        requires detail::is_described<T> && std::has_unique_object_representations_v<T>
    void add(const T& value) {
        add(std::as_bytes(std::span(&value, 1)));
    }

    /// Of all that was added so far; adding may go on.
    std::uint64_t value() const;
    hash128 value128() const;

private:
    void add(const std::byte* bytes, std::size_t count);
    void flush();

    alignas(64) std::byte state_[576]; // an XXH3_state_t, known to the source file only
    std::byte pending_[256];           // bytes that were added and are not yet in state_
    std::size_t pending_count_ = 0;
};

/// Hash of a value, for the tables of handlers: equal values, equal hashes. Defined for numbers,
/// enums, ids and all that turns into a std::string_view; specialise it for types of your own.
template <class T>
struct hash;

template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
struct hash<T> {
    constexpr std::uint64_t operator()(T value) const {
        return mix(static_cast<std::uint64_t>(value));
    }
};

/// The two zeros are equal, so they hash alike.
template <std::floating_point T>
struct hash<T> {
    constexpr std::uint64_t operator()(T value) const {
        return mix(value == T{0} ? 0 : canonical_bits(value));
    }
};

template <class A>
struct hash<id<A>> {
    constexpr std::uint64_t operator()(const id<A>& actor) const {
        if constexpr (requires { actor.key; }) return combine(actor.bits, actor.key);
        return mix(actor.bits);
    }
};

template <class T>
    requires std::convertible_to<const T&, std::string_view>
struct hash<T> {
    using is_transparent = void;
    std::uint64_t operator()(std::string_view text) const {
        return hash_bytes(std::as_bytes(std::span(text)));
    }
};

} // namespace kay
