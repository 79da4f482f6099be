// SPDX-License-Identifier: MIT
#include <kay/store/slot_map.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>

namespace {

using kay::generation_max;
using kay::detail::lease_entry;
using kay::detail::slot_entry;
using kay::detail::slot_map;
using kay::detail::slot_state;

struct slots_in_memory {
    kay::chunk_pool pool;
    kay::detail::page_epoch epoch;
    slot_map slots{pool, epoch, kay::detail::own_slots_of(4)};

    slot_entry& change(std::uint32_t slot) {
        return reinterpret_cast<slot_entry*>(slots.pages().change(0))[slot];
    }
    std::uint32_t meta(std::uint32_t generation, slot_state state) const {
        return generation << 8 | static_cast<std::uint32_t>(state);
    }
};

/// Live, leased and free ones.
void fill(slot_map& slots) {
    for (std::uint32_t i = 0; i < 12; ++i) {
        const lease_entry taken = slots.take();
        if (i % 4 != 3) slots.make_live(taken);
    }
    for (const std::uint32_t slot : {2u, 8u, 5u}) slots.free(slot);
}

TEST(slot_map, a_slot_whose_generations_are_used_up_is_not_used_again) {
    slots_in_memory memory;
    fill(memory.slots);
    memory.change(5).meta = memory.meta(generation_max, slot_state::free);
    ASSERT_TRUE(memory.slots.is_sound());
    const lease_entry last = memory.slots.take();
    EXPECT_EQ(last.slot, 5u);
    EXPECT_EQ(last.generation, generation_max);
    memory.slots.make_live(last);
    memory.slots.free(last.slot);
    EXPECT_TRUE(memory.slots.is_sound());
    for (int i = 0; i < 100; ++i) EXPECT_NE(memory.slots.take().slot, 5u);
}

TEST(slot_map, a_generation_that_no_id_has_room_for_makes_no_sense) {
    for (const slot_state state :
         {slot_state::free, slot_state::live, slot_state::leased, slot_state::retired}) {
        slots_in_memory memory;
        fill(memory.slots);
        const std::uint32_t slot = state == slot_state::free ? 5u : 1u;
        memory.change(slot).meta = memory.meta(generation_max, state);
        EXPECT_TRUE(memory.slots.is_sound());
        memory.change(slot).meta = memory.meta(generation_max + 1, state);
        EXPECT_FALSE(memory.slots.is_sound());
    }
}

/// What is live is the store's to compare with its instances.
TEST(slot_map, whatever_bit_is_changed_is_noticed_or_does_no_harm) {
    int noticed = 0;
    for (std::size_t bit = 0; bit < 16 * 8 * sizeof(slot_entry); ++bit) {
        slots_in_memory memory;
        fill(memory.slots);
        memory.slots.pages().change(0)[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        if (!memory.slots.is_sound()) {
            ++noticed;
            continue;
        }
        std::set<std::uint32_t> taken;
        for (int i = 0; i < 20; ++i) {
            const lease_entry slot = memory.slots.take();
            EXPECT_TRUE(taken.insert(slot.slot).second) << "bit " << bit;
            EXPECT_TRUE(slot.generation >= 1 && slot.generation <= generation_max);
            memory.slots.make_live(slot);
        }
        for (const std::uint32_t slot : taken) memory.slots.free(slot);
        EXPECT_TRUE(memory.slots.is_sound()) << "bit " << bit;
    }
    EXPECT_GT(noticed, 300);
}

} // namespace
