// SPDX-License-Identifier: MIT
//
// A world for tests of saving: births, deaths, timers, containers, constants, a singleton; and a
// file for it.
#pragma once

#include <kay/kay.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

namespace world_file_test {

struct Herd;
struct Cow;

struct Prices {
    std::uint8_t kind = 0;
    kay::vector<double> milk;
};
struct Graze {
    std::uint32_t grass = 0;
};
struct Moo {
    std::uint8_t loud = 0; // padding follows
    kay::id<Cow> from;
};
struct Feed { // changes a cow where it is, and no more
    double kilos = 0;
};
struct Sell {};
struct Born {
    kay::id<Cow> calf;
};
struct Count {};

/// Lives, calls others, has calves anywhere and dies.
struct Cow {
    using messages = kay::messages<Graze, Moo, Feed, Sell>;
    std::uint8_t coat = 0;
    double weight = 100;
    kay::id<Cow> mother;
    kay::constant<Prices> prices;
    kay::vector<kay::id<Cow>> heard;
    kay::string name;
    kay::external<int> cache;

    void on(const Graze& m, kay::world& w) {
        auto random = w.random();
        weight += m.grass * w[prices].milk[coat % 3];
        cache.emplace(7);
        if (!heard.empty() && kay::bernoulli(random, 0.3))
            w.send(heard[kay::uniform_int(random, std::size_t{0}, heard.size() - 1)],
                   Moo{coat, w.id_of(*this)});
        if (kay::bernoulli(random, 0.04)) {
            Cow calf;
            calf.coat = static_cast<std::uint8_t>(coat + 1);
            calf.mother = w.id_of(*this);
            calf.prices = prices;
            calf.name = "calf of many words, number " + std::to_string(w.turn());
            const auto place = kay::uniform_int(random, 0u, w.place_count() - 1);
            const auto born = w.spawn(kay::in_place{place}, std::move(calf));
            heard.push_back(born);
            w.send(kay::the<Herd>, Born{born});
            w.after(kay::turns{kay::uniform_int<std::uint64_t>(random, 1, 60)}, born, Sell{});
        }
    }
    void on(const Moo& m, kay::world&) {
        if (heard.size() < 20) heard.push_back(m.from);
    }
    void on(const Feed& m, kay::world&) { weight = weight * 0.75 + m.kilos; }
    void on(const Sell&, kay::world& w) { w.die(); }
};

struct Herd {
    static constexpr bool singleton = true;
    using messages = kay::messages<Born, Count>;
    std::uint64_t born = 0;
    std::uint64_t counts = 0;

    void on(const Born&, kay::world&) { ++born; }
    void on(const Count&, kay::world&) { ++counts; }
};

/// Added to some worlds only.
struct Dog {
    using messages = kay::messages<Graze>;
    std::uint32_t age = 0;
    void on(const Graze&, kay::world&) { ++age; }
};

class in_file : public ::testing::Test {
protected:
    in_file()
        : path_((std::filesystem::temp_directory_path() /
                 ("kay_world_file_" + std::to_string(::getpid()) + ".kay"))
                    .string()) {
        std::filesystem::remove(path_);
    }
    ~in_file() override { std::filesystem::remove(path_); }

    kay::world_file open() {
        auto opened = kay::world_file::open(path_);
        EXPECT_TRUE(opened) << opened.error().text;
        return std::move(*opened);
    }

    std::string path_;
};

inline kay::actor_system make_herd(std::uint32_t workers) {
    kay::actor_system system{{.places = 8, .seed = 5, .workers = workers}};
    system.add<Cow, Herd>();
    Prices prices;
    prices.milk = {0.5, 0.25, 0.125};
    const auto constant = system.make_constant(std::move(prices));
    for (int i = 0; i < 150; ++i) {
        Cow cow;
        cow.coat = static_cast<std::uint8_t>(i);
        cow.prices = constant;
        cow.name = "cow";
        system.spawn(std::move(cow));
    }
    system.every(kay::turns{7}, kay::the<Herd>, Count{});
    return system;
}

inline std::uint64_t graze(kay::actor_system& system) {
    system.send(kay::all<Cow>, Graze{3});
    const auto done = system.turn();
    EXPECT_TRUE(done) << done.error().text;
    return system.hash();
}

} // namespace world_file_test
