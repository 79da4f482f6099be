// SPDX-License-Identifier: MIT
//
// An instance store as it is saved: what lies in pages is saved as it is; all else is a few numbers
// for each chunk.
#include <kay/store/instance_store.hpp>

#include "../core/bytes.hpp"

#include <algorithm>

namespace kay::detail {

void instance_store::write(byte_writer& to) const {
    KAY_ASSERT(gap_count_ == 0);
    slots_.write(to);
    to.numbers(chunks_.numbers());
    to.numbers(rows_.numbers().first(chunks_.size()));
    to.numbers(std::span<const std::uint32_t>(free_chunks_));
    to.number(static_cast<std::uint32_t>(runs_.size()));
    for (const run& r : runs_) {
        to.number(r.stride);
        to.number(r.visible);
        to.number(r.count);
        to.numbers(std::span<const std::uint32_t>(r.chunks));
    }
}

/// Reads the tables that are unread yet. False: some could not be read. The world has stopped then,
/// and only has to come to its end: nobody is walked over any more, and rows stay as they are.
bool instance_store::find_whole_tables() {
    rows_.read_all();
    slots_.pages().read_all();
    are_tables_whole_ = !rows_.is_lost();
    if (are_tables_whole_) return true;
    for (run& r : runs_) {
        hidden_ += r.visible;
        r.visible = 0;
        r.gaps.clear();
    }
    count_ = gap_count_ = 0;
    next_row_ = {};
    return false;
}

bool instance_store::read(byte_reader& from) {
    are_tables_whole_ = false;
    if (!slots_.read(from)) return false;
    const std::vector<std::uint32_t> pages = from.numbers<std::uint32_t>();
    const std::vector<std::uint32_t> row_pages = from.numbers<std::uint32_t>();
    if (pages.size() > chunks_max || row_pages.size() != pages.size()) return false;
    const auto chunks = static_cast<std::uint32_t>(pages.size());
    const std::vector<std::uint32_t> free = from.numbers<std::uint32_t>();
    std::vector<bool> used(chunks);
    const auto is_first_use = [&](std::uint32_t chunk) {
        if (chunk >= chunks || used[chunk]) return false;
        used[chunk] = true;
        return true;
    };
    if (chunks > 0) {
        chunks_.reach(chunks - 1);
        rows_.reach(chunks - 1);
    }
    homes_.resize(chunks);
    free_chunks_.reserve(homes_.capacity());
    const auto runs = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < runs && !from.failed(); ++i) {
        const auto stride = from.number<std::uint32_t>();
        const auto visible = from.number<std::uint32_t>();
        const auto count = from.number<std::uint32_t>();
        const std::vector<std::uint32_t> numbers = from.numbers<std::uint32_t>();
        if (from.failed() || stride == 0 || stride > block_bytes_max || stride % 16 ||
            run_for(stride) != i || runs_[i].stride != stride || visible > count)
            return false;
        run& r = runs_[i];
        if (count > std::uint64_t{r.rows_per_chunk} * numbers.size()) return false;
        r.chunks.reserve(numbers.size());
        r.gaps.reserve(1);
        for (const std::uint32_t chunk : numbers) {
            if (!is_first_use(chunk)) return false;
            chunk_home home{i, static_cast<std::uint32_t>(r.chunks.size())};
            chunks_.expect(chunk, r.chunk_count, pages[chunk]);
            if (has_rows_of_its_own(r, chunk, home)) rows_.expect(chunk, 1, row_pages[chunk]);
            homes_[chunk] = home;
            r.chunks.push_back(chunk);
        }
        r.visible = visible;
        r.count = count;
        count_ += visible;
        hidden_ += count - visible;
    }
    for (const std::uint32_t chunk : free) {
        if (!is_first_use(chunk)) return false;
        free_chunks_.push_back(chunk);
    }
    return !from.failed() && runs == runs_.size() &&
           std::all_of(used.begin(), used.end(), [](bool is_used) { return is_used; });
}

void instance_store::freeze(frozen_pages& to, page_numbers& numbers, bool all) {
    KAY_ASSERT(gap_count_ == 0);
    next_row_ = {}; // it goes by what is marked
    each_directory([&](page_directory& d) { d.freeze(to, numbers, all); });
}

bool instance_store::is_sound() const {
    if (!slots_.is_sound()) return false;
    std::size_t live = 0;
    for (std::uint32_t page = 0; page < slots_.pages().size(); ++page) {
        if (!slots_.pages().has(page)) continue;
        const slot_entry* const slots = slot_map::slots_in(slots_.pages().read(page));
        live += static_cast<std::size_t>(
            std::count_if(slots, slots + slot_map::page_mask + 1,
                          [](const slot_entry& s) { return s.state() == slot_state::live; }));
    }
    if (live != count_ + hidden_) return false;
    // As many as there are rows: if two rows had one slot, another would lead to neither.
    for (const run& r : runs_)
        for (std::uint32_t row = 0; row < r.count; ++row) {
            const row_address at = row_at(r, row);
            const std::uint32_t slot = slots_of(at.chunk)[at.row];
            if (slot > slot_max || !slots_.pages().has(slot >> page_log2) ||
                !is_alive(at.handle(), slot))
                return false;
        }
    return true;
}

} // namespace kay::detail
