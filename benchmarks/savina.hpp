// SPDX-License-Identifier: MIT
//
// savina/*: seven programs of the Savina suite (Imam and Sarkar, "Savina - An Actor Benchmark
// Suite", AGERE! 2014), with its default parameters; what all who play them share. Actors live on
// from one repetition to the next, except where making them is what is measured.
#pragma once

#include "workload.hpp"

#include <kay/core/math.hpp>

#include <cstdint>

namespace bench::savina {

/// thread_ring: a token goes round a ring. Nanoseconds for each hop.
namespace ring {
inline constexpr std::uint64_t actors = 100;
inline constexpr std::uint64_t hops = 100'000;
} // namespace ring

/// chameneos: creatures meet in pairs, in the mall, and change their colours. Nanoseconds for each
/// meeting, which is four messages: two to the mall, one to each creature.
namespace chameneos {
inline constexpr std::uint64_t creatures = 100;
inline constexpr std::uint64_t meetings = 200'000;

enum class color : std::uint64_t { red, yellow, blue };

/// The same colour stays, two colours become the third.
constexpr color complement(color mine, color other) {
    if (mine == other) return mine;
    return static_cast<color>(3 - static_cast<std::uint64_t>(mine) -
                              static_cast<std::uint64_t>(other));
}
} // namespace chameneos

/// big: everybody pings somebody at random, and again when the pong is there. Nanoseconds for each
/// message: every ping is answered, so that there are two for each.
namespace big {
inline constexpr std::uint64_t actors = 120;
inline constexpr std::uint64_t pings = 20'000;
inline constexpr std::uint64_t messages = 2 * actors * pings;
} // namespace big

/// fork_join_create: actors are made, compute once and die. Nanoseconds for each.
/// fork_join_throughput: actors are sent messages in turn and compute once for each. Nanoseconds
/// for each message. Who makes and sends is an actor in both, so that only workers work.
namespace fork_join {
inline constexpr std::uint64_t created = 40'000;
inline constexpr std::uint64_t actors = 60;
inline constexpr std::uint64_t messages = 10'000;

/// The suite's own work for each message. False if it went wrong.
inline bool compute() {
    const double sine = kay::math::sin(37.2);
    return sine * sine >= 0;
}
} // namespace fork_join

/// bank_transaction: a teller has one account send money to another. The source waits for the
/// target's answer before it takes anything else, and answers the teller. Nanoseconds for each
/// transaction, which is four messages. Amounts are whole numbers, so that sums are exact.
namespace bank {
inline constexpr std::uint64_t accounts = 1'000;
inline constexpr std::uint64_t transactions = 50'000;

struct transaction {
    std::uint64_t source;
    std::uint64_t target;
    std::int64_t amount;
};

/// The target's number is above the source's, so that they never wait in a circle.
inline transaction next_transaction(std::uint64_t& random) {
    random = next_value(random);
    const std::uint64_t source = (random >> 32) % (accounts / 10 * 8);
    random = next_value(random);
    const std::uint64_t step = (random >> 32) % (accounts - source);
    random = next_value(random);
    return {source, source + (step ? step : 1), static_cast<std::int64_t>((random >> 32) % 1'000)};
}
} // namespace bank

/// concurrent_dictionary: workers write and read the entries of one actor. Nanoseconds for each
/// request, which is two messages. A value is its key, or that and a multiple of the number of
/// entries, so that every answer can be checked.
namespace dictionary {
inline constexpr std::uint64_t entries = 524'287;
inline constexpr std::uint64_t workers = 20;
inline constexpr std::uint64_t requests = 10'000;
inline constexpr std::uint64_t write_percentage = 10;

struct request {
    std::uint64_t key;
    std::uint64_t value; ///< zero: to be read
};

inline request next_request(std::uint64_t& random) {
    random = next_value(random);
    const bool writes = (random >> 32) % 100 < write_percentage;
    random = next_value(random);
    const std::uint64_t key = (random >> 32) % entries;
    return {key, writes ? key + entries * (1 + (random & 0xff)) : 0};
}

/// Sum of the keys that all workers ask for in so many rounds: what the values must add up to.
inline std::uint64_t sum_of_keys(std::uint64_t rounds) {
    std::uint64_t sum = 0;
    for (std::uint64_t worker = 1; worker <= workers; ++worker) {
        std::uint64_t random = worker;
        for (std::uint64_t i = 0; i < rounds * requests; ++i) sum += next_request(random).key;
    }
    return sum;
}
} // namespace dictionary

} // namespace bench::savina
