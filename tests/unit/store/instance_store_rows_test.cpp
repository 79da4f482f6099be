// SPDX-License-Identifier: MIT
//
// The rows of an instance store: births, reveals and deaths, and moves between size classes.
#include "herd.hpp"

#include <kay/memory/block.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace instance_store_test {

// ---- birth, reveal, death

TEST(instance_store, births_are_walked_in_their_order_and_found_by_their_ids) {
    herd h;
    const auto ids = h.births(5000);
    EXPECT_EQ(h.walk(), count_to(5000));
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(h.find(ids[i]), i);
    EXPECT_EQ(h.store.count(), 5000u);
    EXPECT_EQ(h.store.hidden_count(), 0u);
}

TEST(instance_store, a_hidden_one_is_found_by_its_id_but_not_walked) {
    herd h;
    h.birth(1);
    const lease_entry hidden = h.birth(2, true);
    EXPECT_EQ(h.walk(), numbers{1});
    EXPECT_EQ(h.find(hidden), 2u);
    EXPECT_EQ(h.store.count(), 1u);
    EXPECT_EQ(h.store.hidden_count(), 1u);
}

TEST(instance_store, hidden_ones_are_walked_in_the_order_in_which_they_were_revealed) {
    herd h;
    std::vector<lease_entry> ids;
    for (std::uint64_t i = 0; i < 5; ++i) ids.push_back(h.birth(i, true));
    for (std::size_t i : {3, 0, 4, 1, 2}) h.store.reveal(ids[i]);
    EXPECT_EQ(h.walk(), (numbers{3, 0, 4, 1, 2}));
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(h.find(ids[i]), i);
    EXPECT_EQ(h.store.hidden_count(), 0u);
}

TEST(instance_store, a_visible_birth_goes_before_those_that_are_hidden) {
    herd h;
    const lease_entry first = h.birth(1, true), second = h.birth(2, true);
    h.birth(3);
    h.birth(4);
    EXPECT_EQ(h.walk(), (numbers{3, 4}));
    EXPECT_EQ(h.find(first), 1u);
    EXPECT_EQ(h.find(second), 2u);
    h.store.reveal(second);
    EXPECT_EQ(h.walk(), (numbers{3, 4, 2}));
    EXPECT_EQ(h.store.hidden_count(), 1u);
}

TEST(instance_store, the_last_one_fills_the_gap_that_a_death_leaves) {
    herd h;
    const auto ids = h.births(5);
    h.kill(ids[1].slot);
    EXPECT_EQ(h.walk(), (numbers{0, 4, 2, 3}));
    h.kill(ids[3].slot);
    EXPECT_EQ(h.walk(), (numbers{0, 4, 2}));
    for (std::size_t i : {0, 2, 4}) EXPECT_EQ(h.find(ids[i]), i);
    for (std::size_t i : {1, 3}) EXPECT_EQ(h.find(ids[i]), std::nullopt);
}

TEST(instance_store, a_death_among_the_visible_keeps_the_hidden_ones_hidden) {
    herd h;
    const auto ids = h.births(3);
    const lease_entry ten = h.birth(10, true), eleven = h.birth(11, true);
    h.kill(ids[0].slot);
    EXPECT_EQ(h.walk(), (numbers{2, 1}));
    EXPECT_EQ(h.find(ten), 10u);
    EXPECT_EQ(h.find(eleven), 11u);
    h.kill(ten.slot);
    EXPECT_EQ(h.walk(), (numbers{2, 1}));
    EXPECT_EQ(h.find(ten), std::nullopt);
    EXPECT_EQ(h.store.hidden_count(), 1u);
    h.store.reveal(eleven);
    EXPECT_EQ(h.walk(), (numbers{2, 1, 11}));
}

TEST(instance_store, deaths_at_random_among_many_chunks_leave_every_other_id_valid) {
    herd h(plain(1000));
    auto ids = h.births(1000);
    std::map<std::uint64_t, lease_entry> alive;
    for (std::size_t i = 0; i < ids.size(); ++i) alive[i] = ids[i];
    std::mt19937_64 random(1);
    while (!alive.empty()) {
        for (int i = 0; i < 50; ++i) {
            const auto it = std::next(alive.begin(), static_cast<long>(random() % alive.size()));
            h.kill(it->second.slot);
            EXPECT_EQ(h.find(it->second), std::nullopt);
            alive.erase(it);
        }
        for (const auto& [number, id] : alive) ASSERT_EQ(h.find(id), number);
        ASSERT_EQ(h.walk().size(), alive.size());
    }
}

std::multiset<std::uint64_t> released;

