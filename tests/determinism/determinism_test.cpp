// SPDX-License-Identifier: MIT
//
// Promise 1: the state after turn N is a function of the seed and the input, not of workers, timing
// or the order of registration. One eventful world runs several times; its hash has to be the same
// after every turn. The seed is printed; KAY_SEED=NUMBER in the environment sets it.
#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace determinism_test {

constexpr std::uint32_t places = 16;
constexpr std::uint64_t turns_to_run = 200;
constexpr std::uint32_t crowd_max = 3000;
constexpr std::uint32_t herd_max = 24;

struct Grass;
struct Rabbit;
struct Fox;

using Soil = kay::constant<kay::vector<float>>;

struct Season {
    std::uint64_t number;
    std::uint32_t crowd;
};
struct Poke {
    float strength;
};
using Living = kay::trait<Season, Poke>;

struct Tick {};
struct Born {
    std::uint32_t count;
};
struct Died {
    std::uint32_t age;
};
struct News {
    std::uint64_t number;
    kay::string text;
};
struct Eat {
    kay::id<Rabbit> by;
};
struct Food {
    float amount;
};
struct Greet {
    kay::id<Rabbit> from;
    kay::string name;
    kay::vector<kay::id<Rabbit>> friends;
};
struct Ring {
    std::uint32_t number;
};
struct Catch {
    kay::id<Fox> by;
};
struct Meal {
    float energy;
};
struct Scare {
    std::uint32_t loudness;
};
struct Stumble {};

/// A number from 0 on below 1.
float fraction(kay::random_stream& random) {
    return static_cast<float>(random.u32() >> 8) * 0x1p-24f;
}

/// Counts lives and beats the time; takes in what comes from outside.
struct Weather {
    using messages = kay::messages<Tick, Born, Died, News>;
    static constexpr bool singleton = true;
    std::uint32_t crowd = 0;
    std::uint64_t born = 0;
    std::uint64_t died = 0;
    std::uint64_t age_at_death = 0;
    std::uint64_t news = 0;
    kay::string last_news;
    kay::vector<std::uint32_t> history;

    void on(const Tick&, kay::world& w) {
        history.push_back(crowd);
        w.send(kay::all<Living>, Season{w.turn(), crowd});
    }
    void on(const Born& m, kay::world&) {
        crowd += m.count;
        born += m.count;
    }
    void on(const Died& m, kay::world&) {
        --crowd;
        ++died;
        age_at_death += m.age;
    }
    void on(const News& m, kay::world&) {
        ++news;
        last_news = m.text;
    }
};

/// No containers: dense rows. Grows by numbers with fractions.
struct Grass {
    using messages = kay::messages<Season, Poke, Eat>;
    Soil soil;
    float height = 1;
    std::uint32_t age = 0;

    void on(const Season& m, kay::world& w) {
        auto random = w.random();
        ++age;
        height += w[soil][w.place_number() % w[soil].size()] * fraction(random);
        if (height > 3 && m.crowd < crowd_max) {
            height /= 2;
            const auto where = kay::in_place{random.u32() % w.place_count()};
            w.spawn<Grass>(where, Grass{soil, height * 0.3f});
            w.send(kay::the<Weather>, Born{1});
        }
        if (random.u32() % 32 == 0) {
            w.die();
            w.send(kay::the<Weather>, Died{age});
        }
    }
    void on(const Poke& m, kay::world&) { height *= 1 - m.strength / 8; }
    void on(const Eat& m, kay::world& w);
};

/// Containers of several kinds, which grow in broadcasts and in single messages, and shrink.
struct Rabbit {
    using messages = kay::messages<Season, Poke, Food, Greet, Ring, Catch, Scare, Stumble>;
    kay::id<Grass> meadow;
    float energy = 1;
    std::uint32_t age = 0;
    std::uint32_t stumbles = 0;
    kay::vector<kay::id<Rabbit>> friends;
    kay::vector<float> diary;
    kay::string name;
    kay::timer_id alarm;

