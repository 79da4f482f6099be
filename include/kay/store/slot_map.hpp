// SPDX-License-Identifier: MIT
//
// The slots of one actor type in one place: an id names a slot and the generation that lives there.
//
//   page -> 8192 slots with generation, state and, for a live one, the handle of its block. A page
//           is made when the first of its slots is used
//   free -> a list through the slots that were given back, last in, first out
//   own  -> slots below own_slots are given out by this place, in order; those above by other
//           places, in stripes (striped_slot)
//
// What a handle means is the store's. One thread at a time: the worker that runs the place.
#pragma once

#include <kay/core/id.hpp>
#include <kay/memory/page_directory.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kay::detail {

class byte_writer;
class byte_reader;

enum class slot_state : std::uint8_t { free, live, leased, retired };

/// Eight bytes for each slot ever used.
struct slot_entry {
    std::uint32_t handle = 0; ///< live: chunk number * 4096 + offset / 16; free: the next free slot
    std::uint32_t meta = 0;   ///< generation << 8 | state; zero: never used

    std::uint32_t generation() const { return meta >> 8; }
    slot_state state() const { return static_cast<slot_state>(meta & 255); }
};
static_assert(sizeof(slot_entry) == 8);

inline constexpr std::uint32_t live_meta(std::uint32_t generation) {
    return generation << 8 | static_cast<std::uint32_t>(slot_state::live);
}

/// A slot for an instance to be built in; one that another place may spawn into.
struct lease_entry {
    std::uint32_t slot;
    std::uint32_t generation;
};
static_assert(sizeof(lease_entry) == 8);

/// What became of an id, for clear errors.
enum class slot_fate { never_issued, not_yet_born, alive, dead };

/// Thrown when a type has no slots left in a place.
struct slots_exhausted {};

class slot_map {
public:
    static constexpr unsigned page_log2 = 13; ///< slots in a page: 64 KiB of them
    static constexpr std::uint32_t page_mask = (1u << page_log2) - 1;

    /// Stands in for pages that there are not: slots that were never used. Nobody writes here.
    static slot_entry empty_page[std::size_t{1} << page_log2];

    slot_map(chunk_pool& pool, page_epoch& epoch, std::uint32_t own_slots)
        : pages_(pool, epoch, reinterpret_cast<std::byte*>(empty_page)), own_slots_(own_slots) {}

    // ---- looking up

    /// Of a slot whose page there is.
    const slot_entry& operator[](std::uint32_t slot) const {
        return slots_in(pages_.read(slot >> page_log2))[slot & page_mask];
    }
    /// By slot >> page_log2; empty_page where no slot was used.
    const page_directory& pages() const { return pages_; }
    page_directory& pages() { return pages_; }
    static const slot_entry* slots_in(const std::byte* page) {
        return reinterpret_cast<const slot_entry*>(page);
    }

    slot_fate fate_of(std::uint32_t slot, std::uint32_t generation) const;

    // ---- free, leased, live

    /// Makes a slot leased. Throws slots_exhausted, out_of_memory and changes nothing then.
    lease_entry take();
    /// A slot of take that was not used after all.
    void give_back(lease_entry slot);
    /// As many as there are and as there is memory for, up to `count`. Throws nothing.
    void lease(std::size_t count, std::vector<lease_entry>& out);

    /// take and live in one, where that needs no memory. False: it does, or none is left.
    bool take_live(std::uint32_t handle, lease_entry& taken) {
        std::uint32_t slot = free_head_;
        if (slot == no_slot) {
            if ((fresh_ & page_mask) == 0 || fresh_ >= own_slots_) [[unlikely]]
                return false;
            slot = fresh_++;
        }
        slot_entry& s = change(slot);
        std::uint32_t generation = 1;
        if (slot == free_head_) {
            generation = s.generation();
            if (generation == 0) [[unlikely]] // take says why
                return false;
            free_head_ = s.handle;
        }
        s = {handle, live_meta(generation)};
        taken = {slot, generation};
        return true;
    }

    /// Before a slot of any kind is made live. True: there was no page for it. Throws
    /// out_of_memory.
    bool ensure_page_of(std::uint32_t slot) { return ensure_page(slot >> page_log2); }
    /// Takes that back, while the page is as new.
    void drop_page_of(std::uint32_t slot);

    void set_handle(std::uint32_t slot, std::uint32_t handle) { change(slot).handle = handle; }
    void make_live(lease_entry slot) { change(slot.slot).meta = live_meta(slot.generation); }
    /// The instance of a live slot is gone: its generation goes up, or it is retired.
    void free(std::uint32_t slot);

    /// f(slot) for each that was ever used.
    template <class F>
    void each_used(F&& f) const {
        for (std::uint32_t page = 0; page < pages_.size(); ++page) {
            if (!pages_.has(page)) continue;
            const slot_entry* const slots = slots_in(pages_.read(page));
            for (std::uint32_t i = 0; i <= page_mask; ++i)
                if (slots[i].meta != 0) f(page << page_log2 | i);
        }
    }

    // ---- saving and counting

    /// Mixes slots, generations and free list into a hash.
    std::uint64_t hash(std::uint64_t seed) const;
    std::size_t bytes() const { return pages_.count() * chunk_bytes; }

    /// All but what is in the pages. read makes the pages, to be filled; false: this makes no
    /// sense. Throws out_of_memory.
    void write(byte_writer& to) const;
    bool read(byte_reader& from);
    /// The free list is one of free slots, each once, and what was never used is as new. Cost: by
    /// all slots.
    bool is_sound() const;
    /// For one that is new: as another one. Throws out_of_memory.
    void take_over(const slot_map& before);

private:
    static constexpr std::uint32_t no_slot = slot_max + 1;

    bool ensure_page(std::uint32_t page);
    slot_entry& change(std::uint32_t slot) {
        return reinterpret_cast<slot_entry*>(pages_.change(slot >> page_log2))[slot & page_mask];
    }

    page_directory pages_;
    std::uint32_t free_head_ = no_slot; ///< linked through handle
    std::uint32_t fresh_ = 0;           ///< slots from here on were never given out by this place
    std::uint32_t own_slots_;           ///< fresh_ goes up to here
};

/// How many slots a place gives out itself; the others are for places that spawn into it.
constexpr std::uint32_t own_slots_of(std::uint32_t places) {
    return places == 1 ? slot_max + 1 : (slot_max + 1) / 2;
}

/// The n-th slot that place `source` may use in any other place before it was given leases there:
/// from the top of the numbers down, in stripes of 64, so that no two places ever take the same.
/// Throws slots_exhausted.
std::uint32_t striped_slot(std::uint32_t source, std::uint32_t places, std::uint32_t n);

/// The other way: whose n-th it is. Requires slot >= own_slots_of(places).
struct stripe_place {
    std::uint32_t source;
    std::uint32_t n;
};
stripe_place stripe_of(std::uint32_t slot, std::uint32_t places);

} // namespace kay::detail
