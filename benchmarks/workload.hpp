// SPDX-License-Identifier: MIT
//
// What all workloads share: the actor State32 and its messages, worlds made of it, and how a result
// is given: nanoseconds for each item, and a checksum that must be right.
#pragma once

#include <kay/kay.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct Tick {
    float dt;
};
struct Hop {
    std::uint32_t hops;
    std::uint32_t from;
    std::uint64_t value;
};
struct Die {};
struct Breed {};

/// 32 bytes: position, velocity and a count.
struct State32 {
    using messages = kay::messages<Tick, Hop, Die, Breed>;
    float x = 0, y = 0, z = 0;
    float vx = 1, vy = 2, vz = 3;
    std::uint32_t ticks = 0;
    std::uint32_t pad = 0;

    void move(float dt) {
        x += vx * dt;
        y += vy * dt;
        z += vz * dt;
        ++ticks;
    }
    void on(const Tick& m, kay::world&) { move(m.dt); }
    void on(const Hop& m, kay::world& w);
    void on(const Die&, kay::world& w) { w.die(); }
    void on(const Breed&, kay::world& w) { w.spawn<State32>(); }
};

/// xorshift64 (Marsaglia, 2003): the same walk for kay and for the loops.
inline std::uint64_t next_value(std::uint64_t v) {
    v ^= v << 13;
    v ^= v >> 7;
    return v ^ v << 17;
}

inline constexpr std::uint32_t places = 16;

/// The id of the nth actor that a world of so many places was asked to spawn: the slots of every
/// place are 0 and on, each used once.
template <class A>
kay::id<A> nth(std::uint64_t n) {
    return kay::id<A>{kay::raw_id{static_cast<std::uint32_t>(n % places), 1,
                                  static_cast<std::uint32_t>(n / places)}};
}

inline kay::actor_system make_world(std::uint64_t count, unsigned workers) {
    kay::actor_system system{{.places = places, .seed = 1, .workers = workers}};
    system.add<State32>();
    for (std::uint64_t i = 0; i < count; ++i) system.spawn<State32>();
    if (!system.turn()) throw std::runtime_error("the world could not be made");
    return system;
}

/// A wrong result is no result.
inline void check(benchmark::State& state, std::uint64_t checksum, std::uint64_t expected) {
    if (checksum != expected)
        state.SkipWithError(
            ("checksum " + std::to_string(checksum) + " instead of " + std::to_string(expected))
                .c_str());
    state.counters["checksum"] = static_cast<double>(checksum & 0xffffffffffffu);
}

} // namespace bench
