// SPDX-License-Identifier: MIT
//
// Whose rows are whose in one store of a saved world: its slot pages, turned round. Plain values;
// 24 bytes for each instance, and 12 more while it is made.
#pragma once

#include "world_manifest.hpp"

#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace kay::detail {

class store_index {
public:
    /// An instance and where its block lies.
    struct row {
        std::uint32_t slot = 0;
        std::uint32_t generation = 0;
        std::uint32_t run = 0;
        std::uint32_t position = 0; ///< of its chunk in the run
        std::uint32_t offset = 0;   ///< bytes in the chunk
    };
    using page_reader = std::function<result<std::span<const std::byte>>(std::uint32_t page)>;

    /// Reads the slot pages of a store. Anybody's bytes: each visible row has one slot and each
    /// live slot a row, or it is an error.
    static result<store_index> make(const world_manifest::store& store, const page_reader& pages);

    /// Visible instances in the order of runs and rows.
    const std::vector<row>& rows() const { return rows_; }
    /// Null: nobody alive has it.
    const row* find(std::uint32_t slot, std::uint32_t generation) const;
    /// Of all slots that nobody lives in, and of which are next.
    std::uint64_t hash_of_the_free() const { return hash_of_the_free_; }

private:
    std::vector<row> rows_;
    std::vector<std::uint32_t> by_slot_; ///< positions in rows_
    std::uint64_t hash_of_the_free_ = 0;
};

} // namespace kay::detail
