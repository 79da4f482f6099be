// SPDX-License-Identifier: MIT
//
// A world that shrinks gives its memory back.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace memory_world {

/// Nine of ten die, here and there.
struct Shrink {};

struct State32 {
    using messages = kay::messages<Shrink>;
    std::array<float, 6> motion{};
    std::uint32_t count = 0;
    std::uint32_t pad = 0;
    void on(const Shrink&, kay::world& w) {
        if (w.random()() % 10 != 0) w.die();
    }
};
static_assert(sizeof(State32) == 32);

struct State128 {
    using messages = kay::messages<Shrink>;
    std::array<double, 16> values{};
    void on(const Shrink&, kay::world& w) {
        if (w.random()() % 10 != 0) w.die();
    }
};
static_assert(sizeof(State128) == 128);

/// What is left of the peak when a world of a million has shrunk to a tenth, and rested a while.
template <class A>
double share_left() {
    constexpr std::size_t count = 1'000'000;
    kay::actor_system system{{.places = 16, .seed = 5, .workers = 2}};
    system.add<A>();
    for (std::size_t i = 0; i < count; ++i) system.spawn<A>();
    EXPECT_TRUE(system.turn());
    EXPECT_EQ(system.count<A>(), count);
    const auto peak = static_cast<double>(system.bytes_reserved());
    EXPECT_GT(peak, static_cast<double>(count * sizeof(A)));
    system.send(kay::all<A>, Shrink{});
    for (int turn = 0; turn < 100; ++turn) EXPECT_TRUE(system.turn());
    EXPECT_NEAR(static_cast<double>(system.count<A>()), count / 10.0, count / 100.0);
    return static_cast<double>(system.bytes_reserved()) / peak;
}

TEST(memory, a_world_of_32_bytes_an_actor_that_shrank_to_a_tenth_holds_under_a_third) {
    EXPECT_LE(share_left<State32>(), 0.30);
}

TEST(memory, a_world_of_128_bytes_an_actor_that_shrank_to_a_tenth_holds_under_a_fifth) {
    EXPECT_LE(share_left<State128>(), 0.20);
}

} // namespace memory_world
