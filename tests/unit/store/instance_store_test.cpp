// SPDX-License-Identifier: MIT
//
// The instance store by hand: births and deaths, ids and their generations, the dirty list, size
// classes, slots for other places, and what happens when slots or memory run out. Every block has
// its number at both ends, so that a block that was moved badly or only in part is seen.
#include <kay/store/instance_store.hpp>

#include <kay/memory/block.hpp>
#include <kay/memory/vector.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace instance_store_test {

using kay::chunk_bytes;
using kay::chunk_pool;
using kay::generation_max;
using kay::out_of_memory;
using kay::slot_max;
using kay::detail::block_traits;
using kay::detail::dirty_entry;
using kay::detail::instance_store;
using kay::detail::lease_entry;
using kay::detail::own_slots_of;
using kay::detail::slots_exhausted;
using kay::detail::striped_slot;
using fate = instance_store::fate;
using dirty_set = std::set<std::pair<bool, std::uint32_t>>; // of slot pages (true) and chunks
using numbers = std::vector<std::uint64_t>;

constexpr std::size_t slab_bytes = 32 * chunk_bytes;
constexpr std::uint32_t page_slots = 1u << instance_store::page_log2;

constexpr block_traits plain(std::uint32_t bytes) { return {bytes, false, nullptr}; }
constexpr block_traits growing(std::uint32_t bytes) { return {bytes, true, nullptr}; }

void put_number(std::byte* block, std::size_t bytes, std::uint64_t number) {
    std::memcpy(block, &number, 8);
    std::memcpy(block + bytes - 8, &number, 8);
}

std::uint64_t number_at(const std::byte* block, std::size_t bytes) {
    std::uint64_t first, last;
    std::memcpy(&first, block, 8);
    std::memcpy(&last, block + bytes - 8, 8);
    EXPECT_EQ(first, last) << "a block is torn";
    return first;
}

/// A store with the pool and the epoch that it needs.
struct herd {
    std::uint32_t epoch = 1;
    chunk_pool pool;
    instance_store store;

    explicit herd(block_traits traits = plain(32), std::uint32_t own_slots = slot_max + 1,
                  std::size_t pool_bytes_max = 0)
        : pool(pool_bytes_max), store(traits, pool, epoch, own_slots) {}

    void build(lease_entry id, std::uint64_t number, bool hidden = false, std::size_t bytes = 32) {
        std::byte* block = store.create(id, bytes, hidden);
        put_number(block, store.block_bytes(id.slot), number);
    }
    void kill(std::uint32_t slot) {
        store.destroy(slot);
        store.close_gaps();
    }
    lease_entry birth(std::uint64_t number, bool hidden = false, std::size_t bytes = 32) {
        const lease_entry id = store.take_slot();
        build(id, number, hidden, bytes);
        return id;
    }
    std::vector<lease_entry> births(std::size_t count) {
        std::vector<lease_entry> ids;
        for (std::size_t i = 0; i < count; ++i) ids.push_back(birth(i));
        return ids;
    }
    void change_class(std::uint32_t slot, std::size_t bytes) {
        const std::uint64_t number = number_at(store.block_of(slot), store.block_bytes(slot));
        store.begin_move(slot, bytes);
        store.finish_move(slot);
        store.close_gaps();
        put_number(store.block_of(slot), store.block_bytes(slot), number);
    }

    std::optional<std::uint64_t> find(lease_entry id) const {
        const auto [block, chunk, unused] = store.find(id.slot, id.generation);
        if (!block) return std::nullopt;
        EXPECT_EQ(block, store.block_of(id.slot));
        EXPECT_EQ(chunk, store.chunk_of(id.slot));
        return number_at(block, store.block_bytes(id.slot));
    }
    fate fate_of(lease_entry id) const { return store.fate_of(id.slot, id.generation); }

    /// The numbers of all visible ones in the order of a broadcast.
    numbers walk() const {
        numbers met;
        for (const instance_store::run& r : store.runs())
            for (std::uint32_t row = 0; row < r.visible; ++row) {
                const std::uint32_t chunk = r.chunks[row / r.rows_per_chunk];
                const std::size_t offset = std::size_t{row % r.rows_per_chunk} * r.stride;
                const std::byte* block = store.chunk_base(chunk) + offset;
                EXPECT_EQ(store.block_of(store.slot_at(chunk, offset)), block);
                met.push_back(number_at(block, r.stride));
            }
        EXPECT_EQ(met.size(), store.count());
        return met;
    }

