// SPDX-License-Identifier: MIT
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace poster_test {

struct Ping {
    std::uint32_t by = 0;
};
struct Words {
    kay::string text;
};
using Pinged = kay::trait<Ping>;
using Read = kay::trait<Ping, Words>;

struct Tally {
    using messages = kay::messages<Ping>;
    std::uint64_t sum = 0;
    void on(const Ping& m, kay::world&) { sum += m.by; }
};
struct Reader {
    using messages = kay::messages<Words, Ping>;
    std::uint64_t sum = 0;
    kay::string text;
    void on(const Words& m, kay::world&) { text = m.text; }
    void on(const Ping& m, kay::world&) { sum += m.by; }
};

TEST(poster, reaches_every_instance_of_every_implementor_of_a_trait) {
    kay::actor_system system{{.places = 4}};
    system.add<Tally, Reader>();
    const auto tally = system.spawn<Tally>();
    const auto first = system.spawn<Reader>(), second = system.spawn<Reader>();
    kay::poster poster = system.make_poster();
    poster.post(kay::all<Pinged>, Ping{2});
    poster.post(kay::all<Read>, Ping{40});
    poster.post(kay::all<Read>, Words{"to whoever reads"});
    poster.post(kay::everywhere<Reader>, Ping{500});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(tally)->sum, 2u);
    for (const auto reader : {first, second}) {
        EXPECT_EQ(system.find(reader)->sum, 542u);
        EXPECT_EQ(system.find(reader)->text, "to whoever reads");
    }
    EXPECT_EQ(system.statistics().dead_letters, 0u);
}

TEST(poster, of_a_system_that_is_gone_can_be_assigned_to) {
    kay::actor_system system{{.places = 1}};
    system.add<Tally>();
    const auto tally = system.spawn<Tally>();
    auto gone = std::make_unique<kay::actor_system>(kay::system_options{.places = 1});
    kay::poster poster = gone->make_poster();
    poster.post(tally, Ping{1});
    gone.reset();
    poster.post(tally, Ping{1});
    poster = system.make_poster();
    poster.post(tally, Ping{5});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(tally)->sum, 5u);
}

TEST(poster, what_it_has_posted_is_delivered_also_when_it_was_assigned_to) {
    kay::actor_system system{{.places = 1}};
    system.add<Tally>();
    const auto tally = system.spawn<Tally>();
    kay::poster poster = system.make_poster();
    poster.post(tally, Ping{1});
    poster = system.make_poster();
    poster.post(tally, Ping{2});
    kay::poster other = std::move(poster);
    other.post(tally, Ping{4});
    ASSERT_TRUE(system.turn());
    EXPECT_EQ(system.find(tally)->sum, 7u);
}

TEST(poster, types_are_numbered_by_name_also_when_posters_are_made_before) {
    const auto hash = [](bool poster_first) {
        kay::actor_system system{{.places = 2}};
        if (poster_first) {
            static_cast<void>(system.make_poster());
            system.add<Tally>();
            system.add<Reader>();
        } else {
            system.add<Tally>();
            system.add<Reader>();
        }
        system.spawn<Tally>();
        system.spawn<Reader>();
        EXPECT_TRUE(system.turn());
        return system.hash();
    };
    EXPECT_EQ(hash(true), hash(false));
}

} // namespace poster_test
