// SPDX-License-Identifier: MIT
//
// A store for tests, with the pool and the epoch that it needs. Every block has its number at both
// ends, so that a block that was moved badly or only in part is seen.
#pragma once

#include <kay/memory/page_numbers.hpp>
#include <kay/store/instance_store.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace instance_store_test {

using kay::chunk_bytes;
using kay::chunk_pool;
using kay::generation_max;
using kay::out_of_memory;
using kay::slot_max;
using kay::detail::block_traits;
using kay::detail::instance_store;
using kay::detail::lease_entry;
using kay::detail::own_slots_of;
using kay::detail::slots_exhausted;
using kay::detail::striped_slot;
using fate = instance_store::fate;
using numbers = std::vector<std::uint64_t>;

constexpr std::size_t slab_bytes = 32 * chunk_bytes;
constexpr std::uint32_t page_slots = 1u << instance_store::page_log2;

constexpr block_traits plain(std::uint32_t bytes) { return {bytes, false, nullptr}; }
constexpr block_traits growing(std::uint32_t bytes) { return {bytes, true, nullptr}; }

inline void put_number(std::byte* block, std::size_t bytes, std::uint64_t number) {
    std::memcpy(block, &number, 8);
    std::memcpy(block + bytes - 8, &number, 8);
}

inline std::uint64_t number_at(const std::byte* block, std::size_t bytes) {
    std::uint64_t first, last;
    std::memcpy(&first, block, 8);
    std::memcpy(&last, block + bytes - 8, 8);
    EXPECT_EQ(first, last) << "a block is torn";
    return first;
}

struct herd {
    kay::detail::page_epoch epoch;
    kay::detail::page_numbers numbers_in_use;
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

inline numbers count_to(std::size_t count) {
    numbers all(count);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

} // namespace instance_store_test
