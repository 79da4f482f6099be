// SPDX-License-Identifier: MIT
//
// All instances of one actor type in one place: a slot map over dense runs of blocks.
//
//   slot      -> generation, state, and for a live one its handle: chunk number and row
//   chunks    -> for each its address and the epoch in which it was last handed out mutably
//   rows      -> for each row of a chunk the slot of its instance; several chunks share a page
//   run       -> one for each size class: its chunks in order; rows [0, visible) are alive, rows
//                [visible, count) are built but hidden until their turn in the inbox comes
//   gaps      -> rows below `visible` whose instance is gone, until close_gaps
//
// Blocks move when gaps are closed or when they change their size class, so an address is resolved
// for each message and never kept; ids do not change. Chunks hold blocks only. Who takes an address
// to write through marks the chunk first, and an address is good until then only (page_directory).
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/id.hpp>
#include <kay/memory/page_directory.hpp>
#include <kay/store/slot_map.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

/// Where the block of a live instance lies; null: there is none.
struct block_address {
    std::byte* block = nullptr;
    std::uint32_t chunk = 0;
    std::uint32_t unused = 0;
};

/// What looking up reads of a store, for loops to keep in registers. Ends when the store gets more
/// pages or chunks. Reads no page in: who lives in one that is unread is not found.
class slot_lookup {
public:
    static constexpr unsigned rows_log2 = 12; ///< a chunk has 4096 units of 16 bytes
    static constexpr std::uint32_t row_mask = (1u << rows_log2) - 1;

    slot_lookup(const page_directory& slots, const page_directory& chunks)
        : pages_(slots.entries()), chunks_(chunks.entries()), page_count_(slots.size()) {}

    /// Any slot's, used or not.
    const slot_entry& entry(std::uint32_t slot) const {
        const std::uint32_t page = slot >> slot_map::page_log2;
        const slot_entry* const slots =
            page < page_count_ ? slot_map::slots_in(pages_[page].base) : slot_map::empty_page;
        return slots[slot & slot_map::page_mask];
    }

    /// Of the block with a handle: that of a live slot.
    std::byte* address_of(std::uint32_t handle) const {
        return chunks_[handle >> rows_log2].base + std::size_t{handle & row_mask} * 16;
    }

