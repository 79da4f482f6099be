// SPDX-License-Identifier: MIT
#include <kay/store/instance_store.hpp>

#include <kay/core/hash.hpp>
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

/// Room for one more, so that the push_back that follows cannot throw.
template <class T>
void reserve_one(std::vector<T>& v) {
    if (v.size() == v.capacity()) v.reserve(std::max<std::size_t>(8, v.size() * 2));
}

/// How many chunks of a run have their slot numbers in one chunk of the pool.
std::size_t chunks_sharing(const instance_store::run& r) {
    return chunk_bytes / sizeof(std::uint32_t) / r.rows_per_chunk;
}

constexpr std::uint32_t meta_of(std::uint32_t generation, slot_state state) {
    return generation << 8 | static_cast<std::uint32_t>(state);
}

} // namespace

constinit slot_entry slot_lookup::empty_page[std::size_t{1} << page_log2] = {};

instance_store::instance_store(const block_traits& traits, chunk_pool& pool,
                               const std::uint32_t& epoch, std::uint32_t own_slots)
    : traits_(traits), pool_(&pool), epoch_(&epoch), own_slots_(own_slots) {
    const std::size_t fixed = (std::size_t{traits.fixed_bytes} + 15) / 16 * 16;
    last_line_ = fixed > 64 ? fixed - 1 : fixed > 16 ? fixed - 16 : 0;
    run_for(fixed);
}

instance_store::~instance_store() {
    close_gaps();
    for (run& r : runs_) {
        if (traits_.release)
            for (std::uint32_t row = 0; row < r.count; ++row) {
                const row_address at = address_of(r, row);
                traits_.release(directory_[at.chunk].base + at.offset);
            }
        while (!r.chunks.empty()) drop_last_chunk(r);
    }
    for (slot_entry* page : pages_)
        if (page != slot_lookup::empty_page) pool_->give(reinterpret_cast<std::byte*>(page));
}

// ---- slots

/// True when there was none.
bool instance_store::ensure_page(std::uint32_t page) {
    if (has_page(page)) return false;
    reserve_marks(directory_.size(), page_count_ + 1);
    if (page >= pages_.size()) {
        page_epochs_.resize(page + 1, 0); // first: pages_ is what is asked
        pages_.resize(page + 1, slot_lookup::empty_page);
    }
    std::byte* fresh = pool_->take(1, chunk_pool::use::tables);
    std::memset(fresh, 0, chunk_bytes);
    pages_[page] = reinterpret_cast<slot_entry*>(fresh);
    ++page_count_;
    return true;
}

void instance_store::drop_page(std::uint32_t page) {
    pool_->give(reinterpret_cast<std::byte*>(pages_[page]));
    pages_[page] = slot_lookup::empty_page;
    --page_count_;
}

void instance_store::mark_page(std::uint32_t page) {
    dirty_.push_back({page, true});
    page_epochs_[page] = *epoch_;
}

/// Room on the dirty list for every chunk and slot page, so that no birth, death or move needs
/// more.
void instance_store::reserve_marks(std::size_t chunks, std::size_t pages) {
    if (dirty_.capacity() < chunks + pages)
        dirty_.reserve(std::max<std::size_t>(16, (chunks + pages) * 2));
}

lease_entry instance_store::take_slot() {
    if (free_head_ != no_slot) {
        const std::uint32_t slot = free_head_;
        slot_entry& s = change(slot);
        free_head_ = s.handle;
        s.meta = meta_of(s.generation(), slot_state::leased);
        return {slot, s.generation()};
    }
    if (fresh_ >= own_slots_) throw slots_exhausted{};
    ensure_page(fresh_ >> page_log2);
    const std::uint32_t slot = fresh_++;
    change(slot).meta = meta_of(1, slot_state::leased);
    return {slot, 1};
}

void instance_store::give_back(lease_entry slot) {
    slot_entry& s = change(slot.slot);
    s = {free_head_, meta_of(slot.generation, slot_state::free)};
    free_head_ = slot.slot;
}

void instance_store::lease(std::size_t count, std::vector<lease_entry>& out) {
#if defined(__cpp_exceptions)
    try {
#endif
        for (; count; --count) {
            if (free_head_ == no_slot && fresh_ >= own_slots_) return;
            reserve_one(out);
            out.push_back(take_slot());
        }
#if defined(__cpp_exceptions)
    } catch (const out_of_memory&) {
    } catch (const std::bad_alloc&) { // so that is all
    }
#endif
}

void instance_store::free_slot(std::uint32_t slot) {
    ++version_;
    slot_entry& s = change(slot);
    if (s.generation() == generation_max) {
        s = {0, meta_of(generation_max, slot_state::retired)};
        return;
    }
    s = {free_head_, meta_of(s.generation() + 1, slot_state::free)};
    free_head_ = slot;
}

