// SPDX-License-Identifier: MIT
#include "../../../src/persist/saved_view.hpp"

#include "../../../src/persist/value_text.hpp"
#include "forged_file.hpp"
#include "saved_world.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace kay::detail;
using saved_world::Blade;
using saved_world::Sheep;

class view : public ::testing::Test {
protected:
    view() : system_(saved_world::make()) { file_.save(system_, "a"); }

    saved_view open(const std::string& name = "a") {
        pages_ = file_.open();
        auto opened = saved_view::open(*pages_, pages_->find(name));
        EXPECT_TRUE(opened) << opened.error().text;
        return std::move(*opened);
    }

    kay::actor_system system_;
    saved_world::file file_;
    std::unique_ptr<page_file> pages_;
};

template <class A>
std::map<std::uint64_t, std::uint32_t> numbers_of(kay::actor_system& system) {
    std::map<std::uint64_t, std::uint32_t> all;
    system.each<A>([&](kay::id<A> id, const A& actor) { all[id.bits] = actor.number; });
    return all;
}

TEST_F(view, finds_the_instances_that_the_system_has) {
    auto opened = open();
    for (const auto& [name, expected] :
         {std::pair{"saved_world::Sheep", numbers_of<Sheep>(system_)},
          std::pair{"saved_world::Blade", numbers_of<Blade>(system_)}}) {
        const auto type = opened.find_type(name);
        ASSERT_TRUE(type);
        std::map<std::uint64_t, std::uint32_t> found;
        const auto seen = opened.each(*type, [&](const saved_view::instance& i) {
            std::uint32_t number;
            std::memcpy(&number, i.block.data(), sizeof number);
            EXPECT_TRUE(found.emplace(i.id.bits, number).second);
            return true;
        });
        ASSERT_TRUE(seen) << seen.error().text;
        EXPECT_EQ(found, expected);
        EXPECT_EQ(opened.manifest().count(*type), expected.size());
    }
    const auto nobody = opened.each(*opened.find_type("saved_world::Wolf"), [](const auto&) {
        ADD_FAILURE();
        return true;
    });
    EXPECT_TRUE(nobody);
    EXPECT_FALSE(opened.find_type("Sheep"));
}

TEST_F(view, shows_what_containers_hold_in_blocks_of_all_sizes) {
    auto opened = open();
    const std::uint32_t type = *opened.find_type("saved_world::Sheep");
    std::size_t seen = 0;
    const auto walked = opened.each(type, [&](const saved_view::instance& i) {
        const Sheep* const sheep = system_.find(kay::id<Sheep>(i.id));
        EXPECT_TRUE(sheep);
        if (!sheep) return false;
        std::string text =
            "{number=" + std::to_string(sheep->number) +
            " where={x=" + std::to_string(sheep->number) + " y=0.5} mother=" +
            (sheep->mother ? "saved_world::Sheep@" + kay::to_string(sheep->mother.raw()) : "null") +
            " name=\"sheep " + std::to_string(sheep->number) + "\" eaten=[";
        for (std::size_t k = 0; k < sheep->eaten.size(); ++k)
            text += (k ? ", " : "") + std::to_string(sheep->eaten[k]);
        std::string shown;
        add_text(shown, opened.types(), opened.layout_of(type), i.block.data());
        EXPECT_EQ(shown, text + "]}");
        ++seen;
        return true;
    });
    ASSERT_TRUE(walked) << walked.error().text;
    EXPECT_EQ(seen, system_.count<Sheep>());
}

TEST_F(view, an_id_finds_its_instance_and_a_dead_one_nobody) {
    auto opened = open();
    const std::uint32_t type = *opened.find_type("saved_world::Sheep");
    std::size_t found = 0;
    system_.each<Sheep>([&](kay::id<Sheep> id, const Sheep& sheep) {
        const auto i = opened.find(type, id.raw());
        ASSERT_TRUE(i && *i);
        std::uint32_t number;
        std::memcpy(&number, (*i)->block.data(), sizeof number);
        EXPECT_EQ(number, sheep.number);
        const kay::raw_id next(id.place(), id.generation() + 1, id.slot());
        const auto later = opened.find(type, next);
        ASSERT_TRUE(later);
        EXPECT_FALSE(*later);
        ++found;
    });
    EXPECT_EQ(found, system_.count<Sheep>());
    for (const kay::raw_id nobody : {kay::raw_id(9, 1, 1), kay::raw_id(1, 1, 60'000'000)}) {
        const auto none = opened.find(type, nobody);
        ASSERT_TRUE(none);
        EXPECT_FALSE(*none);
    }
}

