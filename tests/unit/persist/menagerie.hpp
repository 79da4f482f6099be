// SPDX-License-Identifier: MIT
//
// A world for whoever changes saved ones: its actors use every kind of container and handle there
// is, whatever is in them.
#pragma once

#include "forged_file.hpp"

#include "../../../src/persist/world_on_disk.hpp"

#include <kay/core/assert.hpp>
#include <kay/kay.hpp>
#include <kay/persist/world_file.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace menagerie {

struct Beast;
struct Table {
    kay::vector<std::uint32_t> numbers;
};
struct Other {
    std::uint64_t number = 0;
};
struct Roar {
    std::uint32_t loud = 0;
    kay::vector<std::uint16_t> how;
    kay::constant<Table> table;
};
struct Sleep {};

/// Reads all that it has, whatever it is; grows, shrinks, has young ones and dies.
struct Beast {
    using messages = kay::messages<Roar, Sleep>;
    kay::vector<std::uint32_t> numbers;
    kay::string name;
    kay::map<std::uint32_t, kay::string> known;
    kay::optional<kay::vector<float>> maybe;
    bool is_awake = true;
    kay::id<Beast> friend_of;
    kay::constant<Table> table;
    kay::constant<Other> other;
    kay::external<int> cache;
    kay::random_stream chance;
    std::uint64_t sum = 0;

    void on(const Roar& m, kay::world& w) {
        for (const std::uint32_t n : numbers) sum += n;
        for (const char c : name) sum += static_cast<unsigned char>(c);
        for (const auto& [key, value] : known) sum += key + value.size();
        if (maybe)
            for (const float f : *maybe) sum += static_cast<std::uint64_t>(f > 0);
        for (const std::uint16_t h : m.how) sum += h;
        if (table)
            for (const std::uint32_t n : w[table].numbers) sum += n;
        if (other) sum += w[other].number;
        if (!cache) cache.emplace(1);
        sum += static_cast<std::uint64_t>(*cache) + is_awake;
        numbers.push_back(m.loud);
        known[m.loud % 7] = "grown";
        name += "x";
        if (numbers.size() > 9) numbers.clear();
        const auto drawn = w.random()();
        if (drawn % 5 == 0) w.send(friend_of, Sleep{});
        if (drawn % 7 == 0) w.spawn<Beast>(kay::in_place{static_cast<std::uint32_t>(drawn % 2)});
        if (drawn % 11 == 0) w.die();
        if (drawn % 13 == 0) w.after(kay::turns{2}, friend_of, Roar{1, {2, 3}, table});
    }
    void on(const Sleep&, kay::world&) { is_awake = false; }
};

using Loud = kay::trait<Roar, Sleep>;

inline constexpr const char* file_name = "beasts.kay";

inline kay::actor_system make() {
    kay::actor_system system{{.places = 2, .seed = 4, .workers = 1}};
    system.add<Beast>();
    Table table;
    table.numbers = {4, 5, 6};
    const auto numbers = system.make_constant(std::move(table));
    const auto other = system.make_constant(Other{7});
    kay::id<Beast> last;
    for (std::uint32_t i = 0; i < 60; ++i) {
        Beast beast;
        beast.numbers.resize(i % 9, i);
        beast.name = std::string(i % 20, 'n');
        for (std::uint32_t k = 0; k < i % 4; ++k) beast.known[k] = std::string(k * 5, 'k');
        if (i % 3 == 0) beast.maybe = kay::vector<float>{1.0f, 2.0f};
        beast.friend_of = last;
        beast.table = numbers;
        if (i % 2) beast.other = other;
        last = system.spawn(kay::in_place{i % 2}, std::move(beast));
    }
    for (std::uint32_t turn = 0; turn < 4; ++turn) {
        system.send(kay::all<Beast>, Roar{turn, {1, 2}, numbers});
        const auto done = system.turn();
        KAY_ASSERT(done.has_value());
    }
    system.after(kay::turns{3}, last, Roar{9, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, numbers});
    system.every(kay::turns{2}, kay::all<Beast>, Sleep{});
    system.after(kay::turns{1}, kay::all<Loud>, Roar{3, {1}, numbers});
    return system;
}

/// Its snapshot "a", saved into an empty disk.
inline void save(kay::actor_system& system, kay::test::simulated_disk& disk) {
    auto file = kay::detail::world_on_disk::open(disk.open(), file_name, true);
    KAY_ASSERT(file.has_value());
    const auto saved = file->save(system, "a");
    KAY_ASSERT(saved.has_value());
}

/// What a file of it has in it.
inline kay::test::forged_file saved(kay::actor_system& system) {
    kay::test::simulated_disk disk;
    save(system, disk);
    auto file = kay::detail::page_file::open(disk.open(), false);
    KAY_ASSERT(file.has_value());
    return kay::test::forged_file::of(**file, "a");
}

/// As a file of anybody's.
inline kay::result<kay::actor_system> load_untrusted(kay::test::simulated_disk& disk) {
    auto file = kay::detail::world_on_disk::open(disk.open(), file_name, false);
    if (!file) return file.error();
    return file->load_untrusted<Beast>("a", {.workers = 1});
}

/// It goes on for some turns, until one fails.
inline void go_on(kay::actor_system& system) {
    for (std::uint32_t turn = 0; turn < 3; ++turn) {
        system.send(kay::all<Beast>, Roar{turn, {7}, {}});
        if (!system.turn()) break;
    }
    system.hash();
}

} // namespace menagerie
