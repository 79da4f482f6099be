// SPDX-License-Identifier: MIT
//
// The chunks and slot pages of an instance store: which are on the dirty list, what happens when
// slots or memory run out, and what is given back.
#include "epochs.hpp"
#include "herd.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace instance_store_test {

using store_epochs::marked;
using store_epochs::next_epoch;
using store_epochs::part;
using store_epochs::parts;

// ---- epochs

/// The chunks and slot pages that were changed by f in an epoch of its own.
template <class F>
parts dirtied(herd& h, F&& f) {
    next_epoch(h.store, h.epoch, h.numbers_in_use, h.pool);
    f();
    parts all = marked(h.store);
    std::erase_if(all, [](const auto& p) { return p.first == part::rows; });
    return all;
}

TEST(instance_store, a_first_birth_marks_its_chunk_its_rows_and_its_slot_page) {
    herd h;
    EXPECT_TRUE(marked(h.store).empty());
    h.births(1000);
    EXPECT_EQ(marked(h.store), (parts{{part::chunk, 0}, {part::rows, 0}, {part::slots, 0}}));
    next_epoch(h.store, h.epoch, h.numbers_in_use, h.pool);
    EXPECT_TRUE(marked(h.store).empty());
}

TEST(instance_store, what_is_written_is_dirty_once_in_each_epoch) {
    herd h;
    const auto ids = h.births(5000); // three chunks
    const std::uint32_t chunk = h.store.chunk_of(ids[2500].slot);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(dirtied(h,
                          [&] {
                              for (int k = 0; k < 10; ++k) h.store.mark_dirty(chunk);
                          }),
                  (parts{{part::chunk, chunk}}));
}

TEST(instance_store, looking_makes_nothing_dirty) {
    herd h;
    const auto ids = h.births(3000);
    h.birth(1, true);
    EXPECT_TRUE(dirtied(h, [&] {
                    for (const lease_entry& id : ids) {
                        h.find(id);
                        h.fate_of(id);
                        h.store.lookup().entry(id.slot);
                    }
                    h.walk();
                    h.store.hash_slots(1);
                    h.store.bytes();
                }).empty());
}

TEST(instance_store, a_death_makes_dirty_the_chunk_whose_gap_is_filled) {
    herd h;
    const auto ids = h.births(5000);
    const std::uint32_t first = h.store.chunk_of(ids[0].slot);
    const auto changed = dirtied(h, [&] { h.kill(ids[0].slot); });
    EXPECT_TRUE(changed.count({part::chunk, first}));
    EXPECT_TRUE(changed.count({part::slots, 0}));
    EXPECT_EQ(h.store.chunk_of(ids[4999].slot), first);
}

TEST(instance_store, a_reveal_makes_dirty_both_chunks_of_the_swap) {
    herd h;
    const lease_entry hidden = h.birth(0, true);
    for (int i = 1; i < 2048; ++i) h.birth(1, true);
    const lease_entry last = h.birth(9, true);
    const std::uint32_t first = h.store.chunk_of(hidden.slot), second = h.store.chunk_of(last.slot);
    ASSERT_NE(first, second);
    EXPECT_EQ(dirtied(h, [&] { h.store.reveal(last); }),
              (parts{{part::chunk, first}, {part::chunk, second}, {part::slots, 0}}));
}

TEST(instance_store, a_slot_far_away_makes_its_own_page_dirty) {
    herd h;
    h.births(1);
    const lease_entry far{5 * page_slots + 3, 1};
    const auto changed = dirtied(h, [&] { h.build(far, 1); });
    EXPECT_TRUE(changed.count({part::slots, 5}));
    EXPECT_FALSE(changed.count({part::slots, 0}));
    EXPECT_EQ(dirtied(h, [&] { h.store.take_slot(); }), (parts{{part::slots, 0}}));
}

TEST(instance_store, a_chunk_that_comes_back_in_a_later_epoch_is_dirty_again) {
    herd h;
    h.kill(h.birth(1).slot);
    EXPECT_EQ(h.store.runs()[0].chunks.size(), 0u);
    EXPECT_TRUE(dirtied(h, [&] { h.birth(2); }).count({part::chunk, 0}));
}

// ---- when slots or memory run out