    /// Takes all that a pool with a bound has left, or so many; to be given back.
    std::vector<std::byte*> hoard(std::size_t count = ~std::size_t{0}) {
        std::vector<std::byte*> taken;
        try {
            while (taken.size() < count) taken.push_back(pool.take());
        } catch (const out_of_memory&) {}
        return taken;
    }
    void give_back_hoard(const std::vector<std::byte*>& taken) {
        for (std::byte* chunk : taken) pool.give(chunk);
    }
};

numbers count_to(std::size_t count) {
    numbers all(count);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

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

// ---- ids

TEST(instance_store, a_slot_is_used_again_with_the_next_generation) {
    herd h;
    const lease_entry first = h.birth(1);
    h.kill(first.slot);
    const lease_entry second = h.birth(2);
    EXPECT_EQ(second.slot, first.slot);
    EXPECT_EQ(second.generation, first.generation + 1);
    EXPECT_EQ(h.store.generation_of(second.slot), second.generation);
    EXPECT_EQ(h.find(first), std::nullopt);
    EXPECT_EQ(h.find(second), 2u);
}

TEST(instance_store, an_id_that_is_not_alive_finds_nothing) {
    herd h;
    const lease_entry id = h.birth(1);
    EXPECT_EQ(h.find({id.slot, id.generation + 1}), std::nullopt);
    EXPECT_EQ(h.find({id.slot, 0}), std::nullopt);
    EXPECT_EQ(h.find({id.slot + 1, 1}), std::nullopt);
    EXPECT_EQ(h.find({page_slots, 1}), std::nullopt);
    EXPECT_EQ(h.find({slot_max, 1}), std::nullopt);
    EXPECT_EQ(h.find(h.store.take_slot()), std::nullopt);
    h.kill(id.slot);
    EXPECT_EQ(h.find(id), std::nullopt);
    EXPECT_EQ(h.find({id.slot, id.generation + 1}), std::nullopt);
}

TEST(instance_store, the_fate_of_an_id_tells_what_became_of_it) {
    herd h;
    EXPECT_EQ(h.fate_of({0, 1}), fate::never_issued);
    const lease_entry id = h.store.take_slot();
    EXPECT_EQ(h.fate_of(id), fate::not_yet_born);
    h.build(id, 1);
    EXPECT_EQ(h.fate_of(id), fate::alive);
    EXPECT_EQ(h.fate_of({id.slot, id.generation + 1}), fate::never_issued);
    EXPECT_EQ(h.fate_of({id.slot, 0}), fate::never_issued);
    EXPECT_EQ(h.fate_of({id.slot + 1, 1}), fate::never_issued);
    EXPECT_EQ(h.fate_of({slot_max, 1}), fate::never_issued);
    h.kill(id.slot);
    EXPECT_EQ(h.fate_of(id), fate::dead);
    EXPECT_EQ(h.fate_of({id.slot, id.generation + 1}), fate::never_issued);
}

TEST(instance_store, one_slot_lives_through_every_generation_and_is_then_retired) {
    herd h(plain(32), 1);
    for (std::uint32_t generation = 1; generation <= generation_max; ++generation) {
        const lease_entry id = h.birth(generation);
        ASSERT_EQ(id.slot, 0u);
        ASSERT_EQ(id.generation, generation);
        h.kill(id.slot);
    }
    EXPECT_THROW(h.store.take_slot(), slots_exhausted);
    std::vector<lease_entry> granted;
    h.store.lease(1, granted);
    EXPECT_TRUE(granted.empty());
    for (std::uint32_t generation : {1u, 2u, generation_max - 1, generation_max}) {
        EXPECT_EQ(h.find({0, generation}), std::nullopt);
        EXPECT_EQ(h.fate_of({0, generation}), fate::dead);
    }
}

TEST(instance_store, a_retired_slot_is_passed_over_by_later_births) {
    herd h;
    const lease_entry last{0, generation_max};
    ASSERT_EQ(h.store.take_slot().slot, last.slot);
    h.build(last, 1);
    EXPECT_EQ(h.find(last), 1u);
    h.kill(last.slot);
    EXPECT_EQ(h.fate_of(last), fate::dead);
    for (int i = 0; i < 100; ++i) {
        const lease_entry id = h.birth(2);
        ASSERT_NE(id.slot, last.slot);
        if (i % 3 == 0) h.kill(id.slot);
    }
    EXPECT_EQ(h.find(last), std::nullopt);
}

TEST(instance_store, slots_in_memory_that_was_used_before_were_never_issued) {
    herd h;
    const auto chunks = h.hoard(32);
    for (std::byte* chunk : chunks) std::memset(chunk, 0x01, chunk_bytes);
    h.give_back_hoard(chunks);
    const lease_entry id = h.birth(1);
    for (std::uint32_t slot = id.slot + 1; slot < page_slots; ++slot)
        for (std::uint32_t generation : {1u, 0x10101u})
            ASSERT_EQ(h.fate_of({slot, generation}), fate::never_issued);
}

// ---- slots for other places

TEST(instance_store, a_lease_is_an_id_that_is_not_yet_born) {
    herd h;
    std::vector<lease_entry> granted;
    h.store.lease(3, granted);
    ASSERT_EQ(granted.size(), 3u);
    for (const lease_entry& id : granted) {
        EXPECT_EQ(h.fate_of(id), fate::not_yet_born);
        EXPECT_EQ(h.find(id), std::nullopt);
    }
    h.births(10);
    h.build(granted[1], 99);
    EXPECT_EQ(h.find(granted[1]), 99u);
    EXPECT_EQ(h.fate_of(granted[0]), fate::not_yet_born);
    EXPECT_EQ(h.walk().size(), 11u);
}

TEST(instance_store, leases_and_births_never_share_an_id) {
    herd h(plain(32), 500);
    std::set<std::pair<std::uint32_t, std::uint32_t>> issued;
    std::vector<lease_entry> granted, alive;
    for (int round = 0; round < 20; ++round) {
        h.store.lease(10, granted);
        for (int i = 0; i < 10; ++i) alive.push_back(h.birth(1));
        for (const lease_entry& id : granted)
            EXPECT_TRUE(issued.emplace(id.slot, id.generation).second);
        for (std::size_t i = alive.size() - 10; i < alive.size(); ++i)
            EXPECT_TRUE(issued.emplace(alive[i].slot, alive[i].generation).second);
        granted.clear();
        for (std::size_t i = 0; i < 5; ++i) h.kill(alive[i].slot);
        alive.erase(alive.begin(), alive.begin() + 5);
    }
}

TEST(instance_store, a_lease_gives_what_there_is_and_no_more) {
    herd h(plain(32), 20);
    const auto ids = h.births(12);
    h.kill(ids[3].slot);
    std::vector<lease_entry> granted;
    h.store.lease(1000, granted);
    EXPECT_EQ(granted.size(), 9u);
    std::set<std::uint32_t> slots;
    for (const lease_entry& id : granted) {
        EXPECT_LT(id.slot, 20u);
        EXPECT_EQ(id.generation, id.slot == ids[3].slot ? 2u : 1u);
        slots.insert(id.slot);
    }
    EXPECT_EQ(slots.size(), 9u);
    h.store.lease(1, granted);
    EXPECT_EQ(granted.size(), 9u);
}

TEST(instance_store, a_slot_that_was_given_back_has_the_same_generation_when_it_is_taken_again) {
    herd h(plain(32), 1);
    const lease_entry id = h.store.take_slot();
    h.store.give_back(id);
    EXPECT_EQ(h.fate_of(id), fate::never_issued);
    const lease_entry again = h.store.take_slot();
    EXPECT_EQ(again.slot, id.slot);
    EXPECT_EQ(again.generation, id.generation);
    h.build(again, 5);
    EXPECT_EQ(h.find(again), 5u);
    h.kill(again.slot);
    h.store.give_back(h.store.take_slot());
    EXPECT_EQ(h.birth(6).generation, 2u);
}

TEST(instance_store, an_only_place_owns_all_slots_and_of_many_each_owns_half) {
    EXPECT_EQ(own_slots_of(1), slot_max + 1);
    for (std::uint32_t places : {2u, 16u, 4096u})
        EXPECT_EQ(own_slots_of(places), (slot_max + 1) / 2);
}

TEST(instance_store, no_two_places_stripe_the_same_slot_nor_one_of_the_owner) {
    constexpr std::uint32_t places = 16;
    std::set<std::uint32_t> slots;
    for (std::uint32_t source = 0; source < places; ++source)
        for (std::uint32_t n = 0; n < 1000; ++n) {
            const std::uint32_t slot = striped_slot(source, places, n);
            EXPECT_GE(slot, own_slots_of(places));
            EXPECT_LE(slot, slot_max);
            EXPECT_TRUE(slots.insert(slot).second);
        }
    for (std::uint32_t source : {0u, 1234u, 4095u}) {
        EXPECT_GE(striped_slot(source, 4096, 0), own_slots_of(4096));
        EXPECT_LE(striped_slot(source, 4096, 0), slot_max);
    }
}

TEST(instance_store, stripes_end_where_the_owners_slots_begin) {
    std::uint32_t lowest = slot_max;
    std::uint64_t stripes = 0;
    for (std::uint32_t source : {0u, 1u}) {
        std::uint32_t n = 0;
        try {
            for (; n <= slot_max; n += 64, ++stripes)
                lowest = std::min(lowest, striped_slot(source, 2, n));
        } catch (const slots_exhausted&) {}
        EXPECT_THROW(striped_slot(source, 2, n), slots_exhausted);
        EXPECT_THROW(striped_slot(source, 2, n + 63), slots_exhausted);
    }
    EXPECT_GE(lowest, own_slots_of(2));
    EXPECT_LT(lowest, own_slots_of(2) + 64);
    EXPECT_GE(stripes * 64, std::uint64_t{slot_max - own_slots_of(2)} / 64 * 64);
}

TEST(instance_store, a_striped_slot_lives_and_dies_and_is_then_the_owners) {
    herd h(plain(32), own_slots_of(2));
    const lease_entry id{striped_slot(1, 2, 0), 1};
    EXPECT_EQ(h.fate_of(id), fate::never_issued);
    h.build(id, 8);
    EXPECT_EQ(h.find(id), 8u);
    EXPECT_EQ(h.fate_of(id), fate::alive);
    h.kill(id.slot);
    EXPECT_EQ(h.fate_of(id), fate::dead);
    const lease_entry next = h.birth(9);
    EXPECT_EQ(next.slot, id.slot);
    EXPECT_EQ(next.generation, 2u);
}

// ---- epochs and the dirty list

dirty_set as_set(std::span<const dirty_entry> entries) {
    dirty_set all;
    for (const dirty_entry& e : entries)
        EXPECT_TRUE(all.emplace(e.is_slot_page, e.index).second) << "an entry is there twice";
    return all;
}

/// The chunks and slot pages that were changed by f in an epoch of its own.
template <class F>
dirty_set dirtied(herd& h, F&& f) {
    h.store.take_dirty();
    ++h.epoch;
    f();
    return as_set(h.store.dirty());
}

TEST(instance_store, a_first_birth_makes_its_chunk_and_its_slot_page_dirty) {
    herd h;
    EXPECT_TRUE(h.store.dirty().empty());
    h.births(1000);
    EXPECT_EQ(as_set(h.store.dirty()), (dirty_set{{false, 0}, {true, 0}}));
    EXPECT_EQ(h.store.take_dirty().size(), 2u);
    EXPECT_TRUE(h.store.dirty().empty());
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
                  (dirty_set{{false, chunk}}));
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
    EXPECT_TRUE(changed.count({false, first}));
    EXPECT_TRUE(changed.count({true, 0}));
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
              (dirty_set{{false, first}, {false, second}, {true, 0}}));
}

