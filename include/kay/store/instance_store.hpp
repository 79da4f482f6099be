// SPDX-License-Identifier: MIT
//
// All instances of one actor type in one place: a slot map over dense runs of blocks.
//
//   slot      -> generation, state, and for a live one its handle: chunk number and row
//   directory -> for each chunk its address and the epoch in which it was last handed out mutably
//   run       -> one for each size class: its chunks in order; rows [0, visible) are alive, rows
//                [visible, count) are built but hidden until their turn in the inbox comes
//   gaps      -> rows below `visible` whose instance is gone, until close_gaps
//
// Blocks move when gaps are closed or when they change their size class, so an address is resolved
// for each message and never kept; ids do not change. Chunks hold blocks only. What was changed
// since an epoch is on the dirty list: who takes an address to write through marks the chunk.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/id.hpp>
#include <kay/memory/chunk_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

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

/// What the hot path needs of a chunk.
struct chunk_entry {
    std::byte* base = nullptr;
    std::uint32_t epoch = 0; ///< in which it was last handed out mutably
    std::uint32_t unused = 0;
};

/// Where the block of a live instance lies; null: there is none.
struct block_address {
    std::byte* block = nullptr;
    std::uint32_t chunk = 0;
    std::uint32_t unused = 0;
};

/// What looking up reads of a store, for loops to keep in registers. Ends when the store gets more
/// pages or chunks.
class slot_lookup {
public:
    static constexpr unsigned rows_log2 = 12; ///< a chunk has 4096 units of 16 bytes
    static constexpr unsigned page_log2 = 13; ///< slots in a page: 64 KiB of them
    static constexpr std::uint32_t row_mask = (1u << rows_log2) - 1;
    static constexpr std::uint32_t page_mask = (1u << page_log2) - 1;

    /// Stands in for pages that there are not: slots that were never used. Nobody writes here.
    static slot_entry empty_page[std::size_t{1} << page_log2];

    slot_lookup(slot_entry* const* pages, std::size_t page_count, const chunk_entry* directory)
        : pages_(pages), directory_(directory), page_count_(page_count) {}

    /// Any slot's, used or not.
    const slot_entry& entry(std::uint32_t slot) const {
        const std::uint32_t page = slot >> page_log2;
        const slot_entry* const slots = page < page_count_ ? pages_[page] : empty_page;
        return slots[slot & page_mask];
    }

    block_address find(std::uint32_t slot, std::uint32_t generation) const {
        const slot_entry& s = entry(slot);
        if (s.meta != live_meta(generation)) [[unlikely]]
            return {};
        const std::uint32_t chunk = s.handle >> rows_log2;
        return {directory_[chunk].base + std::size_t{s.handle & row_mask} * 16, chunk};
    }

private:
    slot_entry* const* pages_;
    const chunk_entry* directory_;
    std::size_t page_count_;
};

/// Part of a store that has to be saved because it changed.
struct dirty_entry {
    std::uint32_t index; ///< of the chunk in the directory, or of the slot page
    bool is_slot_page;
};

/// A slot that another place may spawn into.
struct lease_entry {
    std::uint32_t slot;
    std::uint32_t generation;
};
static_assert(sizeof(lease_entry) == 8);

/// What a store has to know of its type.
struct block_traits {
    std::uint32_t fixed_bytes = 0; ///< sizeof the actor
    bool has_containers = false;   ///< blocks may have a tail, and several sizes
    void (*release)(std::byte* block) =
        nullptr; ///< frees what is outside of the block; may be null
    /// The block was copied `by` bytes on while some of its containers were on the heap; may be
    /// null.
    void (*moved)(std::byte* block, std::ptrdiff_t by) = nullptr;
};

class instance_store {
public:
    static constexpr unsigned rows_log2 = slot_lookup::rows_log2;
    static constexpr unsigned page_log2 = slot_lookup::page_log2;
    static constexpr std::size_t block_bytes_max = std::size_t{1} << 31; ///< of one instance

    /// `epoch` is the world's, and outlives the store. Slots from `own_slots` on are for other
    /// places to take (striped_slot).
    instance_store(const block_traits& traits, chunk_pool& pool, const std::uint32_t& epoch,
                   std::uint32_t own_slots = slot_max + 1);
    ~instance_store();
    instance_store(const instance_store&) = delete;
    instance_store& operator=(const instance_store&) = delete;

    /// One size class of blocks.
    struct run {
        std::uint32_t stride = 0; ///< bytes of a block
        std::uint32_t rows_per_chunk = 0;
        std::uint32_t chunk_count = 1; ///< chunks of 64 KiB that one entry of `chunks` takes
        std::uint32_t visible = 0;
        std::uint32_t count = 0;
        std::vector<std::uint32_t> chunks; ///< numbers in the directory
        std::vector<std::uint32_t> gaps;   ///< handles
    };

    // ---- looking up

    slot_lookup lookup() const { return {pages_.data(), pages_.size(), directory_.data()}; }

