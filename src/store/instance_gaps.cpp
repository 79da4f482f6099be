// SPDX-License-Identifier: MIT
//
// How instances leave their rows: deaths, moves to another size class, and the gaps that both
// leave.
#include <kay/store/instance_store.hpp>

#include <algorithm>
#include <cstring>
#include <new>

namespace kay::detail {

// ---- deaths and moves

void instance_store::destroy(std::uint32_t slot) {
    if (!has_whole_tables()) return;
    KAY_ASSERT(slots_[slot].state() == slot_state::live);
    run& r = runs_[homes_[chunk_of(slot)].run];
    make_room_for_gap(r);
    const std::uint32_t handle = slots_[slot].handle;
    if (traits_.release) traits_.release(block_of(slot));
    --(hidden_ == 0 || row_of(handle) < r.visible ? count_ : hidden_);
    leave_row(handle);
    ++version_;
    slots_.free(slot);
}

std::byte* instance_store::begin_move(std::uint32_t slot, std::size_t bytes) {
    KAY_ASSERT(are_tables_whole_);
    row_address at = append_row(bytes, moving_run_);
    make_room_for_gap(runs_[homes_[chunk_of(slot)].run]);
    KAY_ASSERT(moving_run_ != homes_[chunk_of(slot)].run);
    run& r = runs_[moving_run_];
    moving_row_ = r.count - 1;
    const bool is_visible = row_of(slots_[slot].handle) < runs_[homes_[chunk_of(slot)].run].visible;
    if (is_visible) {
        if (moving_row_ != r.visible) {
            move_row(r, r.visible, moving_row_);
            moving_row_ = r.visible;
            at = row_at(r, moving_row_);
            mark_dirty(at.chunk);
        }
        ++r.visible;
    }
    change_slots_of(at.chunk)[at.row] = slot;
    return block_at(at);
}

void instance_store::finish_move(std::uint32_t slot) {
    const std::uint32_t old_handle = slots_[slot].handle;
    set_row(runs_[moving_run_], moving_row_, slot);
    leave_row(old_handle);
}

// ---- gaps

bool instance_store::is_alive(std::uint32_t handle, std::uint32_t slot) const {
    const slot_entry s = slots_[slot];
    return s.handle == handle && s.state() == slot_state::live;
}

/// For deaths to need no memory: where there is none for a longer list, the run's are closed now.
void instance_store::make_room_for_gap(run& r) noexcept {
    if (r.gaps.size() < r.gaps.capacity()) return;
#if defined(__cpp_exceptions)
    try {
        r.gaps.reserve(r.gaps.size() * 2);
    } catch (const std::bad_alloc&) {
        close_gaps_of(r);
    }
#else
    r.gaps.reserve(r.gaps.size() * 2);
#endif
}

/// The instance of a row is gone, or moves to another run: a gap, or, of a hidden one, filled at
/// once.
void instance_store::leave_row(std::uint32_t handle) {
    run& r = runs_[homes_[handle >> rows_log2].run];
    if (r.visible == r.count || row_of(handle) < r.visible) {
        r.gaps.push_back(handle);
        ++gap_count_;
        return;
    }
    --r.count;
    next_row_ = {};
    move_row(r, r.count, row_of(handle));
    drop_empty_chunks(r);
}

void instance_store::close_all_gaps() noexcept {
    for (run& r : runs_)
        if (!r.gaps.empty()) close_gaps_of(r);
}

void instance_store::close_gaps_of(run& r) noexcept {
    constexpr std::size_t ahead = 8; // gaps whose memory is asked for early
    const std::uint32_t units = r.stride / 16;
    const auto visible = r.visible - static_cast<std::uint32_t>(r.gaps.size());
    std::uint32_t last = r.visible;
    for (std::size_t i = 0; i < r.gaps.size(); ++i) {
        if (i + ahead < r.gaps.size()) {
            const std::uint32_t next = r.gaps[i + ahead];
            __builtin_prefetch(lookup().address_of(next), 1);
            __builtin_prefetch(slots_of(next >> rows_log2) + (next & row_mask) / units, 1);
        }
        const std::uint32_t row = row_of(r.gaps[i]);
        if (row >= visible) continue; // nothing lies behind it
        for (;;) {
            const row_address at = row_at(r, --last);
            const std::uint32_t* const slots = slots_of(at.chunk);
            if (at.row >= ahead) __builtin_prefetch(&slots_[slots[at.row - ahead]], 1);
            if (is_alive(at.handle(), slots[at.row])) break;
        }
        move_row(r, last, row);
    }
    // Hidden ones stay in their order, in which they are about to be revealed.
    if (visible < r.visible) move_rows(r, r.visible, r.count - r.visible, visible);
    r.count -= r.visible - visible;
    r.visible = visible;
    next_row_ = {};
    gap_count_ -= r.gaps.size();
    r.gaps.clear();
    drop_empty_chunks(r);
}

/// As move_row for each of `count` rows from `from` on, in their order, to `to` and on. Requires to
/// < from.
void instance_store::move_rows(run& r, std::uint32_t from, std::uint32_t count, std::uint32_t to) {
    constexpr std::uint32_t ahead = 8; // slots whose memory is asked for early
    const std::uint32_t units = r.stride / 16;
    ++version_;
    while (count > 0) {
        const row_address source = row_at(r, from), target = row_at(r, to);
        const std::uint32_t together =
            std::min({count, r.rows_per_chunk - source.row, r.rows_per_chunk - target.row});
        mark_dirty(target.chunk);
        std::byte* const before = block_at(source);
        std::byte* const after = block_at(target);
        std::memmove(after, before, std::size_t{together} * r.stride);
        if (traits_.moved)
            for (std::uint32_t i = 0; i < together; ++i)
                traits_.moved(after + std::size_t{i} * r.stride, after - before);
        std::uint32_t* const slots = change_slots_of(target.chunk) + target.row;
        std::memmove(slots, slots_of(source.chunk) + source.row, together * sizeof *slots);
        std::uint32_t handle = target.handle();
        for (std::uint32_t i = 0; i < together; ++i, handle += units) {
            if (i + ahead < together) __builtin_prefetch(&slots_[slots[i + ahead]], 1);
            slots_.set_handle(slots[i], handle);
        }
        from += together;
        to += together;
        count -= together;
    }
}

/// One empty chunk is kept, so that births and deaths at its edge do not take and give it.
void instance_store::drop_empty_chunks(run& r) {
    while (r.chunks.size() >= 2 && r.count <= (r.chunks.size() - 2) * r.rows_per_chunk)
        drop_last_chunk(r);
    if (r.count == 0 && r.chunks.size() == 1) drop_last_chunk(r);
}

} // namespace kay::detail
