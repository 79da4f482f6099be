// SPDX-License-Identifier: MIT
//
// Random numbers that depend on nothing but a key and a counter: Philox4x32-10 (Salmon, Moraes,
// Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011). The same words on every
// platform; statistically sound, not secret. A random_stream is a value of 32 bytes: it may live
// in an actor's state; each thread draws from its own.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/core/type_name.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace kay {

using philox_counter = std::array<std::uint32_t, 4>;
using philox_key = std::array<std::uint32_t, 2>;

/// Ten rounds of Philox4x32: for each key a bijection of the counters.
constexpr philox_counter philox(philox_counter c, philox_key k) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p = std::uint64_t{0xd2511f53u} * c[0];
        const std::uint64_t q = std::uint64_t{0xcd9e8d57u} * c[2];
        c = {static_cast<std::uint32_t>(q >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(q),
             static_cast<std::uint32_t>(p >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p)};
        k[0] += 0x9e3779b9u;
        k[1] += 0xbb67ae85u;
    }
    return c;
}

/// A sequence of random words for a key (such as the world's seed) and two numbers that say whose
/// sequence it is (such as actor and turn). With one key, sequences of different (a, b) never share
/// a block; with different keys they meet by chance only. After 2^64 words it begins anew.
///
/// Word n is word n % 4 of philox((n / 4, b), combine(key, a)), low halves first. u64() is made of
/// two words, the lower one first. Costs half a block a u64(); a block takes about 10 ns.
struct random_stream {
    std::uint64_t key = 0;      ///< combine(key, a)
    std::uint64_t lane = 0;     ///< b
    std::uint64_t position = 0; ///< words drawn so far
    std::uint64_t ahead = 0;    ///< last two words of the block in use; 0 between blocks

    constexpr random_stream() = default;
    constexpr random_stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b)
        : key(combine(seed, a)), lane(b) {}

    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    constexpr result_type operator()() { return u64(); }

    /// The next word.
    constexpr std::uint32_t u32() {
        const std::uint64_t pair = position & 2 ? ahead : front();
        const bool upper = position & 1;
        if ((++position & 3) == 0) ahead = 0;
        return static_cast<std::uint32_t>(upper ? pair >> 32 : pair);
    }

    /// The next two words.
    constexpr std::uint64_t u64() {
        if (position & 1) {
            const std::uint64_t low = u32();
            return low | std::uint64_t{u32()} << 32;
        }
        const std::uint64_t pair = position & 2 ? std::exchange(ahead, 0) : front();
        position += 2;
        return pair;
    }

    /// Leaves out so many words, at the cost of one block.
    constexpr void skip(std::uint64_t words) {
        position += words;
        ahead = 0;
        if (position & 3) front();
    }

    /// Same words from here on.
    friend constexpr bool operator==(const random_stream&, const random_stream&) = default;

private:
    /// First two words of the block at `position`; the other two go to `ahead`.
    constexpr std::uint64_t front() {
        const std::uint64_t block = position / 4;
        const auto words =
            philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                    static_cast<std::uint32_t>(lane), static_cast<std::uint32_t>(lane >> 32)},
                   {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
        ahead = words[2] | std::uint64_t{words[3]} << 32;
        return words[0] | std::uint64_t{words[1]} << 32;
    }
};

static_assert(sizeof(random_stream) == 32);

namespace detail {
/// A random_stream takes part in reflection as one unit.
template <>
struct described<random_stream> {
    static constexpr auto name = concat("random_stream");
    static constexpr std::uint64_t layout_hash = mix(0x6b61792e72616e64u);
    static constexpr bool storable = true;
    static constexpr bool sendable = true;
    static constexpr bool has_padding = false;
    static constexpr bool is_flat = true;
};
} // namespace detail

} // namespace kay
