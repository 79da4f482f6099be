// SPDX-License-Identifier: MIT
//
// A small world with all that a saved one may have, its file, and a view of it.
#pragma once

#include "../../../src/persist/saved_view.hpp"

#include <kay/kay.hpp>
#include <kay/persist/world_file.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

namespace saved_world {

struct Sheep;
struct Eat {
    std::uint32_t grass = 0;
};
struct Die {};
struct spot {
    float x = 0;
    float y = 0;
};

/// Blocks of several sizes, some larger than a page.
struct Sheep {
    using messages = kay::messages<Eat, Die>;
    std::uint32_t number = 0;
    spot where;
    kay::id<Sheep> mother;
    kay::string name;
    kay::vector<std::uint64_t> eaten;

    void on(const Eat& m, kay::world&) {
        for (std::uint32_t i = 0; i < m.grass; ++i) eaten.push_back(number * 1000 + i);
    }
    void on(const Die&, kay::world& w) { w.die(); }
};

/// Of one size, many in a chunk.
struct Blade {
    using messages = kay::messages<Die>;
    std::uint32_t number = 0;
    bool is_long = false;
    void on(const Die&, kay::world& w) { w.die(); }
};

/// Nobody is one.
struct Wolf {
    using messages = kay::messages<Die>;
    std::uint8_t age = 0;
    void on(const Die&, kay::world& w) { w.die(); }
};

inline constexpr std::uint32_t sheep_count = 40;
inline constexpr std::uint32_t blade_count = 30'000;

/// Every seventh sheep and every third blade is dead.
inline kay::actor_system make() {
    kay::actor_system system{{.places = 4, .seed = 11, .workers = 1}};
    system.add<Sheep, Blade, Wolf>();
    kay::id<Sheep> last;
    for (std::uint32_t i = 0; i < sheep_count; ++i) {
        Sheep sheep;
        sheep.number = i;
        sheep.where = {static_cast<float>(i), 0.5f};
        sheep.mother = last;
        sheep.name = "sheep " + std::to_string(i);
        last = system.spawn(std::move(sheep));
        system.send(last, Eat{i == 5 ? 20'000 : i % 9});
        if (i % 7 == 3) system.send(last, Die{});
    }
    for (std::uint32_t i = 0; i < blade_count; ++i) {
        const auto blade = system.spawn(Blade{i, i % 2 == 1});
        if (i % 3 == 0) system.send(blade, Die{});
    }
    system.every(kay::turns{3}, last, Eat{0});
    (void)system.make_constant(spot{1, 2});
    const auto done = system.turn();
    EXPECT_TRUE(done) << done.error().text;
    return system;
}

/// A file in a folder for such files, gone with this.
class file {
public:
    file()
        : path_((std::filesystem::temp_directory_path() /
                 ("kay_saved_world_" + std::to_string(::getpid()) + ".kay"))
                    .string()) {
        std::filesystem::remove(path_);
    }
    ~file() { std::filesystem::remove(path_); }
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    const std::string& path() const { return path_; }

    void save(kay::actor_system& system, const std::string& name) {
        auto opened = kay::world_file::open(path_);
        ASSERT_TRUE(opened) << opened.error().text;
        const auto saved = opened->save(system, name);
        ASSERT_TRUE(saved) << saved.error().text;
    }

    std::unique_ptr<kay::detail::page_file> open() const {
        auto disk = kay::detail::open_disk(path_, kay::detail::open_mode::read);
        EXPECT_TRUE(disk) << disk.error().text;
        auto opened = kay::detail::page_file::open(std::move(*disk), false);
        EXPECT_TRUE(opened) << opened.error().text;
        return std::move(*opened);
    }

private:
    std::string path_;
};

} // namespace saved_world