    /// Null when the id is not alive here. Does not mark the chunk.
    block_address find(std::uint32_t slot, std::uint32_t generation) const {
        return lookup().find(slot, generation);
    }

    /// Changes whenever what was found before may be found elsewhere, or not any more.
    std::uint32_t version() const { return version_; }

    /// Has to be called before anything in the chunk is changed.
    void mark_dirty(std::uint32_t chunk) {
        if (directory_[chunk].epoch != *epoch_) [[unlikely]]
            mark_chunk(chunk);
    }

    /// Offset of the last cache line of a block without a tail; zero where the first is the last.
    std::size_t last_line() const { return last_line_; }

    // ---- life and death

    /// A slot for an instance to be built in this place. Throws slots_exhausted.
    lease_entry take_slot();

    /// A slot of take_slot that was not used after all.
    void give_back(lease_entry slot);

    /// Slots for another place to spawn into. Gives as many as there are and as there is memory
    /// for, up to `count`. Throws nothing.
    void lease(std::size_t count, std::vector<lease_entry>& out);

    /// Room for a block of at least `bytes` for a leased slot, or one of take_slot. Hidden ones
    /// wait for reveal. The block's bytes are for the caller to fill.
    /// Throws out_of_memory and changes nothing.
    std::byte* create(lease_entry slot, std::size_t bytes, bool hidden);

    /// A slot and a hidden block of at least `bytes` for it: take_slot and create in one.
    /// Throws out_of_memory, slots_exhausted, and changes nothing then.
    std::byte* create_hidden(std::size_t bytes, lease_entry& made) {
        std::uint32_t slot = free_head_;
        if (next_row_.left == 0 || bytes != traits_.fixed_bytes) [[unlikely]]
            return create_hidden_slowly(bytes, made);
        if (slot == no_slot) {
            if ((fresh_ & page_mask) == 0 || fresh_ >= own_slots_) [[unlikely]]
                return create_hidden_slowly(bytes, made);
            slot = fresh_++;
        }
        slot_entry& s = change(slot);
        std::uint32_t generation = 1;
        if (slot == free_head_) {
            free_head_ = s.handle;
            generation = s.generation();
        }
        made = {slot, generation};
        s = {next_row_.handle, live_meta(generation)};
        mark_dirty(next_row_.handle >> rows_log2);
        std::byte* const block = next_row_.block;
        *next_row_.slot++ = slot;
        next_row_.block += runs_[0].stride;
        next_row_.handle += runs_[0].stride / 16;
        --next_row_.left;
        ++runs_[0].count;
        ++hidden_;
        return block;
    }

    /// A hidden instance comes to life, unless it has died already: a timer's message may reach it
    /// before its reveal does.
    void reveal(lease_entry slot);

    /// Many, one after the other: `entries` points at lease_entry as they lie in a packet.
    void reveal(const std::byte* entries, std::size_t count);

    /// Ends an instance; its slot's generation goes up. Its row may be a gap until close_gaps.
    void destroy(std::uint32_t slot);

    /// The last instances of each run fill its gaps, in the order in which these came. To be called
    /// before anybody walks, and when the store is left. Cost: by the gaps and the hidden ones.
    void close_gaps() noexcept {
        if (gap_count_ > 0) [[unlikely]]
            close_all_gaps();
    }

    /// A second block of at least `bytes` for a live slot, hidden or not; finish_move makes it the
    /// slot's own and drops the old one. Where blocks lie may change. Throws out_of_memory and
    /// changes nothing else.
    std::byte* begin_move(std::uint32_t slot, std::size_t bytes);
    void finish_move(std::uint32_t slot);

    // ---- walking

    std::span<const run> runs() const { return runs_; }
    run& run_at(std::size_t index) { return runs_[index]; }
    std::byte* chunk_base(std::uint32_t chunk) const { return directory_[chunk].base; }
    std::size_t count() const { return count_; } ///< visible ones, without gaps
    std::size_t hidden_count() const { return hidden_; }
    std::size_t gap_count() const { return gap_count_; }

    /// The slot of the instance whose block lies in the chunk at an offset.
    std::uint32_t slot_at(std::uint32_t chunk, std::size_t offset) const {
        const chunk_home& home = homes_[chunk];
        return home.slots[offset / runs_[home.run].stride];
    }
    std::uint32_t generation_of(std::uint32_t slot) const { return entry(slot).generation(); }

    /// Of the block of a live slot.
    std::byte* block_of(std::uint32_t slot) const;
    std::uint32_t chunk_of(std::uint32_t slot) const { return entry(slot).handle >> rows_log2; }
    std::size_t block_bytes(std::uint32_t slot) const {
        return runs_[homes_[chunk_of(slot)].run].stride;
    }

    /// What became of an id, for clear errors.
    enum class fate { never_issued, not_yet_born, alive, dead };
    fate fate_of(std::uint32_t slot, std::uint32_t generation) const;

    /// Gives up the empty chunks that are kept for the next births. Between turns.
    void trim();

    /// Everything that was changed since the last call; the next epoch begins with the world's.
    std::vector<dirty_entry> take_dirty();
    std::span<const dirty_entry> dirty() const { return dirty_; }