TEST_F(view, an_end_of_the_walk_is_heeded) {
    auto opened = open();
    int seen = 0;
    ASSERT_TRUE(opened.each(*opened.find_type("saved_world::Blade"),
                            [&](const auto&) { return ++seen < 5; }));
    EXPECT_EQ(seen, 5);
}

TEST_F(view, a_damaged_page_is_named) {
    auto opened = open();
    const std::uint32_t type = *opened.find_type("saved_world::Blade");
    const std::uint32_t page = opened.manifest().places[2].stores[type]->runs[0].pages[0];
    const long at = static_cast<long>(opened.page(page).extent) * 65536 + 40;
    std::FILE* const raw = std::fopen(file_.path().c_str(), "r+b");
    ASSERT_TRUE(raw);
    std::fseek(raw, at, SEEK_SET);
    const int byte = std::fgetc(raw);
    std::fseek(raw, at, SEEK_SET);
    std::fputc(byte ^ 1, raw);
    std::fclose(raw);
    std::size_t places = 0;
    const auto walked = opened.each(type, [&](const saved_view::instance& i) {
        places = std::max<std::size_t>(places, i.id.place() + 1);
        return true;
    });
    ASSERT_FALSE(walked);
    EXPECT_EQ(places, 2u);
    EXPECT_NE(walked.error().text.find("page " + std::to_string(page) + " "), std::string::npos)
        << walked.error().text;
}

/// Pages that lie about slots and rows, with hashes that are right.
TEST_F(view, slots_and_rows_that_do_not_belong_together_are_refused) {
    auto opened = open();
    const std::uint32_t type = *opened.find_type("saved_world::Blade");
    const world_manifest::store& store = *opened.manifest().places[1].stores[type];
    const std::uint32_t first = store.slot_pages[0];
    const auto right = opened.read(std::span(&first, 1));
    ASSERT_TRUE(right);
    const std::vector<std::byte> page(right->begin(), right->end());
    const auto with_entry = [&](std::size_t slot, slot_entry entry) {
        std::vector<std::byte> changed = page;
        std::memcpy(changed.data() + slot * sizeof entry, &entry, sizeof entry);
        return store_index::make(store, [&](std::uint32_t) {
            return kay::result<std::span<const std::byte>>(std::span<const std::byte>(changed));
        });
    };
    std::size_t live = 0, dead = 0;
    const auto entry_at = [&](std::size_t slot) {
        slot_entry entry;
        std::memcpy(static_cast<void*>(&entry), page.data() + slot * sizeof entry, sizeof entry);
        return entry;
    };
    while (entry_at(live).state() != slot_state::live) ++live;
    while (entry_at(dead).state() != slot_state::free) ++dead;
    const slot_entry alive = entry_at(live);
    EXPECT_TRUE(with_entry(live, alive));
    EXPECT_FALSE(with_entry(live, {alive.handle + 1, alive.meta}));
    EXPECT_FALSE(with_entry(live, {alive.handle ^ (1u << 20), alive.meta}));
    EXPECT_FALSE(with_entry(live, {alive.handle, live_meta(0)}));
    EXPECT_FALSE(with_entry(live, {alive.handle, live_meta(kay::generation_max + 1)}));
    EXPECT_FALSE(with_entry(live, {}));
    EXPECT_FALSE(with_entry(dead, alive)); // two for one row
}

/// Reads all that a command reads; true: nothing was refused.
bool is_read(saved_view& opened) {
    for (std::uint32_t t = 0; t < opened.manifest().head.types.size(); ++t) {
        std::string text;
        const auto walked = opened.each(t, [&](const saved_view::instance& i) {
            text.clear();
            add_text(text, opened.types(), opened.layout_of(t), i.block.data());
            add_json(text, opened.types(), opened.layout_of(t), i.block.data());
            add_tree(text, opened.types(), opened.layout_of(t), i.block.data(), 0);
            return true;
        });
        if (!walked) return false;
    }
    return true;
}