    void on(const Season& m, kay::world& w) {
        auto random = w.random();
        ++age;
        energy *= 0.9f;
        diary.push_back(energy); // all of them grow in one broadcast
        if (diary.size() > 12) diary.clear();
        if (name.size() < 40) name += static_cast<char>('a' + random.u32() % 26);
        if (meadow) w.send(meadow, Eat{w.id_of(*this)});
        if (!friends.empty() && random.u32() % 2) {
            const auto to = friends[random.u32() % friends.size()];
            w.send(to, Greet{w.id_of(*this), name, friends});
        }
        if (random.u32() % 8 == 0) {
            if (alarm) w.cancel(alarm);
            alarm = w.after(kay::turns{1 + random.u32() % 6}, w.id_of(*this), Ring{age});
        }
        if (age > 8 + random.u32() % 16) {
            w.die();
            w.send(kay::the<Weather>, Died{age});
        } else if (energy > 1.2f && m.crowd < crowd_max) {
            give_birth(w, random);
        }
    }
    void on(const Poke& m, kay::world&) { energy += m.strength / 4; }
    void on(const Food& m, kay::world&) { energy += m.amount; }
    void on(const Greet& m, kay::world& w) {
        friends.push_back(m.from);
        for (auto f : m.friends)
            if (friends.size() < herd_max) friends.push_back(f);
        if (friends.size() >= herd_max) friends.resize(w.random().u32() % 4);
        if (!m.name.empty()) name.push_back(m.name[0]);
        if (name.size() > 60) name = "r";
    }
    void on(const Ring& m, kay::world& w) {
        alarm = {};
        energy += static_cast<float>(m.number) / 64;
        w.send(kay::local<Rabbit>, Scare{m.number});
    }
    void on(const Catch& m, kay::world& w) {
        w.send(m.by, Meal{energy});
        w.send(kay::the<Weather>, Died{age});
        w.die();
    }
    void on(const Scare& m, kay::world&) { energy -= static_cast<float>(m.loudness) / 1024; }
    void on(const Stumble&, kay::world& w) {
        ++stumbles;
        w.fail("over a root");
    }

    void give_birth(kay::world& w, kay::random_stream& random) {
        const std::uint32_t litter = 1 + random.u32() % 2;
        energy /= 2;
        for (std::uint32_t i = 0; i < litter; ++i) {
            Rabbit child;
            child.meadow = meadow;
            child.friends.push_back(w.id_of(*this));
            child.name = name;
            kay::id<Rabbit> id;
            switch (random.u32() % 3) {
            case 0: id = w.spawn<Rabbit>(std::move(child)); break;
            case 1: id = w.spawn<Rabbit>(kay::beside(meadow), std::move(child)); break;
            default:
                id = w.spawn<Rabbit>(kay::in_place{random.u32() % w.place_count()},
                                     std::move(child));
            }
            w.send(id, Food{0.2f}); // finds it alive
            if (friends.size() < herd_max) friends.push_back(id);
        }
        w.send(kay::the<Weather>, Born{litter});
    }
};

/// A map, ids of traits, and a repeating timer of its own.
struct Fox {
    using messages = kay::messages<Poke, Season, Meal, Ring>;
    float energy = 4;
    std::uint32_t rings = 0;
    kay::vector<kay::id<Rabbit>> prey;
    kay::vector<kay::id<Living>> seen;
    kay::map<std::uint64_t, std::uint32_t> meals; ///< by turn

    void on(const Season&, kay::world& w) {
        auto random = w.random();
        energy *= 0.97f;
        if (!prey.empty()) {
            const std::size_t index = random.u32() % prey.size();
            w.send(prey[index], Catch{w.id_of(*this)}); // often long dead
            prey.erase(prey.begin() + static_cast<std::ptrdiff_t>(index));
        }
        for (const auto& s : seen) w.send(s, Poke{fraction(random)});
    }
    void on(const Poke& m, kay::world&) { energy -= m.strength / 16; }
    void on(const Meal& m, kay::world& w) {
        energy += m.energy;
        ++meals[w.turn() / 4];
        if (meals.size() > 20) meals.erase(meals.begin());
    }
    void on(const Ring&, kay::world& w) {
        ++rings;
        w.send(kay::local<Living>, Poke{0.125f});
    }
};

void Grass::on(const Eat& m, kay::world& w) {
    const float bite = height < 0.4f ? 0.0f : 0.25f;
    height -= bite;
    w.send(m.by, Food{bite});
}

// ---- the run

struct observation {
    std::uint64_t hash;
    std::uint64_t messages;
    friend bool operator==(const observation&, const observation&) = default;
};

struct history {
    std::vector<observation> turns;
    kay::system_statistics statistics;
    std::uint64_t born = 0, died = 0, news = 0;
    std::uint32_t stumbles = 0;
    std::size_t longest_herd = 0;
    std::uint32_t striped_or_leased = 0; ///< rabbits whose slot came from another place
};

enum class registration { forwards, backwards, one_by_one };

