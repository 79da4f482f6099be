// SPDX-License-Identifier: MIT
#include <kay/store/instance_store.hpp>

#include "reserve_one.hpp"

#include <kay/memory/block.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace kay::detail {
namespace {

/// Takes back a step when a later one throws.
template <class F>
struct undo {
    F step;
    bool needed;
    ~undo() {
        if (needed) step();
    }
};
template <class F>
undo(F, bool) -> undo<F>;

/// How many chunks of a run have their slot numbers in one chunk of the pool.
std::size_t chunks_sharing(const instance_store::run& r) {
    return chunk_bytes / sizeof(std::uint32_t) / r.rows_per_chunk;
}

} // namespace

instance_store::instance_store(const block_traits& traits, chunk_pool& pool,
                               const std::uint32_t& epoch, std::uint32_t own_slots)
    : traits_(traits), pool_(&pool), slots_(pool, epoch, own_slots) {
    const std::size_t fixed = (std::size_t{traits.fixed_bytes} + 15) / 16 * 16;
    last_line_ = fixed > 64 ? fixed - 1 : fixed > 16 ? fixed - 16 : 0;
    run_for(fixed);
}

instance_store::~instance_store() {
    close_gaps();
    for (run& r : runs_) {
        if (traits_.release)
            for (std::uint32_t row = 0; row < r.count; ++row) {
                const row_address at = row_at(r, row);
                traits_.release(block_at(at));
            }
        while (!r.chunks.empty()) drop_last_chunk(r);
    }
}

// ---- chunks and rows

void instance_store::mark_chunk(std::uint32_t chunk) {
    slots_.dirty().mark(directory_[chunk].epoch, {chunk, false});
}

std::size_t instance_store::run_for(std::size_t bytes) {
    const std::size_t stride =
        traits_.has_containers ? size_class_bytes(size_class_of(bytes)) : (bytes + 15) / 16 * 16;
    for (std::size_t i = 0; i < runs_.size(); ++i)
        if (runs_[i].stride == stride) return i;
    run made;
    made.stride = static_cast<std::uint32_t>(stride);
    made.chunk_count = static_cast<std::uint32_t>((stride + chunk_bytes - 1) / chunk_bytes);
    made.rows_per_chunk =
        static_cast<std::uint32_t>(std::max<std::size_t>(1, chunk_bytes / stride));
    runs_.push_back(std::move(made));
    return runs_.size() - 1;
}

/// Slot numbers for the rows of a run's next chunk. The first chunks have theirs on the heap, for a
/// small store to be small; from then on several chunks share a chunk of the pool, which goes back
/// to the system with those of the instances, as the heap does not.
std::uint32_t* instance_store::take_slots_of_next(const run& r) {
    const std::size_t position = r.chunks.size(), sharing = chunks_sharing(r);
    if (position < sharing) return new std::uint32_t[r.rows_per_chunk];
    if (position % sharing == 0) return reinterpret_cast<std::uint32_t*>(pool_->take());
    return homes_[r.chunks.back()].slots + r.rows_per_chunk;
}

/// The other way; a run's chunks go last in, first out.
void instance_store::give_slots(const run& r, std::uint32_t* slots, std::size_t position) noexcept {
    const std::size_t sharing = chunks_sharing(r);
    if (position < sharing)
        delete[] slots;
    else if (position % sharing == 0)
        pool_->give(reinterpret_cast<std::byte*>(slots));
}

void instance_store::append_chunk(std::size_t run_index) {
    run& r = runs_[run_index];
    reserve_one(r.chunks);
    reserve_one(r.gaps); // for a first one; see make_room_for_gap
    if (free_chunks_.empty()) {
        if (directory_.size() > (~0u >> rows_log2)) throw slots_exhausted{};
        reserve_one(homes_);
        slots_.dirty().reserve_one();
        free_chunks_.reserve(homes_.capacity()); // for all of them: dropping a chunk throws nothing
        directory_.push_back({});
        homes_.push_back({});
        slots_.dirty().note_new_part();
        free_chunks_.push_back(static_cast<std::uint32_t>(directory_.size() - 1));
    }
    const std::uint32_t chunk = free_chunks_.back();
    std::uint32_t* const slots = take_slots_of_next(r);
    undo give_them_back{[&] { give_slots(r, slots, r.chunks.size()); }, true};
    std::byte* base = pool_->take(r.chunk_count);
    give_them_back.needed = false;
    free_chunks_.pop_back();
    directory_[chunk].base = base;
    homes_[chunk] = {static_cast<std::uint32_t>(run_index),
                     static_cast<std::uint32_t>(r.chunks.size()), slots};
    r.chunks.push_back(chunk);
}

void instance_store::drop_last_chunk(run& r) {
    next_row_ = {};
    const std::uint32_t chunk = r.chunks.back();
    r.chunks.pop_back();
    pool_->give(directory_[chunk].base, r.chunk_count);
    directory_[chunk].base = nullptr;
    give_slots(r, homes_[chunk].slots, r.chunks.size());
    homes_[chunk] = {};
    free_chunks_.push_back(chunk);
}

instance_store::row_address instance_store::append_row(std::size_t bytes, std::size_t& run_index) {
    if (bytes > block_bytes_max) throw out_of_memory{bytes, 0, block_bytes_max};
    const std::size_t runs_before = runs_.size();
    run_index = run_for(bytes);
    run& r = runs_[run_index];
    if (r.count == r.chunks.size() * r.rows_per_chunk) {
        undo drop_it{[&] { runs_.pop_back(); }, runs_.size() > runs_before};
        append_chunk(run_index);
        drop_it.needed = false;
    }
    const row_address at = row_at(r, r.count++);
    mark_dirty(at.chunk);
    if (run_index == 0) next_row_ = {};
    return at;
}