    block_address find(std::uint32_t slot, std::uint32_t generation) const {
        const slot_entry& s = entry(slot);
        if (s.meta != live_meta(generation)) [[unlikely]]
            return {};
        const std::uint32_t chunk = s.handle >> rows_log2;
        if (chunks_[chunk].epoch == page_epoch::unread) [[unlikely]]
            return {};
        return {address_of(s.handle), chunk};
    }

private:
    const page_entry* pages_;
    const page_entry* chunks_;
    std::size_t page_count_;
};

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
    static constexpr unsigned page_log2 = slot_map::page_log2;
    static constexpr std::size_t block_bytes_max = std::size_t{1} << 31; ///< of one instance

    /// `epoch` is the world's, and outlives the store. Slots from `own_slots` on are for other
    /// places to take (striped_slot).
    instance_store(const block_traits& traits, chunk_pool& pool, page_epoch& epoch,
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
        std::vector<std::uint32_t> chunks; ///< numbers
        std::vector<std::uint32_t> gaps;   ///< handles
    };

    // ---- looking up

    slot_lookup lookup() const { return {slots_.pages(), chunks_}; }

    /// Null when the id is not alive here. Does not mark the chunk.
    block_address find(std::uint32_t slot, std::uint32_t generation) const {
        const block_address at = lookup().find(slot, generation);
        if (at.block || fate_of(slot, generation) != slot_fate::alive) return at;
        return {block_of(slot), chunk_of(slot)}; // reads it in
    }
    /// The same for a message to be handled: nobody where the page is lost.
    block_address find_to_handle(std::uint32_t slot, std::uint32_t generation) const {
        const block_address at = find(slot, generation);
        return at.block && chunks_.is_unread(at.chunk) ? block_address{} : at;
    }

    /// Changes whenever what was found before may be found elsewhere, or not any more.
    std::uint32_t version() const { return version_; }

    /// Has to be called before anything in the chunk is changed. Returns by how many bytes its
    /// blocks have moved.
    std::ptrdiff_t mark_dirty(std::uint32_t chunk) {
        const std::ptrdiff_t moved = chunks_.mark(chunk);
        if (moved) [[unlikely]]
            ++version_;
        return moved;
    }

    /// Offset of the last cache line of a block without a tail; zero where the first is the last.
    std::size_t last_line() const { return last_line_; }

    // ---- life and death

    /// A slot for an instance to be built in this place. Throws slots_exhausted.
    lease_entry take_slot() { return slots_.take(); }

    /// A slot of take_slot that was not used after all.
    void give_back(lease_entry slot) { slots_.give_back(slot); }

    /// Slots for another place to spawn into. Gives as many as there are and as there is memory
    /// for, up to `count`. Throws nothing.
    void lease(std::size_t count, std::vector<lease_entry>& out) { slots_.lease(count, out); }

    /// Room for a block of at least `bytes` for a leased slot, or one of take_slot. Hidden ones
    /// wait for reveal. The block's bytes are for the caller to fill.
    /// Throws out_of_memory and changes nothing.
    std::byte* create(lease_entry slot, std::size_t bytes, bool hidden);

    /// A slot and a hidden block of at least `bytes` for it: take_slot and create in one.
    /// Throws out_of_memory, slots_exhausted, and changes nothing then.
    std::byte* create_hidden(std::size_t bytes, lease_entry& made) {
        if (next_row_.left == 0 || bytes != traits_.fixed_bytes) [[unlikely]]
            return create_hidden_slowly(bytes, made);
        lease_entry taken;
        if (!slots_.take_live(next_row_.handle, taken)) [[unlikely]]
            return create_hidden_slowly(bytes, made);
        made = taken;
        std::byte* const block = next_row_.block;
        *next_row_.slot++ = taken.slot;
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

    /// Rows may be moved: no, where tables of a loaded world could not be read.
    bool may_move() { return has_whole_tables(); }
    /// Requires may_move. A second block of at least `bytes` for a live slot, hidden or not;
    /// finish_move makes it the slot's own and drops the old one. Where blocks lie may change.
    /// Throws out_of_memory and changes nothing else.
    std::byte* begin_move(std::uint32_t slot, std::size_t bytes);
    void finish_move(std::uint32_t slot);

    // ---- walking

    std::span<const run> runs() const { return runs_; }
    run& run_at(std::size_t index) { return runs_[index]; }
    std::byte* chunk_base(std::uint32_t chunk) const { return chunks_.read(chunk); }
    std::size_t count() const { return count_; } ///< visible ones, without gaps
    std::size_t hidden_count() const { return hidden_; }
    std::size_t gap_count() const { return gap_count_; }

    /// The slot of the instance whose block lies in the chunk at an offset.
    std::uint32_t slot_at(std::uint32_t chunk, std::size_t offset) const {
        return slots_of(chunk)[offset / runs_[homes_[chunk].run].stride];
    }
    std::uint32_t generation_of(std::uint32_t slot) const { return slots_[slot].generation(); }

    /// Of the block of a live slot.
    std::byte* block_of(std::uint32_t slot) const {
        const std::uint32_t handle = slots_[slot].handle;
        return chunks_.read(handle >> rows_log2) + std::size_t{handle & row_mask} * 16;
    }
    std::uint32_t chunk_of(std::uint32_t slot) const { return slots_[slot].handle >> rows_log2; }
    std::size_t block_bytes(std::uint32_t slot) const {
        return runs_[homes_[chunk_of(slot)].run].stride;
    }

    using fate = slot_fate;
    fate fate_of(std::uint32_t slot, std::uint32_t generation) const {
        return slots_.fate_of(slot, generation);
    }

    /// Gives up the empty chunks that are kept for the next births. Between turns.
    void trim();

    /// Chunks, slot pages and what belongs to them.
    std::size_t bytes() const;

    // ---- saving, between turns

    /// All that is saved in pages: chunks, rows and slots.
    template <class F>
    void each_directory(F&& f) {
        f(chunks_);
        f(rows_);
        f(slots_.pages());
    }
    /// Hands over what has changed since the last time, or all, to be written.
    void freeze(frozen_pages& to, page_numbers& numbers, bool all);

    /// All but what is in pages. read is for a store that is new, whose pages are in the world's
    /// source. False: this makes no sense.
    void write(byte_writer& to) const;
    bool read(byte_reader& from);
    /// For a store that is new: slots as in another one, which is sound, and for each of its
    /// instances what make(block, *this, slot, hidden) makes of it. Throws what that throws.
    template <class F>
    void take_over(const instance_store& before, F&& make) {
        slots_.take_over(before.slots_);
        for (const run& r : before.runs_)
            for (std::uint32_t row = 0; row < r.count; ++row) {
                const row_address at = before.row_at(r, row);
                const std::uint32_t slot = before.slots_of(at.chunk)[at.row];
                make(before.block_at(at), *this,
                     lease_entry{slot, before.slots_[slot].generation()}, row >= r.visible);
            }
    }
    /// Blocks are not what their type says: what is outside of them is not released in the end.
    void distrust() { traits_.release = nullptr; }
    /// Every live slot has a row, and every row a slot. Cost: by all of them.
    bool is_sound() const;
    const page_directory& chunks() const { return chunks_; }
    const page_directory& rows() const { return rows_; }
    slot_map& slots() { return slots_; }
    const slot_map& slots() const { return slots_; }

    /// Mixes slots, generations and free list (not the blocks) into a hash.
    std::uint64_t hash_slots(std::uint64_t seed) const { return slots_.hash(seed); }

private:
    static constexpr std::uint32_t row_mask = slot_lookup::row_mask;
    static constexpr std::uint32_t chunks_max = 1u << (32 - rows_log2);

    /// What only births, deaths and walks need of a chunk.
    struct chunk_home {
        std::uint32_t run = 0;
        std::uint32_t position = 0;  ///< among the run's chunks
        std::uint32_t row_page = 0;  ///< in rows_, where the slots of its rows are
        std::uint32_t first_row = 0; ///< in that page
    };
    /// A row of a run, as chunk number, offset in it and the row in the chunk.
    struct row_address {
        std::uint32_t chunk;
        std::uint32_t row;
        std::size_t offset;

        std::uint32_t handle() const {
            return chunk << rows_log2 | static_cast<std::uint32_t>(offset / 16);
        }
    };

    std::byte* create_hidden_slowly(std::size_t bytes, lease_entry& made);
    std::size_t run_for(std::size_t bytes);
    row_address row_at(const run& r, std::uint32_t row) const {
        const std::uint32_t in_chunk = row % r.rows_per_chunk;
        return {r.chunks[row / r.rows_per_chunk], in_chunk, std::size_t{in_chunk} * r.stride};
    }
    std::byte* block_at(row_address at) const { return chunks_.read(at.chunk) + at.offset; }
    std::uint32_t row_of(std::uint32_t handle) const {
        const chunk_home& home = homes_[handle >> rows_log2];
        const run& r = runs_[home.run];
        return home.position * r.rows_per_chunk + (handle & row_mask) * 16 / r.stride;
    }
    const std::uint32_t* slots_of(std::uint32_t chunk) const {
        const chunk_home& home = homes_[chunk];
        return reinterpret_cast<const std::uint32_t*>(rows_.read(home.row_page)) + home.first_row;
    }
    std::uint32_t* change_slots_of(std::uint32_t chunk) {
        const chunk_home& home = homes_[chunk];
        return reinterpret_cast<std::uint32_t*>(rows_.change(home.row_page)) + home.first_row;
    }
    bool has_rows_of_its_own(const run& r, std::uint32_t chunk, chunk_home& home) const;
    void append_chunk(std::size_t run_index);
    void drop_last_chunk(run& r);
    row_address append_row(std::size_t bytes, std::size_t& run_index);
    void move_row(run& r, std::uint32_t from, std::uint32_t to);
    void move_rows(run& r, std::uint32_t from, std::uint32_t count, std::uint32_t to);
    void swap_rows(run& r, std::uint32_t a, std::uint32_t b);
    bool is_alive(std::uint32_t handle, std::uint32_t slot) const;
    bool has_whole_tables() { return are_tables_whole_ || find_whole_tables(); }
    bool find_whole_tables();
    void make_room_for_gap(run& r) noexcept;
    void close_all_gaps() noexcept;
    void close_gaps_of(run& r) noexcept;
    void leave_row(std::uint32_t handle);
    void drop_empty_chunks(run& r);
    void set_row(run& r, std::uint32_t row, std::uint32_t slot) {
        ++version_;
        const row_address at = row_at(r, row);
        change_slots_of(at.chunk)[at.row] = slot;
        slots_.set_handle(slot, at.handle());
    }

    block_traits traits_;
    slot_map slots_;
    page_directory chunks_;
    page_directory rows_; ///< a page has the number of the first chunk whose rows are in it
    std::vector<chunk_home> homes_;          ///< beside chunks_
    std::vector<std::uint32_t> free_chunks_; ///< numbers to be used again
    std::vector<run> runs_;
    std::size_t count_ = 0;
    std::size_t hidden_ = 0;
    std::size_t last_line_ = 0;
    std::uint32_t version_ = 0;
    std::uint32_t moving_row_ = 0; ///< between begin_move and finish_move
    std::size_t moving_run_ = 0;
    std::size_t gap_count_ = 0; ///< of all runs
    /// Rows and slots are what they were, and no page of them is unread. Lookups and births read
    /// page by page what they need; rows change places only when all tables are there.
    bool are_tables_whole_ = true;

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

} // namespace kay::detail