instance_store::fate instance_store::fate_of(std::uint32_t slot, std::uint32_t generation) const {
    const std::uint32_t page = slot >> page_log2;
    if (!has_page(page) || generation == 0) return fate::never_issued;
    const slot_entry s = entry(slot);
    if (s.meta == 0 || generation > s.generation()) return fate::never_issued;
    if (generation < s.generation()) return fate::dead;
    switch (s.state()) {
    case slot_state::live: return fate::alive;
    case slot_state::leased: return fate::not_yet_born;
    case slot_state::retired: return fate::dead;
    case slot_state::free: break;
    }
    return fate::never_issued;
}

std::uint64_t instance_store::hash_slots(std::uint64_t seed) const {
    std::uint64_t h = combine(seed, std::uint64_t{free_head_} << 32 | fresh_);
    for (std::size_t page = 0; page < pages_.size(); ++page)
        if (has_page(static_cast<std::uint32_t>(page)))
            h = combine(
                combine(h, page),
                hash_bytes({reinterpret_cast<const std::byte*>(pages_[page]), chunk_bytes}));
    return h;
}

// ---- chunks and rows

void instance_store::mark_chunk(std::uint32_t chunk) {
    dirty_.push_back({chunk, false});
    directory_[chunk].epoch = *epoch_;
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

instance_store::row_address instance_store::address_of(const run& r, std::uint32_t row) const {
    const std::uint32_t in_chunk = row % r.rows_per_chunk;
    return {r.chunks[row / r.rows_per_chunk], in_chunk, std::size_t{in_chunk} * r.stride};
}

std::uint32_t instance_store::row_of(std::uint32_t handle) const {
    const chunk_home& home = homes_[handle >> rows_log2];
    const run& r = runs_[home.run];
    return home.position * r.rows_per_chunk + (handle & row_mask) * 16 / r.stride;
}

std::byte* instance_store::block_of(std::uint32_t slot) const {
    const std::uint32_t handle = entry(slot).handle;
    return directory_[handle >> rows_log2].base + std::size_t{handle & row_mask} * 16;
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
        reserve_marks(directory_.size() + 1, page_count_);
        free_chunks_.reserve(homes_.capacity()); // for all of them: dropping a chunk throws nothing
        directory_.push_back({});
        homes_.push_back({});
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
    const row_address at = address_of(r, r.count++);
    mark_dirty(at.chunk);
    if (run_index == 0) next_row_ = {};
    return at;
}

void instance_store::set_row(run& r, std::uint32_t row, std::uint32_t slot) {
    ++version_;
    const row_address at = address_of(r, row);
    homes_[at.chunk].slots[at.row] = slot;
    change(slot).handle = at.chunk << rows_log2 | static_cast<std::uint32_t>(at.offset / 16);
}

void instance_store::move_row(run& r, std::uint32_t from, std::uint32_t to) {
    if (from == to) return;
    const row_address source = address_of(r, from), target = address_of(r, to);
    mark_dirty(target.chunk);
    std::byte* const before = directory_[source.chunk].base + source.offset;
    std::byte* const after = directory_[target.chunk].base + target.offset;
    std::memcpy(after, before, r.stride);
    // In the end of a broadcast blocks that have yet to be packed make room for others.
    if (traits_.moved) traits_.moved(after, after - before);
    set_row(r, to, homes_[source.chunk].slots[source.row]);
}

void instance_store::swap_rows(run& r, std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    const row_address first = address_of(r, a), second = address_of(r, b);
    mark_dirty(first.chunk);
    mark_dirty(second.chunk);
    std::byte* const x = directory_[first.chunk].base + first.offset;
    std::byte* const y = directory_[second.chunk].base + second.offset;
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

bool instance_store::is_alive(std::uint32_t handle, std::uint32_t slot) const {
    const slot_entry s = entry(slot);
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
            __builtin_prefetch(directory_[next >> rows_log2].base + (next & row_mask) * 16, 1);
            __builtin_prefetch(&homes_[next >> rows_log2].slots[(next & row_mask) / units], 1);
        }
        const std::uint32_t row = row_of(r.gaps[i]);
        if (row >= visible) continue; // nothing lies behind it
        for (;;) {
            const row_address at = address_of(r, --last);
            const std::uint32_t handle =
                at.chunk << rows_log2 | static_cast<std::uint32_t>(at.offset / 16);
            const std::uint32_t* const slots = homes_[at.chunk].slots;
            if (at.row >= ahead) __builtin_prefetch(&entry(slots[at.row - ahead]), 1);
            if (is_alive(handle, slots[at.row])) break;
        }
        move_row(r, last, row);
    }
    // Hidden ones stay in their order, in which they are about to be revealed.
    for (std::uint32_t from = r.visible, to = visible; from < r.count; ++from, ++to)
        move_row(r, from, to);
    r.count -= r.visible - visible;
    r.visible = visible;
    next_row_ = {};
    gap_count_ -= r.gaps.size();
    r.gaps.clear();
    drop_empty_chunks(r);
}