TEST(instance_store, slots_that_run_out_are_a_clear_error_and_nothing_is_lost) {
    herd h(plain(32), 100);
    const auto ids = h.births(100);
    const std::uint64_t hash = h.store.hash_slots(0);
    for (int i = 0; i < 3; ++i) EXPECT_THROW(h.store.take_slot(), slots_exhausted);
    EXPECT_EQ(h.store.hash_slots(0), hash);
    EXPECT_EQ(h.walk(), count_to(100));
    for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(h.find(ids[i]), i);
    h.kill(ids[40].slot);
    const lease_entry next = h.birth(1000);
    EXPECT_EQ(next.slot, ids[40].slot);
    EXPECT_THROW(h.store.take_slot(), slots_exhausted);
}

TEST(instance_store, births_until_memory_runs_out_lose_nothing) {
    herd h(plain(4096), slot_max + 1, slab_bytes);
    std::vector<lease_entry> ids;
    std::optional<lease_entry> left_over;
    std::uint64_t hash = 0;
    try {
        for (;;) {
            left_over = h.store.take_slot();
            hash = h.store.hash_slots(0);
            h.build(*left_over, ids.size(), false, 4096);
            ids.push_back(*left_over);
        }
    } catch (const out_of_memory& e) {
        EXPECT_EQ(e.bytes_max, slab_bytes);
    }
    EXPECT_EQ(ids.size(), 30u * 16); // a slab has 32 chunks, of which slots and rows have one each
    EXPECT_EQ(h.store.hash_slots(0), hash);
    EXPECT_EQ(h.walk(), count_to(ids.size()));
    EXPECT_EQ(h.fate_of(*left_over), fate::not_yet_born);
    h.kill(ids[100].slot);
    h.build(*left_over, 7777, false, 4096);
    EXPECT_EQ(h.find(*left_over), 7777u);
    ids[100] = ids[99];
    for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(h.find(ids[i]), i == 100 ? 99 : i);
}

TEST(instance_store, a_slot_without_memory_for_its_page_is_not_taken) {
    herd h(plain(32), slot_max + 1, slab_bytes);
    const auto all = h.hoard();
    EXPECT_THROW(h.store.take_slot(), out_of_memory);
    h.give_back_hoard(all);
    EXPECT_EQ(h.birth(1).slot, 0u);
}

