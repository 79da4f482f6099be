// SPDX-License-Identifier: MIT
//
// A world for tests of faults: small, and yet with several pages of each kind. In each of its turns
// there are broadcasts, messages to single ones, births, deaths, timers, containers that grow and
// shrink, and constants that are read.
#pragma once

#include "simulated_disk.hpp"

#include "../../../src/persist/world_on_disk.hpp"

#include <kay/kay.hpp>
#include <kay/persist/world_file.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rookery {

struct Rook;
struct Tower;

struct Weather {
    kay::vector<std::uint32_t> rain;
};
struct Call {
    std::uint8_t loud = 0; // padding follows
    kay::id<Rook> from;
};
struct Tell {
    kay::vector<std::uint32_t> words;
};
struct Brood {};
struct Leave {};
struct Fall {
    std::uint32_t height = 0;
};
struct Ring {};

struct Leaf {
    using messages = kay::messages<Fall, Leave>;
    std::uint32_t fallen = 0;
    void on(const Fall& m, kay::world&) { fallen = fallen * 3 + m.height; }
    void on(const Leave&, kay::world& w) { w.die(); }
};

struct Rook {
    using messages = kay::messages<Call, Tell, Brood, Leave>;
    std::uint64_t sum = 0;
    std::uint32_t age = 0;
    bool is_grey = false;
    kay::id<Rook> mate;
    kay::constant<Weather> weather;
    kay::vector<std::uint32_t> heard;
    kay::string name;
    kay::external<int> cache;

    void on(const Call& m, kay::world& w) {
        sum = kay::combine(sum, m.loud);
        mate = m.from;
        if (m.loud > 0) w.send(mate, Call{static_cast<std::uint8_t>(m.loud - 1), w.id_of(*this)});
    }
    void on(const Tell& m, kay::world&) {
        if (heard.size() > 60) heard.clear();
        for (const std::uint32_t word : m.words) heard.push_back(word + age);
    }
    void on(const Brood&, kay::world& w) {
        auto random = w.random();
        ++age;
        cache.emplace(3);
        sum = kay::combine(sum, w[weather].rain[age % 3]);
        if (kay::bernoulli(random, 0.05)) {
            Rook young;
            young.mate = w.id_of(*this);
            young.weather = weather;
            young.name = "a young rook with a long name, of turn " + std::to_string(w.turn());
            const auto place = kay::uniform_int(random, 0u, w.place_count() - 1);
            const auto born = w.spawn(kay::in_place{place}, std::move(young));
            w.after(kay::turns{kay::uniform_int<std::uint64_t>(random, 1, 9)}, born, Leave{});
            Tell tale;
            for (std::uint32_t i = 0; i < 25; ++i) tale.words.push_back(age + i);
            w.after(kay::turns{kay::uniform_int<std::uint64_t>(random, 1, 5)}, mate, tale);
            w.spawn<Leaf>(kay::in_place{place});
            w.send(kay::the<Tower>, Ring{});
        }
        if (kay::bernoulli(random, 0.3)) w.send(mate, Call{2, w.id_of(*this)});
    }
    void on(const Leave&, kay::world& w) { w.die(); }
};

struct Tower {
    static constexpr bool singleton = true;
    using messages = kay::messages<Ring>;
    std::uint64_t rings = 0;
    void on(const Ring&, kay::world&) { ++rings; }
};

inline kay::actor_system make(std::uint32_t rooks, std::uint32_t leaves, std::uint32_t places = 4) {
    kay::actor_system system{{.places = places, .seed = 8, .workers = 1}};
    system.add<Rook, Tower, Leaf>();
    Weather weather;
    weather.rain = {5, 1, 3};
    const auto constant = system.make_constant(std::move(weather));
    kay::id<Rook> last;
    for (std::uint32_t i = 0; i < rooks; ++i) {
        Rook rook;
        rook.mate = last;
        rook.weather = constant;
        rook.name = std::string(i % 30, 'x');
        for (std::uint32_t k = 0; k < i % 23; ++k) rook.heard.push_back(k);
        last = system.spawn(std::move(rook));
        Tell tale;
        for (std::uint32_t k = 0; k < 8 + i % 9; ++k) tale.words.push_back(i);
        if (i % 2 == 0) system.after(kay::turns{i % 12 + 1}, last, tale);
        if (i % 7 == 0) system.after(kay::turns{i % 11 + 2}, last, Leave{});
    }
    for (std::uint32_t i = 0; i < leaves; ++i) system.spawn<Leaf>();
    system.every(kay::turns{3}, kay::the<Tower>, Ring{});
    system.every(kay::turns{5}, last, Call{1, last});
    EXPECT_TRUE(system.turn());
    return system;
}

/// Ids of some of the actors, as a program knows them that goes on.
struct acquaintances {
    Rook example;
    std::vector<kay::id<Rook>> rooks;
    std::vector<kay::id<Leaf>> leaves;

    explicit acquaintances(kay::actor_system& system) {
        std::size_t n = 0;
        system.each<Rook>([&](kay::id<Rook> id, const Rook& rook) {
            if (n == 0) example.weather = rook.weather;
            if (n++ % 37 == 0) rooks.push_back(id);
        });
        system.each<Leaf>([&](kay::id<Leaf> id, const Leaf&) {
            if (n++ % 211 == 0) leaves.push_back(id);
        });
    }
};

/// What comes from outside before a turn; all sorts of it in each few of them.
inline void send(kay::actor_system& system, const acquaintances& known) {
    const std::uint64_t turn = system.turn_number();
    for (std::size_t i = turn % 3; i < known.rooks.size(); i += 3) {
        system.send(known.rooks[i], Call{1, known.rooks[(i * 7 + turn) % known.rooks.size()]});
        if ((i + turn) % 5 == 0) system.send(known.rooks[i], Leave{});
    }
    for (std::size_t i = turn % 2; i < known.leaves.size(); i += 2)
        if ((i + turn) % 4 == 0)
            system.send(known.leaves[i], Leave{});
        else
            system.send(known.leaves[i], Fall{static_cast<std::uint32_t>(i)});
    if (turn % 3 == 1) system.send(kay::all<Rook>, Brood{});
    if (turn % 5 == 2) system.send(kay::all<Leaf>, Fall{2});
    if (turn % 4 == 3) {
        system.spawn<Leaf>();
        Rook rook = known.example;
        rook.name = "from outside";
        system.spawn(kay::in_place{0}, std::move(rook));
    }
}

inline constexpr const char* file_name = "rooks.kay";

inline kay::result<kay::world_file> open(kay::test::simulated_disk& disk, bool may_write = true) {
    return kay::detail::world_on_disk::open(disk.open(), file_name, may_write);
}
inline kay::result<kay::actor_system> load(kay::world_file& file, const std::string& name,
                                           const kay::load_options& options) {
    return file.load<Rook, Tower, Leaf>(name, options);
}

} // namespace rookery