void add_types(kay::actor_system& system, registration order) {
    switch (order) {
    case registration::forwards: system.add<Fox, Grass, Rabbit, Weather>(); break;
    case registration::backwards: system.add<Weather, Rabbit, Grass, Fox>(); break;
    case registration::one_by_one:
        ASSERT_TRUE(system.add<Rabbit>());
        ASSERT_TRUE(system.add<Fox>());
        ASSERT_TRUE(system.add<Weather>());
        ASSERT_TRUE(system.add<Grass>());
        break;
    }
}

/// What comes from outside before turn `turn`: the same in every run. Posters work on threads of
/// their own, at the same time.
void feed(kay::actor_system& system, std::uint64_t turn, std::array<kay::poster, 2>& posters,
          const std::vector<kay::id<Rabbit>>& first, Soil soil) {
    if (turn % 9 == 0) {
        std::vector<std::thread> threads;
        for (std::size_t p = 0; p < posters.size(); ++p)
            threads.emplace_back([&, p] {
                for (std::uint64_t i = 0; i < 20; ++i) {
                    News news{turn * 100 + i, {}};
                    news.text = "news " + std::to_string(i) + " by " + std::to_string(p);
                    posters[p].post(kay::the<Weather>, news);
                    posters[p].post(first[(turn + i) % first.size()], Food{0.5f});
                }
                posters[p].post(kay::all<Rabbit>, Scare{static_cast<std::uint32_t>(p)});
            });
        for (auto& t : threads) t.join();
    }
    if (turn % 25 == 0) {
        for (std::uint32_t i = 0; i < 60; ++i) {
            const auto meadow = system.spawn<Grass>(Grass{soil});
            Rabbit rabbit;
            rabbit.meadow = meadow;
            rabbit.friends.push_back(first[i % first.size()]);
            const auto id = system.spawn<Rabbit>(kay::beside(meadow), std::move(rabbit));
            system.send(id, Food{0.5f});
        }
        system.send(kay::the<Weather>, Born{120});
    }
    if (turn % 40 == 3) system.after(kay::turns{5}, kay::all<Fox>, Ring{1});
    if (turn == 60) system.send(kay::all<Rabbit>, Poke{0.5f});
}

history run(std::uint64_t seed, std::uint32_t workers, registration order) {
    kay::actor_system system{{.places = places, .seed = seed, .workers = workers}};
    add_types(system, order);
    kay::vector<float> values;
    for (std::uint32_t i = 0; i < 7; ++i) values.push_back(0.2f + 0.05f * static_cast<float>(i));
    const Soil soil = system.make_constant(std::move(values));

    std::vector<kay::id<Rabbit>> rabbits;
    std::vector<kay::id<Grass>> meadows;
    for (std::uint32_t i = 0; i < 400; ++i) meadows.push_back(system.spawn<Grass>(Grass{soil}));
    for (std::uint32_t i = 0; i < 400; ++i) {
        Rabbit rabbit;
        rabbit.meadow = meadows[i];
        if (i) rabbit.friends.push_back(rabbits.back());
        rabbits.push_back(system.spawn<Rabbit>(kay::beside(meadows[i]), std::move(rabbit)));
    }
    for (std::uint32_t i = 0; i < 40; ++i) {
        Fox fox;
        for (std::uint32_t k = 0; k < 8; ++k) fox.prey.push_back(rabbits[i * 10 + k]);
        fox.seen.push_back(meadows[i]);
        fox.seen.push_back(rabbits[i + 200]);
        const auto id = system.spawn<Fox>(std::move(fox));
        if (i % 4 == 0) system.every(kay::turns{2 + i % 7}, id, Ring{i});
    }
    system.send(kay::the<Weather>, Born{840});
    system.every(kay::turns{1}, kay::the<Weather>, Tick{});
    std::array<kay::poster, 2> posters{system.make_poster(), system.make_poster()};

    history h;
    const kay::log_capture quiet(kay::log_level::error); // of the rabbits that stumble
    for (std::uint64_t turn = 1; turn <= turns_to_run; ++turn) {
        feed(system, turn, posters, rabbits, soil);
        // Some stumble in many places at once: the turn stops in the middle, and goes on.
        if (turn % 50 == 10) {
            std::uint32_t left = 20;
            system.each<Rabbit>([&](kay::id<Rabbit> id, const Rabbit&) {
                if (id.slot() % 8 == 0 && left) system.send(id, Stumble{}), --left;
            });
        }
        auto done = system.turn();
        for (int i = 0; !done && i < 100; ++i)
            done = system.resume(kay::actor_system::after_failure::skip);
        if (!done) {
            ADD_FAILURE() << done.error().text;
            return h;
        }
        h.turns.push_back({system.hash(), done->messages});
        system.each<Rabbit>([&](kay::id<Rabbit> id, const Rabbit& r) {
            h.longest_herd = std::max(h.longest_herd, r.friends.size());
            h.striped_or_leased += id.slot() > kay::slot_max / 2;
            if (turn % 50 == 10) h.stumbles += r.stumbles;
        });
    }
    h.statistics = system.statistics();
    h.born = system[kay::the<Weather>].born;
    h.died = system[kay::the<Weather>].died;
    h.news = system[kay::the<Weather>].news;
    return h;
}