    /// Chunks, slot pages and what belongs to them.
    std::size_t bytes() const;

    /// Mixes slots, generations and free list (not the blocks) into a hash.
    std::uint64_t hash_slots(std::uint64_t seed) const;

private:
    static constexpr std::uint32_t no_slot = slot_max + 1;
    static constexpr std::uint32_t row_mask = slot_lookup::row_mask;
    static constexpr std::uint32_t page_mask = slot_lookup::page_mask;

    bool has_page(std::uint32_t page) const {
        return page < pages_.size() && pages_[page] != slot_lookup::empty_page;
    }

    /// What only births, deaths and walks need of a chunk.
    struct chunk_home {
        std::uint32_t run = 0;
        std::uint32_t position = 0;     ///< among the run's chunks
        std::uint32_t* slots = nullptr; ///< for each row the slot of its instance
    };
    /// A row of a run, as chunk number, offset in it and the row in the chunk.
    struct row_address {
        std::uint32_t chunk;
        std::uint32_t row;
        std::size_t offset;
    };

    slot_entry& entry(std::uint32_t slot) const {
        return pages_[slot >> page_log2][slot & page_mask];
    }
    void reserve_marks(std::size_t chunks, std::size_t pages);
    slot_entry& change(std::uint32_t slot) {
        const std::uint32_t page = slot >> page_log2;
        if (page_epochs_[page] != *epoch_) [[unlikely]]
            mark_page(page);
        return pages_[page][slot & page_mask];
    }
    void mark_page(std::uint32_t page);
    std::byte* create_hidden_slowly(std::size_t bytes, lease_entry& made);
    void mark_chunk(std::uint32_t chunk);
    bool ensure_page(std::uint32_t page);
    void drop_page(std::uint32_t page);
    std::size_t run_for(std::size_t bytes);
    row_address address_of(const run& r, std::uint32_t row) const;
    std::uint32_t row_of(std::uint32_t handle) const;
    std::uint32_t* take_slots_of_next(const run& r);
    void give_slots(const run& r, std::uint32_t* slots, std::size_t position) noexcept;
    void append_chunk(std::size_t run_index);
    void drop_last_chunk(run& r);
    row_address append_row(std::size_t bytes, std::size_t& run_index);
    void move_row(run& r, std::uint32_t from, std::uint32_t to);
    void swap_rows(run& r, std::uint32_t a, std::uint32_t b);
    bool is_alive(std::uint32_t handle, std::uint32_t slot) const;
    void make_room_for_gap(run& r) noexcept;
    void close_all_gaps() noexcept;
    void close_gaps_of(run& r) noexcept;
    void leave_row(std::uint32_t handle);
    void drop_empty_chunks(run& r);
    void set_row(run& r, std::uint32_t row, std::uint32_t slot);
    void free_slot(std::uint32_t slot);

    block_traits traits_;
    chunk_pool* pool_;
    const std::uint32_t* epoch_;
    std::vector<slot_entry*> pages_; ///< by slot >> page_log2; empty_page where no slot was used
    std::vector<chunk_entry> directory_;
    std::vector<chunk_home> homes_;          ///< beside directory_
    std::vector<std::uint32_t> free_chunks_; ///< numbers to be used again
    std::vector<run> runs_;
    std::vector<std::uint32_t> page_epochs_;
    std::vector<dirty_entry> dirty_;
    std::uint32_t free_head_ = no_slot; ///< last in, first out, linked through handle
    std::uint32_t fresh_ = 0;           ///< slots from here on were never given out by this place
    std::uint32_t own_slots_;           ///< fresh_ goes up to here
    std::size_t count_ = 0;
    std::size_t hidden_ = 0;
    std::size_t last_line_ = 0;
    std::uint32_t version_ = 0;
    std::uint32_t moving_row_ = 0; ///< between begin_move and finish_move
    std::size_t moving_run_ = 0;
    std::size_t page_count_ = 0;
    std::size_t gap_count_ = 0; ///< of all runs

    /// Where the next row of the first run goes, as long as its last chunk has room and nothing
    /// but births changes the run.
    struct next_row {
        std::byte* block = nullptr;
        std::uint32_t* slot = nullptr;
        std::uint32_t handle = 0;
        std::uint32_t left = 0; ///< rows; zero: to be found anew
    };
    next_row next_row_;
};

/// Thrown when a type has no slots left in a place.
struct slots_exhausted {};

/// How many slots a place gives out itself; the others are for places that spawn into it.
constexpr std::uint32_t own_slots_of(std::uint32_t places) {
    return places == 1 ? slot_max + 1 : (slot_max + 1) / 2;
}

/// The n-th slot that place `source` may use in any other place before it was given leases there:
/// from the top of the numbers down, in stripes of 64, so that no two places ever take the same.
/// Throws slots_exhausted.
std::uint32_t striped_slot(std::uint32_t source, std::uint32_t places, std::uint32_t n);

} // namespace kay::detail
