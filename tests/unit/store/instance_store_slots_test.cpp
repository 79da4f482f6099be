// SPDX-License-Identifier: MIT
//
// The slots of an instance store: ids and their generations, slots for other places, the hash.
#include "herd.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace instance_store_test {

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

} // namespace instance_store_test