std::uint64_t chosen_seed() {
    static const std::uint64_t seed = [] {
        const char* text = std::getenv("KAY_SEED");
        const std::uint64_t s =
            text ? std::strtoull(text, nullptr, 10) : std::uint64_t{std::random_device()()};
        std::cout << "seed " << s << "; to run it again: KAY_SEED=" << s << std::endl;
        return s;
    }();
    return seed;
}

/// One worker, types in the order in which they are declared: what the others are compared with.
const history& reference() {
    static const history h = run(chosen_seed(), 1, registration::forwards);
    return h;
}

void expect_the_same(const history& h) {
    ASSERT_EQ(h.turns.size(), reference().turns.size());
    for (std::size_t i = 0; i < h.turns.size(); ++i) {
        ASSERT_EQ(h.turns[i].messages, reference().turns[i].messages)
            << "turn " << i + 1 << ", seed " << chosen_seed();
        ASSERT_EQ(h.turns[i].hash, reference().turns[i].hash)
            << "turn " << i + 1 << ", seed " << chosen_seed();
    }
}

TEST(determinism, the_world_of_this_test_is_an_eventful_one) {
    const history& h = reference();
    ASSERT_EQ(h.turns.size(), turns_to_run);
    EXPECT_GT(h.born, 5000u);
    EXPECT_GT(h.died, 5000u);
    EXPECT_EQ(h.news, 22u * 40);
    EXPECT_GT(h.statistics.messages, 500'000u);
    EXPECT_GT(h.statistics.dead_letters, 1000u);
    EXPECT_GT(h.statistics.timers, 10u);
    EXPECT_GE(h.longest_herd, herd_max - 1);
    EXPECT_GT(h.striped_or_leased, 0u);
    EXPECT_GT(h.stumbles, 0u);
    for (const auto& t : h.statistics.types) EXPECT_GT(t.instances, 0u) << t.name;
    for (std::size_t i = 1; i < h.turns.size(); ++i)
        EXPECT_NE(h.turns[i].hash, h.turns[i - 1].hash);
}

TEST(determinism, running_it_again_gives_the_same) {
    expect_the_same(run(chosen_seed(), 1, registration::forwards));
}

TEST(determinism, two_workers_give_the_same_as_one) {
    expect_the_same(run(chosen_seed(), 2, registration::forwards));
}

TEST(determinism, three_workers_give_the_same_as_one) {
    expect_the_same(run(chosen_seed(), 3, registration::backwards));
}

TEST(determinism, eight_workers_give_the_same_as_one) {
    expect_the_same(run(chosen_seed(), 8, registration::one_by_one));
}

TEST(determinism, the_order_of_registration_does_not_matter) {
    expect_the_same(run(chosen_seed(), 1, registration::backwards));
    expect_the_same(run(chosen_seed(), 1, registration::one_by_one));
}

/// Every compiler, every level of optimisation, every machine: this test is part of all builds, and
/// one constant ties them together. What changes it changes every user's world: it belongs into the
/// changelog.
TEST(determinism, every_build_gives_the_hash_that_is_written_here) {
    constexpr std::uint64_t written_here = 9'251'905'862'847'009'498u;
    const history h = run(20'261'125, 2, registration::backwards);
    ASSERT_EQ(h.turns.size(), turns_to_run);
    EXPECT_EQ(h.turns.back().hash, written_here);
}

TEST(determinism, another_seed_gives_another_world) {
    const history other = run(chosen_seed() + 1, 2, registration::forwards);
    ASSERT_EQ(other.turns.size(), reference().turns.size());
    std::size_t other_hashes = 0, other_counts = 0;
    for (std::size_t i = 0; i < other.turns.size(); ++i) {
        other_hashes += other.turns[i].hash != reference().turns[i].hash;
        other_counts += other.turns[i].messages != reference().turns[i].messages;
    }
    EXPECT_EQ(other_hashes, turns_to_run);
    EXPECT_GT(other_counts, turns_to_run / 2); // not just because the seed is part of the hash
}

} // namespace determinism_test