TEST(instance_store, what_lies_outside_of_a_block_is_released_once_by_death_or_by_the_stores_end) {
    released.clear();
    {
        herd h({32, false, [](std::byte* block) { released.insert(number_at(block, 32)); }});
        const auto ids = h.births(3000);
        const lease_entry hidden = h.birth(3000, true);
        h.birth(3001, true);
        h.kill(ids[7].slot);
        h.kill(hidden.slot);
        EXPECT_EQ(released, (std::multiset<std::uint64_t>{7, 3000}));
    }
    const numbers all = count_to(3002);
    EXPECT_EQ(released, std::multiset<std::uint64_t>(all.begin(), all.end()));
}

std::ptrdiff_t moved_by = 0;

TEST(instance_store, a_block_that_fills_a_gap_is_told_how_far_it_went) {
    block_traits traits = plain(32);
    traits.moved = [](std::byte* block, std::ptrdiff_t by) {
        EXPECT_EQ(number_at(block, 32), 2u);
        moved_by += by;
    };
    herd h(traits);
    const auto ids = h.births(3);
    h.kill(ids[0].slot);
    EXPECT_EQ(moved_by, -64);
    h.kill(ids[1].slot); // the last row: nothing moves
    EXPECT_EQ(moved_by, -64);
}

TEST(instance_store, whoever_died_hidden_is_not_revealed_nor_is_its_heir) {
    herd h;
    const auto first = h.birth(1, true);
    h.kill(first.slot);
    EXPECT_EQ(h.store.hidden_count(), 0u);
    h.store.reveal(first);
    EXPECT_EQ(h.store.count(), 0u);
    const auto heir = h.birth(2, true);
    ASSERT_EQ(heir.slot, first.slot);
    h.store.reveal(first);
    EXPECT_EQ(h.store.count(), 0u);
    EXPECT_EQ(h.store.hidden_count(), 1u);
    h.store.reveal(heir);
    EXPECT_EQ(h.store.count(), 1u);
}

TEST(instance_store, nobody_dies_or_is_revealed_twice) {
    herd h;
    const auto ids = h.births(2);
    EXPECT_DEATH(h.store.reveal(ids[0]), "assertion failed");
    h.kill(ids[0].slot);
    EXPECT_DEATH(h.store.destroy(ids[0].slot), "assertion failed");
}

// ---- size classes

TEST(instance_store, a_move_to_another_class_keeps_the_id_and_takes_a_second_block_meanwhile) {
    herd h(growing(64));
    const lease_entry id = h.birth(1, false, 64), other = h.birth(2, false, 64);
    std::byte* const old_block = h.store.block_of(id.slot);
    const std::size_t old_bytes = h.store.block_bytes(id.slot);
    std::byte* const block = h.store.begin_move(id.slot, 300);
    EXPECT_NE(block, old_block);
    EXPECT_EQ(h.store.block_of(id.slot), old_block);
    EXPECT_EQ(h.store.block_bytes(id.slot), old_bytes);
    put_number(block, 300, 1);
    h.store.finish_move(id.slot);
    h.store.close_gaps();
    EXPECT_EQ(h.store.block_of(id.slot), block);
    EXPECT_GE(h.store.block_bytes(id.slot), 300u);
    put_number(block, h.store.block_bytes(id.slot), 1);
    EXPECT_EQ(h.find(id), 1u);
    EXPECT_EQ(h.find(other), 2u);
    EXPECT_EQ(h.store.count(), 2u);
}

TEST(instance_store, a_move_into_its_own_class_is_refused) {
    herd h(growing(64));
    const lease_entry id = h.birth(1, false, 64);
    EXPECT_DEATH(h.store.begin_move(id.slot, 50), "assertion failed");
}

TEST(instance_store, a_walk_goes_class_by_class_in_the_order_of_their_first_use) {
    herd h(growing(64));
    std::vector<lease_entry> ids;
    for (std::uint64_t i = 0; i < 6; ++i) ids.push_back(h.birth(i, false, 64));
    h.change_class(ids[4].slot, 1000);
    h.change_class(ids[1].slot, 300);
    EXPECT_EQ(h.walk(), (numbers{0, 5, 2, 3, 4, 1}));
    h.birth(6, false, 300);
    h.birth(7, false, 1000);
    EXPECT_EQ(h.walk(), (numbers{0, 5, 2, 3, 4, 7, 1, 6}));
    h.change_class(ids[4].slot, 64);
    EXPECT_EQ(h.walk(), (numbers{0, 5, 2, 3, 4, 7, 1, 6}));
    EXPECT_EQ(h.store.block_bytes(ids[4].slot), 64u);
    EXPECT_EQ(h.store.runs().size(), 3u);
}