TEST(instance_store, a_slot_far_away_makes_its_own_page_dirty) {
    herd h;
    h.births(1);
    const lease_entry far{5 * page_slots + 3, 1};
    const auto changed = dirtied(h, [&] { h.build(far, 1); });
    EXPECT_TRUE(changed.count({true, 5}));
    EXPECT_FALSE(changed.count({true, 0}));
    EXPECT_EQ(dirtied(h, [&] { h.store.take_slot(); }), (dirty_set{{true, 0}}));
}

TEST(instance_store, a_chunk_that_comes_back_in_a_later_epoch_is_dirty_again) {
    herd h;
    h.kill(h.birth(1).slot);
    EXPECT_EQ(h.store.runs()[0].chunks.size(), 0u);
    EXPECT_TRUE(dirtied(h, [&] { h.birth(2); }).count({false, 0}));
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
    EXPECT_EQ(h.pool.bytes_in_use(), 2 * chunk_bytes) << "a chunk of blocks, a page of slots";
}

// ---- the hash of slots

/// Births, deaths and moves that leave every kind of slot behind.
void play(herd& h) {
    const auto ids = h.births(100);
    for (std::size_t i : {5, 50, 99, 0}) h.kill(ids[i].slot);
    std::vector<lease_entry> granted;
    h.store.lease(3, granted);
    h.store.give_back(granted[1]);
    h.birth(7, true);
}