/// A file of somebody who knows how to make one: what is wrong in it has the right hashes.
class forged : public ::testing::Test {
protected:
    /// One sheep and one blade in one place.
    forged() {
        kay::actor_system system{{.places = 1, .seed = 3, .workers = 1}};
        system.add<Sheep, Blade>();
        Sheep sheep;
        sheep.number = 7;
        sheep.name = "a sheep whose name is long";
        const auto id = system.spawn(std::move(sheep));
        system.send(id, saved_world::Eat{9});
        system.spawn(Blade{3, true});
        EXPECT_TRUE(system.turn());
        file_.save(system, "a");
        auto pages = file_.open();
        what_ = kay::test::forged_file::of(*pages, "a");
    }

    /// A file with it, opened as one of anybody's; true: all of it was read.
    bool is_read() {
        kay::test::simulated_disk disk;
        what_.write(disk);
        auto file = page_file::open(disk.open(), false);
        EXPECT_TRUE(file);
        auto opened = saved_view::open(**file, (*file)->find("a"));
        problem_ = opened ? "" : opened.error().text;
        return opened && ::is_read(*opened);
    }

    saved_world::file file_;
    kay::test::forged_file what_;
    std::string problem_; ///< why it was not opened
};

TEST_F(forged, every_flipped_bit_of_manifest_and_schema_is_refused_or_read) {
    EXPECT_TRUE(is_read());
    int refused = 0;
    for (std::vector<std::byte>* bytes : {&what_.manifest, &what_.schema})
        for (std::size_t bit = 0; bit < bytes->size() * 8; bit += 7) {
            (*bytes)[bit / 8] ^= std::byte{1} << bit % 8;
            refused += !is_read();
            (*bytes)[bit / 8] ^= std::byte{1} << bit % 8;
        }
    EXPECT_GT(refused, 100);
}

TEST_F(forged, every_flipped_bit_of_actors_and_slots_is_refused_or_read) {
    int refused = 0, flipped = 0;
    for (std::vector<std::byte>& page : what_.pages)
        for (std::size_t at = 0; at < 320; at += 4) {
            for (const unsigned bit : {0u, 5u, 7u}) {
                page[at] ^= std::byte{1} << bit;
                refused += !is_read();
                page[at] ^= std::byte{1} << bit;
                ++flipped;
            }
        }
    EXPECT_GT(refused, 100);
    EXPECT_LT(refused, flipped);
}

TEST_F(forged, pages_that_share_a_place_in_the_file_are_refused) {
    ASSERT_GE(what_.pages.size(), 2u);
    what_.has_shared_pages = true;
    EXPECT_FALSE(is_read());
    EXPECT_EQ(problem_, "two pages of the world lie in the same place");
}

/// Each type has two containers of the one before: walking through them would have no end.
TEST_F(forged, types_of_endless_parts_are_refused) {
    byte_reader from(what_.schema);
    const auto read = schema::read(from);
    ASSERT_TRUE(read);
    const std::uint64_t layout = (*read)[*read->find("saved_world::Blade")].layout_hash;
    byte_writer to;
    constexpr std::uint32_t deep = 40;
    to.number(deep + 3);
    const auto begin = [&](value_kind kind, const std::string& name, std::uint32_t size,
                           std::uint64_t hash) {
        to.number(static_cast<std::uint8_t>(kind));
        to.text(name);
        to.number(size);
        to.number(8u);
        to.number(hash);
        to.number(std::uint64_t{0});
    };
    begin(value_kind::unsigned_number, "u8", 8, 1);
    to.number(0u);
    to.number(0u);
    std::uint32_t number = 1;
    const auto add = [&](const std::string& name, std::uint64_t hash) {
        begin(value_kind::vector, "vector<" + name + ">", 16, 2); // of the last one
        to.number(0u);
        to.number(1u);
        to.number(number - 1);
        ++number;
        begin(value_kind::structure, name, 32, hash);
        to.number(2u);
        for (const std::uint32_t field : {0u, 1u}) {
            to.text(field ? "b" : "a");
            to.number(field * 16);
            to.number(number - 1);
        }
        to.number(0u);
        ++number;
    };
    for (std::uint32_t i = 0; i < deep / 2; ++i) add("T" + std::to_string(i), 3);
    add("saved_world::Blade", layout);
    what_.schema = to.take();
    EXPECT_FALSE(is_read());
    EXPECT_EQ(problem_, "saved_world::Blade: has more parts than an actor can have");
}

} // namespace
