// SPDX-License-Identifier: MIT
//
// The instance store when the heap has nothing left, at every allocation there is: a step either
// happens or changes nothing, and the dirty list misses nothing.
#include "epochs.hpp"
#include "failing_new.hpp"

#include <kay/memory/block.hpp>
#include <kay/store/instance_store.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

namespace store_out_of_memory_test {

using failing_new::until_it_works;
using kay::chunk_bytes;
using kay::detail::instance_store;
using kay::detail::lease_entry;
using kay::detail::size_class_bytes;
using kay::detail::size_class_of;

struct herd {
    kay::detail::page_epoch epoch;
    kay::detail::page_numbers numbers;
    kay::chunk_pool pool;
    instance_store store{{64, true, nullptr}, pool, epoch};
    std::map<std::uint32_t, std::uint64_t> alive; ///< slot to number
    std::size_t failures = 0;

    /// Of all that can be seen; the numbers of all that live are right.
    std::uint64_t digest() const {
        for (const auto& [slot, number] : alive) {
            std::uint64_t found;
            std::memcpy(&found, store.block_of(slot), 8);
            EXPECT_EQ(found, number) << slot;
        }
        return store.hash_slots((store.runs().size() << 40) + (store.count() << 20) +
                                store.hidden_count());
    }

    std::map<std::uint32_t, std::vector<std::byte>> all_chunks() const {
        std::map<std::uint32_t, std::vector<std::byte>> all;
        for (const instance_store::run& r : store.runs())
            for (std::uint32_t chunk : r.chunks) {
                const std::byte* const base = store.chunk_base(chunk);
                all[chunk].assign(base, base + chunk_bytes);
            }
        return all;
    }

    /// A step in an epoch of its own that happens or leaves all as it was.
    template <class F>
    void step(F&& f) {
        store_epochs::next_epoch(store, epoch, numbers, pool);
        const std::uint64_t before = digest();
        const std::uint64_t slots_hash = store.hash_slots(0);
        const auto chunks = all_chunks();
        failures += until_it_works(f, [&] { ASSERT_EQ(digest(), before); });
        const auto marked = store_epochs::marked(store);
        for (const auto& [chunk, bytes] : all_chunks()) {
            const auto old = chunks.find(chunk);
            if (old == chunks.end() || old->second == bytes) continue;
            EXPECT_TRUE(marked.count({store_epochs::part::chunk, chunk})) << chunk;
        }
        const bool slots_changed = store.hash_slots(0) != slots_hash;
        EXPECT_TRUE(!slots_changed || std::ranges::any_of(marked, [](const auto& m) {
            return m.first == store_epochs::part::slots;
        }));
    }

    void birth(std::uint64_t number, std::size_t bytes, bool hidden) {
        lease_entry id{};
        step([&] { id = store.take_slot(); });
        step([&] {
            std::byte* const block = store.create(id, bytes, hidden);
            std::memcpy(block, &number, 8);
        });
        if (hidden) step([&] { store.reveal(id); });
        alive[id.slot] = number;
    }
    void move(std::uint32_t slot, std::size_t bytes) {
        if (size_class_bytes(size_class_of(bytes)) == store.block_bytes(slot)) return;
        step([&] {
            std::byte* const to = store.begin_move(slot, bytes);
            std::memcpy(to, store.block_of(slot), 8);
            const failing_new::after nothing(0);
            store.finish_move(slot);
        });
    }
    void death(std::uint32_t slot) {
        step([&] { store.destroy(slot); });
        alive.erase(slot);
        if (slot % 3 == 0)
            step([&] {
                const failing_new::after nothing(0);
                store.close_gaps();
            });
    }
};

TEST(store_out_of_memory, every_step_happens_or_changes_nothing) {
    herd h;
    std::uint64_t dice = 5;
    for (std::uint64_t i = 0; i < 400; ++i) {
        dice = dice * 6364136223846793005u + 1442695040888963407u;
        const std::size_t bytes = std::size_t{64} << (dice >> 40) % 10;
        const auto pick = [&] {
            return std::next(h.alive.begin(),
                             static_cast<std::ptrdiff_t>((dice >> 50) % h.alive.size()))
                ->first;
        };
        switch (h.alive.size() < 20 ? 0 : (dice >> 33) % 4) {
        case 0:
        case 1: h.birth(i, bytes, dice >> 60 & 1); break;
        case 2: h.death(pick()); break;
        case 3: h.move(pick(), bytes); break;
        }
    }
    EXPECT_GT(h.failures, 40u);
    while (!h.alive.empty()) h.death(h.alive.begin()->first);
}

TEST(store_out_of_memory, deaths_of_many_chunks_need_no_memory) {
    herd h;
    std::vector<std::uint32_t> slots;
    for (std::size_t i = 0; i < 40 * 1024; ++i) {
        const lease_entry id = h.store.take_slot();
        h.store.create(id, 64, false);
        slots.push_back(id.slot);
    }
    h.store.mark_dirty(0);
    const std::size_t chunks = h.pool.bytes_in_use();
    const failing_new::after nothing(0);
    while (!slots.empty()) {
        h.store.destroy(slots.back());
        slots.pop_back();
    }
    EXPECT_LT(h.pool.bytes_in_use(), chunks / 2);
}

TEST(store_out_of_memory, a_lease_that_fails_loses_no_slot) {
    herd h;
    std::vector<lease_entry> out;
    const auto lease = [&] {
        h.store.lease(100 - out.size(), out); // gives what it can
        if (out.size() < 100) throw std::bad_alloc();
    };
    until_it_works(lease, [] {});
    ASSERT_EQ(out.size(), 100u);
    for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(out[i].slot, i);
}

TEST(store_out_of_memory, a_block_of_more_than_two_gib_is_a_clear_error) {
    herd h;
    const lease_entry id = h.store.take_slot();
    const std::uint64_t before = h.digest();
    const std::size_t far_too_many = (std::size_t{1} << 32) + 64;
    try {
        h.store.create(id, far_too_many, false);
        FAIL() << "made a block of more than 4 GiB";
    } catch (const kay::out_of_memory& e) {
        EXPECT_EQ(e.bytes_wanted, far_too_many);
    }
    EXPECT_EQ(h.digest(), before);
    h.store.create(id, 64, false);
    EXPECT_THROW(h.store.begin_move(id.slot, far_too_many), kay::out_of_memory);
    EXPECT_EQ(h.store.block_bytes(id.slot), 64u);
}

} // namespace store_out_of_memory_test