void instance_store::move_row(run& r, std::uint32_t from, std::uint32_t to) {
    if (from == to) return;
    const row_address source = row_at(r, from), target = row_at(r, to);
    mark_dirty(target.chunk);
    std::byte* const before = block_at(source);
    std::byte* const after = block_at(target);
    std::memcpy(after, before, r.stride);
    // In the end of a broadcast blocks that have yet to be packed make room for others.
    if (traits_.moved) traits_.moved(after, after - before);
    set_row(r, to, homes_[source.chunk].slots[source.row]);
}

void instance_store::swap_rows(run& r, std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    const row_address first = row_at(r, a), second = row_at(r, b);
    mark_dirty(first.chunk);
    mark_dirty(second.chunk);
    std::byte* const x = block_at(first);
    std::byte* const y = block_at(second);
    std::swap_ranges(x, x + r.stride, y);
    if (traits_.moved) { // as in move_row: for want of memory a block may not be packed yet
        traits_.moved(x, x - y);
        traits_.moved(y, y - x);
    }
    const std::uint32_t slot_a = homes_[first.chunk].slots[first.row];
    const std::uint32_t slot_b = homes_[second.chunk].slots[second.row];
    set_row(r, a, slot_b);
    set_row(r, b, slot_a);
}

// ---- births

std::byte* instance_store::create(lease_entry slot, std::size_t bytes, bool hidden) {
    undo drop_it{[&] { slots_.drop_page_of(slot.slot); }, slots_.ensure_page_of(slot.slot)};
    std::size_t run_index;
    row_address at = append_row(bytes, run_index);
    drop_it.needed = false;
    run& r = runs_[run_index];
    std::uint32_t row = r.count - 1;
    if (hidden) {
        ++hidden_;
    } else {
        if (row != r.visible) {
            move_row(r, r.visible, row);
            row = r.visible;
            at = row_at(r, row);
            mark_dirty(at.chunk);
        }
        ++r.visible;
        ++count_;
    }
    set_row(r, row, slot.slot);
    slots_.make_live(slot);
    return block_at(at);
}

std::byte* instance_store::create_hidden_slowly(std::size_t bytes, lease_entry& made) {
    made = slots_.take();
    undo give_it_back{[&] { slots_.give_back(made); }, true};
    std::byte* const block = create(made, bytes, true);
    give_it_back.needed = false;
    const run& r = runs_[0];
    if (r.count % r.rows_per_chunk != 0) {
        const row_address next = row_at(r, r.count);
        next_row_ = {block_at(next), homes_[next.chunk].slots + next.row, next.handle(),
                     r.rows_per_chunk - next.row};
    }
    return block;
}

void instance_store::reveal(const std::byte* entries, std::size_t count) {
    constexpr std::uint32_t no_handle = ~0u;
    const slot_lookup slots = lookup();
    run& first = runs_[0];
    const std::uint32_t units = first.stride / 16;
    std::uint32_t expected = no_handle; // of the first hidden row of the first run
    std::uint32_t end = 0;              // of the handles in its chunk
    for (std::size_t i = 0; i < count; ++i) {
        lease_entry who;
        std::memcpy(&who, entries + i * sizeof who, sizeof who);
        if (expected == no_handle && first.visible < first.count) {
            const row_address at = row_at(first, first.visible);
            expected = at.handle();
            end = (at.chunk << rows_log2) + first.rows_per_chunk * units;
        }
        const slot_entry s = slots.entry(who.slot);
        if (s.handle == expected && s.meta == live_meta(who.generation)) {
            ++first.visible;
            ++count_;
            --hidden_;
            expected += units;
            if (expected >= end || first.visible == first.count) expected = no_handle;
        } else {
            reveal(who);
            expected = no_handle;
        }
    }
}

void instance_store::reveal(lease_entry slot) {
    const slot_entry s = slots_[slot.slot];
    if (s.meta != live_meta(slot.generation)) {
        KAY_ASSERT(s.generation() > slot.generation || s.state() == slot_state::retired);
        return;
    }
    run& r = runs_[homes_[s.handle >> rows_log2].run];
    const std::uint32_t row = row_of(s.handle);
    KAY_ASSERT(row >= r.visible && row < r.count);
    swap_rows(r, row, r.visible);
    ++r.visible;
    ++count_;
    --hidden_;
}

void instance_store::trim() {
    for (run& r : runs_)
        if (r.chunks.size() * r.rows_per_chunk >= std::size_t{r.count} + r.rows_per_chunk)
            drop_last_chunk(r);
}

std::size_t instance_store::bytes() const {
    std::size_t total = slots_.bytes() + directory_.capacity() * sizeof(chunk_entry) +
                        homes_.capacity() * sizeof(chunk_home);
    for (const run& r : runs_) {
        const std::size_t sharing = chunks_sharing(r), on_heap = std::min(r.chunks.size(), sharing);
        const std::size_t shared = (r.chunks.size() - on_heap + sharing - 1) / sharing;
        total += (r.chunks.size() * r.chunk_count + shared) * chunk_bytes +
                 on_heap * r.rows_per_chunk * sizeof(std::uint32_t);
    }
    return total;
}

} // namespace kay::detail
