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

/// How many chunks of a run have the slots of their rows in one page.
std::size_t chunks_sharing(const instance_store::run& r) {
    return chunk_bytes / sizeof(std::uint32_t) / r.rows_per_chunk;
}

} // namespace

instance_store::instance_store(const block_traits& traits, chunk_pool& pool, page_epoch& epoch,
                               std::uint32_t own_slots)
    : traits_(traits), slots_(pool, epoch, own_slots), chunks_(pool, epoch), rows_(pool, epoch) {
    const std::size_t fixed = (std::size_t{traits.fixed_bytes} + 15) / 16 * 16;
    last_line_ = fixed > 64 ? fixed - 1 : fixed > 16 ? fixed - 16 : 0;
    run_for(fixed);
}

instance_store::~instance_store() {
    if (!traits_.release) return;
    close_gaps();
    for (const run& r : runs_)
        for (std::uint32_t row = 0; row < r.count; ++row) {
            const row_address at = row_at(r, row);
            if (!chunks_.is_unread(at.chunk)) traits_.release(block_at(at));
        }
}

// ---- chunks and rows

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

/// Where the slots of a run's next chunk go: it shares the page of the chunks before, or needs one
/// of its own.
bool instance_store::has_rows_of_its_own(const run& r, std::uint32_t chunk,
                                         chunk_home& home) const {
    const std::size_t position = r.chunks.size() % chunks_sharing(r);
    home.first_row = static_cast<std::uint32_t>(position) * r.rows_per_chunk;
    home.row_page = position ? homes_[r.chunks.back()].row_page : chunk;
    return position == 0;
}

void instance_store::append_chunk(std::size_t run_index) {
    run& r = runs_[run_index];
    reserve_one(r.chunks);
    reserve_one(r.gaps); // for a first one; see make_room_for_gap
    if (free_chunks_.empty()) {
        const std::uint32_t chunk = chunks_.size();
        if (chunk > (~0u >> rows_log2)) throw slots_exhausted{};
        reserve_one(homes_);
        free_chunks_.reserve(homes_.capacity()); // for all of them: dropping a chunk throws nothing
        rows_.reach(chunk);
        chunks_.reach(chunk);
        homes_.push_back({});
        free_chunks_.push_back(chunk);
    }
    const std::uint32_t chunk = free_chunks_.back();
    chunk_home home{static_cast<std::uint32_t>(run_index),
                    static_cast<std::uint32_t>(r.chunks.size())};
    const bool needs_rows = has_rows_of_its_own(r, chunk, home);
    if (needs_rows) std::memset(rows_.add(chunk), 0, chunk_bytes);
    undo give_them_back{[&] { rows_.drop(chunk); }, needs_rows};
    chunks_.add(chunk, r.chunk_count);
    give_them_back.needed = false;
    free_chunks_.pop_back();
    homes_[chunk] = home;
    r.chunks.push_back(chunk);
}

/// The other way; a run's chunks go last in, first out.
void instance_store::drop_last_chunk(run& r) {
    next_row_ = {};
    const std::uint32_t chunk = r.chunks.back();
    r.chunks.pop_back();
    chunks_.drop(chunk);
    if (homes_[chunk].row_page == chunk) rows_.drop(chunk);
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
    set_row(r, to, slots_of(source.chunk)[source.row]);
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
    const std::uint32_t slot_a = slots_of(first.chunk)[first.row];
    const std::uint32_t slot_b = slots_of(second.chunk)[second.row];
    set_row(r, a, slot_b);
    set_row(r, b, slot_a);
}

// ---- births

std::byte* instance_store::create(lease_entry slot, std::size_t bytes, bool hidden) {
    if (!hidden && !has_whole_tables()) hidden = true;
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
    const bool is_in_first = homes_[chunk_of(made.slot)].run == 0;
    if (is_in_first && r.count % r.rows_per_chunk != 0) {
        const row_address next = row_at(r, r.count);
        // In the same chunk: both pages were marked just now, and stay so in this epoch.
        next_row_ = {block_at(next), change_slots_of(next.chunk) + next.row, next.handle(),
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
    if (!has_whole_tables()) return;
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
    std::size_t total = slots_.bytes() + rows_.count() * chunk_bytes +
                        chunks_.size() * (2 * sizeof(page_entry) + sizeof(chunk_home));
    for (const run& r : runs_) total += r.chunks.size() * r.chunk_count * chunk_bytes;
    return total;
}

} // namespace kay::detail