/// One empty chunk is kept, so that births and deaths at its edge do not take and give it.
void instance_store::drop_empty_chunks(run& r) {
    while (r.chunks.size() >= 2 && r.count <= (r.chunks.size() - 2) * r.rows_per_chunk)
        drop_last_chunk(r);
    if (r.count == 0 && r.chunks.size() == 1) drop_last_chunk(r);
}

// ---- life and death

std::byte* instance_store::create(lease_entry slot, std::size_t bytes, bool hidden) {
    const std::uint32_t page = slot.slot >> page_log2;
    undo drop_it{[&] { drop_page(page); }, ensure_page(page)};
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
            at = address_of(r, row);
            mark_dirty(at.chunk);
        }
        ++r.visible;
        ++count_;
    }
    set_row(r, row, slot.slot);
    change(slot.slot).meta = live_meta(slot.generation);
    return directory_[at.chunk].base + at.offset;
}

std::byte* instance_store::create_hidden_slowly(std::size_t bytes, lease_entry& made) {
    made = take_slot();
    undo give_it_back{[&] { give_back(made); }, true};
    std::byte* const block = create(made, bytes, true);
    give_it_back.needed = false;
    const run& r = runs_[0];
    if (r.count % r.rows_per_chunk != 0) {
        const row_address next = address_of(r, r.count);
        next_row_ = {directory_[next.chunk].base + next.offset, homes_[next.chunk].slots + next.row,
                     next.chunk << rows_log2 | static_cast<std::uint32_t>(next.offset / 16),
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
            const row_address at = address_of(first, first.visible);
            expected = at.chunk << rows_log2 | static_cast<std::uint32_t>(at.offset / 16);
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
    const slot_entry s = entry(slot.slot);
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

void instance_store::destroy(std::uint32_t slot) {
    KAY_ASSERT(entry(slot).state() == slot_state::live);
    run& r = runs_[homes_[chunk_of(slot)].run];
    make_room_for_gap(r);
    const std::uint32_t handle = entry(slot).handle;
    if (traits_.release) traits_.release(block_of(slot));
    --(hidden_ == 0 || row_of(handle) < r.visible ? count_ : hidden_);
    leave_row(handle);
    free_slot(slot);
}

std::byte* instance_store::begin_move(std::uint32_t slot, std::size_t bytes) {
    row_address at = append_row(bytes, moving_run_);
    make_room_for_gap(runs_[homes_[chunk_of(slot)].run]);
    KAY_ASSERT(moving_run_ != homes_[chunk_of(slot)].run);
    run& r = runs_[moving_run_];
    moving_row_ = r.count - 1;
    const bool is_visible = row_of(entry(slot).handle) < runs_[homes_[chunk_of(slot)].run].visible;
    if (is_visible) {
        if (moving_row_ != r.visible) {
            move_row(r, r.visible, moving_row_);
            moving_row_ = r.visible;
            at = address_of(r, moving_row_);
            mark_dirty(at.chunk);
        }
        ++r.visible;
    }
    homes_[at.chunk].slots[at.row] = slot;
    return directory_[at.chunk].base + at.offset;
}

void instance_store::finish_move(std::uint32_t slot) {
    const std::uint32_t old_handle = entry(slot).handle;
    set_row(runs_[moving_run_], moving_row_, slot);
    leave_row(old_handle);
}

void instance_store::trim() {
    for (run& r : runs_)
        if (r.chunks.size() * r.rows_per_chunk >= std::size_t{r.count} + r.rows_per_chunk)
            drop_last_chunk(r);
}

// ---- saving and counting

std::vector<dirty_entry> instance_store::take_dirty() {
    std::vector<dirty_entry> next;
    next.reserve(dirty_.capacity());
    return std::exchange(dirty_, std::move(next));
}

std::size_t instance_store::bytes() const {
    std::size_t total = page_count_ * chunk_bytes + directory_.capacity() * sizeof(chunk_entry) +
                        homes_.capacity() * sizeof(chunk_home);
    for (const run& r : runs_) {
        const std::size_t sharing = chunks_sharing(r), on_heap = std::min(r.chunks.size(), sharing);
        const std::size_t shared = (r.chunks.size() - on_heap + sharing - 1) / sharing;
        total += (r.chunks.size() * r.chunk_count + shared) * chunk_bytes +
                 on_heap * r.rows_per_chunk * sizeof(std::uint32_t);
    }
    return total;
}

std::uint32_t striped_slot(std::uint32_t source, std::uint32_t places, std::uint32_t n) {
    const std::uint64_t stripe = std::uint64_t{n / 64} * places + source;
    const std::uint64_t top = (slot_max + 1) & ~63u;
    if ((stripe + 1) * 64 > top - own_slots_of(places)) throw slots_exhausted{};
    return static_cast<std::uint32_t>(top - (stripe + 1) * 64 + n % 64);
}

} // namespace kay::detail