TEST(instance_store, a_move_without_memory_changes_nothing_and_succeeds_later) {
    herd h(growing(64), slot_max + 1, slab_bytes);
    const lease_entry id = h.birth(1, false, 64), big = h.birth(2, false, 40'000);
    h.birth(3, false, 64);
    const auto all = h.hoard();
    const std::uint64_t hash = h.store.hash_slots(0);
    EXPECT_THROW(h.store.begin_move(id.slot, 40'000), out_of_memory);
    EXPECT_EQ(h.store.hash_slots(0), hash);
    EXPECT_EQ(h.walk(), (numbers{1, 3, 2}));
    EXPECT_EQ(h.find(id), 1u);
    EXPECT_EQ(h.find(big), 2u);
    h.give_back_hoard(all);
    h.change_class(id.slot, 40'000);
    EXPECT_EQ(h.walk(), (numbers{3, 2, 1}));
}

/// A world's hash and the order of its walks depend on the classes that there are.
TEST(instance_store, a_birth_or_move_without_memory_leaves_no_new_size_class) {
    herd h(growing(64), slot_max + 1, slab_bytes);
    const lease_entry id = h.birth(1, false, 64);
    const lease_entry unborn = h.store.take_slot();
    const auto all = h.hoard();
    EXPECT_THROW(h.store.create(unborn, 5000, false), out_of_memory);
    EXPECT_EQ(h.store.runs().size(), 1u);
    EXPECT_THROW(h.store.begin_move(id.slot, 9000), out_of_memory);
    EXPECT_EQ(h.store.runs().size(), 1u);
    h.give_back_hoard(all);
}

TEST(instance_store, a_birth_without_memory_for_its_block_leaves_no_new_slot_page) {
    herd h(plain(32), own_slots_of(2), slab_bytes);
    auto all = h.hoard();
    h.pool.give(all.back()); // enough for a page of slots, too little for a chunk of blocks
    all.pop_back();
    const std::uint64_t hash = h.store.hash_slots(0);
    EXPECT_THROW(h.store.create({striped_slot(1, 2, 0), 1}, 32, false), out_of_memory);
    EXPECT_EQ(h.store.hash_slots(0), hash);
    EXPECT_LT(h.store.bytes(), chunk_bytes);
    h.give_back_hoard(all);
}

// ---- memory given back

TEST(instance_store, a_new_store_holds_nothing) {
    const herd h;
    EXPECT_EQ(h.store.bytes(), 0u);
    EXPECT_EQ(h.pool.bytes_reserved(), 0u);
}

TEST(instance_store, a_store_that_became_empty_holds_only_its_slot_pages) {
    herd h(growing(64));
    std::vector<lease_entry> ids;
    for (std::size_t i = 0; i < 10'000; ++i)
        ids.push_back(h.birth(i, i % 5 == 0, std::size_t{64} << i % 6));
    for (const lease_entry& id : ids) h.kill(id.slot);
    EXPECT_EQ(h.pool.bytes_in_use(), 2 * chunk_bytes);
    EXPECT_LT(h.store.bytes(), 3 * chunk_bytes);
}

TEST(instance_store, a_stores_end_gives_everything_back) {
    chunk_pool pool;
    kay::detail::page_epoch epoch;
    {
        instance_store store(growing(64), pool, epoch);
        for (std::size_t i = 0; i < 1000; ++i)
            store.create(store.take_slot(), std::size_t{64} << i % 12, i % 3 == 0);
        store.create({slot_max, 1}, 64, false);
        EXPECT_GT(pool.bytes_in_use(), 0u);
    }
    EXPECT_EQ(pool.bytes_in_use(), 0u);
}

TEST(instance_store, births_and_deaths_at_the_edge_of_a_chunk_take_and_give_none) {
    herd h;
    h.births(2 * 2048 + 1);
    const std::size_t bytes = h.pool.bytes_in_use();
    for (int i = 0; i < 10; ++i) {
        h.kill(h.store.slot_at(h.store.runs()[0].chunks[0], 0));
        EXPECT_EQ(h.pool.bytes_in_use(), bytes);
        h.birth(1);
        EXPECT_EQ(h.pool.bytes_in_use(), bytes);
    }
}

struct footprint {
    std::size_t store = 0;    ///< what the store says
    std::size_t chunks = 0;   ///< what it has of the pool
    std::size_t reserved = 0; ///< all that both have of the operating system, after trims
};

footprint measure(herd& h) {
    h.store.trim();
    h.pool.trim(); // what was needed until now stays for a while
    h.pool.trim();
    const std::size_t store = h.store.bytes(), chunks = h.pool.bytes_in_use();
    EXPECT_GE(store, chunks);
    return {store, chunks, h.pool.bytes_reserved() + store - chunks};
}

/// Percent that is left when nine tenths of `count` instances have died at random.
footprint percent_left_of(std::uint32_t block, std::size_t count) {
    herd h(plain(block));
    std::vector<std::uint32_t> slots;
    for (std::size_t i = 0; i < count; ++i) {
        const lease_entry id = h.store.take_slot();
        h.store.create(id, block, false);
        slots.push_back(id.slot);
    }
    const footprint peak = measure(h);
    std::mt19937_64 random(3);
    while (slots.size() > count / 10) {
        std::swap(slots[random() % slots.size()], slots.back());
        h.kill(slots.back());
        slots.pop_back();
    }
    const footprint now = measure(h);
    return {now.store * 100 / peak.store, now.chunks * 100 / peak.chunks,
            now.reserved * 100 / peak.reserved};
}

TEST(instance_store, a_tenth_of_many_32_byte_actors_holds_at_most_thirty_percent) {
    const footprint left = percent_left_of(32, 1'000'000);
    EXPECT_LE(left.store, 30u);
    EXPECT_LE(left.chunks, 30u);
}

TEST(instance_store, a_tenth_of_many_128_byte_actors_holds_at_most_twenty_percent) {
    const footprint left = percent_left_of(128, 1'000'000);
    EXPECT_LE(left.store, 20u);
    EXPECT_LE(left.chunks, 20u);
}

/// The heap keeps what it is given back, so that little may come from there.
TEST(instance_store, a_large_store_has_next_to_nothing_on_the_heap) {
    for (std::uint32_t block : {16u, 32u, 48u, 4096u}) {
        herd h(plain(block));
        for (std::size_t i = 0; i < 40u * chunk_bytes / block; ++i)
            h.store.create(h.store.take_slot(), block, i % 3 == 0);
        EXPECT_LT(h.store.bytes() - h.pool.bytes_in_use(), 2 * chunk_bytes) << block;
        EXPECT_LE(h.pool.bytes_in_use(), 70 * chunk_bytes) << block;
    }
}

/// The same as above: nothing is kept but the rest of two huge pages, of slots and of blocks.
TEST(instance_store, what_nine_tenths_of_many_actors_leave_goes_back_to_the_system) {
    EXPECT_LE(percent_left_of(32, 1'000'000).reserved, 30u);
    EXPECT_LE(percent_left_of(128, 1'000'000).reserved, 20u);
}

} // namespace instance_store_test
