// SPDX-License-Identifier: MIT
//
// Spawning into other places for a long time: the slots that a place sets apart for first spawns
// are never given out twice, so worlds that spawn and die steadily must not live on them.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace leases_test {

struct Burst {
    std::uint32_t count;
    std::uint32_t rounds = 0; ///< that follow
};
struct End {};

struct Spark {
    using messages = kay::messages<End>;
    std::uint32_t unused = 0;
    void on(const End&, kay::world& w) { w.die(); }
};

/// Its name comes before Spark's: it spawns in a round before the leases of that round arrive.
struct Maker {
    using messages = kay::messages<Burst>;
    std::uint32_t unused = 0;
    void on(const Burst& m, kay::world& w) {
        for (std::uint32_t i = 0; i < m.count; ++i) w.send(w.spawn<Spark>(kay::in_place{1}), End{});
        if (m.rounds) w.send(w.id_of(*this), Burst{m.count, m.rounds - 1});
    }
};

struct forge {
    explicit forge(std::uint32_t places) : system{{.places = places, .workers = 1}} {
        system.add<Maker, Spark>();
        maker = system.spawn<Maker>(kay::in_place{0});
    }
    bool turn(Burst burst) {
        system.send(maker, burst);
        const auto done = system.turn();
        EXPECT_TRUE(done) << done.error().text;
        return done.has_value();
    }
    kay::actor_system system;
    kay::id<Maker> maker;
};

TEST(leases, large_bursts_go_on_for_ever) {
    forge f(1024);
    for (std::uint32_t turn = 0; turn < 300; ++turn) ASSERT_TRUE(f.turn({2500})) << turn;
    EXPECT_EQ(f.system.count<Spark>(), 0u);
}

TEST(leases, bursts_in_every_round_go_on_for_ever) {
    forge f(1024);
    for (std::uint32_t turn = 0; turn < 20; ++turn) ASSERT_TRUE(f.turn({500, 100})) << turn;
    EXPECT_EQ(f.system.count<Spark>(), 0u);
}

TEST(leases, bursts_of_changing_sizes_go_on_for_ever) {
    forge f(4096);
    std::uint32_t random = 1;
    for (std::uint32_t turn = 0; turn < 6000; ++turn) {
        random = random * 1'664'525 + 1'013'904'223;
        ASSERT_TRUE(f.turn({turn % 7 == 0 ? random >> 24 : random >> 28})) << turn;
    }
    EXPECT_EQ(f.system.count<Spark>(), 0u);
}

} // namespace leases_test