TEST(instance_store, a_move_beside_hidden_ones_leaves_them_hidden) {
    herd h(growing(64));
    const lease_entry id = h.birth(1, false, 64);
    const lease_entry hidden_small = h.birth(2, true, 64), hidden_large = h.birth(3, true, 500);
    h.change_class(id.slot, 500);
    EXPECT_EQ(h.walk(), numbers{1});
    EXPECT_EQ(h.find(hidden_small), 2u);
    EXPECT_EQ(h.find(hidden_large), 3u);
    EXPECT_EQ(h.store.hidden_count(), 2u);
    h.store.reveal(hidden_large);
    h.store.reveal(hidden_small);
    EXPECT_EQ(h.walk(), (numbers{2, 1, 3}));
}

TEST(instance_store, blocks_larger_than_a_chunk_live_side_by_side) {
    herd h(growing(64));
    std::vector<lease_entry> ids;
    for (std::uint64_t i = 0; i < 5; ++i) ids.push_back(h.birth(i, false, 3 * chunk_bytes - 100));
    for (const lease_entry& id : ids) {
        EXPECT_GE(h.store.block_bytes(id.slot), 3 * chunk_bytes - 100);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(h.store.block_of(id.slot)) % chunk_bytes, 0u);
    }
    h.kill(ids[0].slot);
    h.kill(ids[3].slot);
    EXPECT_EQ(h.walk(), (numbers{4, 1, 2}));
    h.change_class(ids[1].slot, 64);
    EXPECT_EQ(h.walk(), (numbers{1, 4, 2}));
    for (std::size_t i : {1, 2, 4}) h.kill(ids[i].slot);
    EXPECT_EQ(h.pool.bytes_in_use(), chunk_bytes); // the page of slots
}

/// An actor whose block grows and shrinks with what it has seen.
struct Wanderer {
    std::uint64_t name = 0;
    kay::vector<std::uint64_t> seen;
};

constexpr block_traits wanderers{sizeof(Wanderer), true, [](std::byte* block) {
                                     kay::detail::release(*reinterpret_cast<Wanderer*>(block));
                                 }};

/// What happens after a handler: the instance goes into a block that fits.
void settle(herd& h, std::uint32_t slot) {
    std::byte* block = h.store.block_of(slot);
    Wanderer& w = *reinterpret_cast<Wanderer*>(block);
    const std::size_t wanted = kay::detail::wanted_bytes(w);
    const std::size_t fitting = kay::detail::size_class_bytes(kay::detail::size_class_of(wanted));
    if (fitting != h.store.block_bytes(slot)) {
        std::byte* fresh = h.store.begin_move(slot, wanted);
        kay::detail::pack_move(w, fresh, fitting);
        h.store.finish_move(slot);
        h.store.close_gaps();
    } else if (kay::detail::is_spilled(w)) {
        std::vector<std::max_align_t> copy(fitting / sizeof(std::max_align_t) + 1);
        kay::detail::pack_move(w, reinterpret_cast<std::byte*>(copy.data()), fitting);
        std::memcpy(block, copy.data(), fitting);
    }
}

TEST(instance_store, actors_with_containers_keep_their_content_while_they_grow_and_shrink) {
    herd h(wanderers);
    std::map<std::uint32_t, numbers> expected; // by slot
    for (std::uint64_t i = 0; i < 60; ++i) {
        const lease_entry id = h.store.take_slot();
        ::new (static_cast<void*>(h.store.create(id, sizeof(Wanderer), false))) Wanderer{i, {}};
        expected[id.slot];
    }
    std::mt19937_64 random(7);
    std::set<std::size_t> sizes_seen;
    for (int round = 0; round < 2000; ++round) {
        const auto it = std::next(expected.begin(), static_cast<long>(random() % expected.size()));
        auto& [slot, model] = *it;
        Wanderer& w = *reinterpret_cast<Wanderer*>(h.store.block_of(slot));
        const std::size_t target = random() % 5 ? random() % 40 : random() % 12000;
        while (w.seen.size() > target) w.seen.pop_back();
        while (w.seen.size() < target) w.seen.push_back(random());
        model.assign(w.seen.begin(), w.seen.end());
        settle(h, slot);
        sizes_seen.insert(h.store.block_bytes(slot));
        for (const auto& [other, content] : expected) {
            const Wanderer& o = *reinterpret_cast<const Wanderer*>(h.store.block_of(other));
            ASSERT_TRUE(std::equal(o.seen.begin(), o.seen.end(), content.begin(), content.end()));
            ASSERT_EQ(o.name, other);
        }
        ASSERT_EQ(h.store.count(), 60u);
    }
    EXPECT_GT(sizes_seen.size(), 30u);
    for (auto& [slot, model] : expected) {
        reinterpret_cast<Wanderer*>(h.store.block_of(slot))->seen.clear();
        settle(h, slot);
    }
    EXPECT_EQ(h.pool.bytes_in_use(), 3 * chunk_bytes) << "a chunk of blocks, its rows, its slots";
}

} // namespace instance_store_test
