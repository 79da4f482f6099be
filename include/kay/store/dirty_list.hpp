// SPDX-License-Identifier: MIT
//
// What has to be saved of a store because it changed since the epoch began: chunks and slot pages,
// each once. Whoever has a part keeps the epoch in which it was last marked beside what else is
// known of it, and marks it before it is changed in another one, so that most marks are one
// comparison.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

struct dirty_entry {
    std::uint32_t index; ///< of the chunk in the directory, or of the slot page
    bool is_slot_page;
};

class dirty_list {
public:
    /// `epoch` is the world's, and outlives the list.
    explicit dirty_list(const std::uint32_t& epoch) : epoch_(&epoch) {}

    const std::uint32_t& epoch() const { return *epoch_; }
    /// Marks a part for which there is room; `marked` is its own epoch. Throws nothing.
    void mark(std::uint32_t& marked, dirty_entry part);

    /// Room for all parts and one more. Throws std::bad_alloc.
    void reserve_one();
    /// There is one part more, for which there is room, or one less.
    void note_new_part() { ++parts_; }
    void note_lost_part() { --parts_; }

    std::span<const dirty_entry> entries() const { return entries_; }
    /// Empties the list; the next epoch begins with the world's.
    std::vector<dirty_entry> take();

private:
    const std::uint32_t* epoch_;
    std::vector<dirty_entry> entries_;
    std::size_t parts_ = 0; ///< that may be on the list
};

} // namespace kay::detail