TEST(instance_store, equal_histories_have_equal_hashes_wherever_the_memory_lies) {
    herd a, b;
    const auto chunks = b.hoard(7);
    for (std::byte* chunk : chunks) std::memset(chunk, 0xff, chunk_bytes);
    b.give_back_hoard({chunks.begin(), chunks.begin() + 4});
    play(a);
    play(b);
    EXPECT_EQ(a.store.hash_slots(3), b.store.hash_slots(3));
    EXPECT_EQ(a.walk(), b.walk());
    EXPECT_NE(a.store.hash_slots(3), a.store.hash_slots(4));
    b.give_back_hoard({chunks.begin() + 4, chunks.end()});
}

void kill(herd& h, std::initializer_list<lease_entry> ids) {
    for (const lease_entry& id : ids) h.kill(id.slot);
}

TEST(instance_store, different_histories_have_different_hashes) {
    std::vector<std::uint64_t> hashes;
    const auto after = [&](auto&& f) {
        herd h(plain(32), 1000);
        const auto ids = h.births(3);
        f(h, ids);
        hashes.push_back(h.store.hash_slots(0));
    };
    using ids_type = const std::vector<lease_entry>&;
    after([](herd&, ids_type) {});
    after([](herd& h, ids_type) { h.birth(0); });
    after([](herd& h, ids_type ids) { h.kill(ids[0].slot); });
    after([](herd& h, ids_type ids) { h.kill(ids[1].slot); });
    after([](herd& h, ids_type ids) { kill(h, {ids[0], ids[1]}); });
    after([](herd& h, ids_type ids) { kill(h, {ids[1], ids[0]}); });
    after([](herd& h, ids_type ids) { kill(h, {ids[2]}), h.birth(2); });
    after([](herd& h, ids_type) { h.store.take_slot(); });
    after([](herd& h, ids_type) { h.store.give_back(h.store.take_slot()); });
    after([](herd& h, ids_type) { h.build({900, 1}, 1); });
    after([](herd& h, ids_type) { h.build({900, 2}, 1); });
    after([](herd& h, ids_type) { h.build({page_slots + 900, 1}, 1); });
    EXPECT_EQ(std::set<std::uint64_t>(hashes.begin(), hashes.end()).size(), hashes.size());
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
    EXPECT_EQ(ids.size(), 31u * 16); // a slab has 32 chunks, one is the page of slots
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
    const std::uint32_t epoch = 1;
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
        EXPECT_LT(h.pool.bytes_in_use(), 70 * chunk_bytes) << block;
    }
}

/// The same as above: nothing is kept but the rest of two huge pages, of slots and of blocks.
TEST(instance_store, what_nine_tenths_of_many_actors_leave_goes_back_to_the_system) {
    EXPECT_LE(percent_left_of(32, 1'000'000).reserved, 30u);
    EXPECT_LE(percent_left_of(128, 1'000'000).reserved, 20u);
}

} // namespace instance_store_test
