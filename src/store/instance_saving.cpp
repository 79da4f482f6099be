// SPDX-License-Identifier: MIT
//
// An instance store as it is saved: what lies in chunks and slot pages is saved as it is; all else
// is a few numbers for each chunk.
#include <kay/store/instance_store.hpp>

#include "../core/bytes.hpp"

#include <algorithm>

namespace kay::detail {

void instance_store::write(byte_writer& to) const {
    KAY_ASSERT(gap_count_ == 0);
    slots_.write(to);
    to.number(static_cast<std::uint32_t>(directory_.size()));
    to.numbers(std::span<const std::uint32_t>(free_chunks_));
    to.number(static_cast<std::uint32_t>(runs_.size()));
    for (const run& r : runs_) {
        to.number(r.stride);
        to.number(r.visible);
        to.number(r.count);
        to.numbers(std::span<const std::uint32_t>(r.chunks));
    }
}

bool instance_store::read(byte_reader& from) {
    if (!slots_.read(from)) return false;
    const auto chunks = from.number<std::uint32_t>();
    if (chunks > from.left() / sizeof(std::uint32_t)) return false; // each has a number below
    const std::vector<std::uint32_t> free = from.numbers<std::uint32_t>();
    std::vector<bool> used(chunks);
    const auto is_first_use = [&](std::uint32_t chunk) {
        if (chunk >= chunks || used[chunk]) return false;
        used[chunk] = true;
        return true;
    };
    directory_.resize(chunks);
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
            std::uint32_t* const slots = take_slots_of_next(r);
            std::fill_n(slots, r.rows_per_chunk, ~0u);
            homes_[chunk] = {i, static_cast<std::uint32_t>(r.chunks.size()), slots};
            r.chunks.push_back(chunk);
            directory_[chunk].base = pool_->take(r.chunk_count);
            slots_.dirty().reserve_one();
            slots_.dirty().note_new_part();
        }
        r.visible = visible;
        r.count = count;
        count_ += visible;
        hidden_ += count - visible;
    }
    for (const std::uint32_t chunk : free) {
        if (!is_first_use(chunk)) return false;
        free_chunks_.push_back(chunk);
        slots_.dirty().reserve_one();
        slots_.dirty().note_new_part();
    }
    return !from.failed() && runs == runs_.size() &&
           std::all_of(used.begin(), used.end(), [](bool is_used) { return is_used; });
}

/// Every live slot has a row, and every row a slot.
bool instance_store::connect() {
    std::size_t found = 0;
    for (std::uint32_t page = 0; page < slots_.pages_end(); ++page) {
        if (!slots_.page_bytes(page)) continue;
        for (std::uint32_t i = 0; i <= slot_map::page_mask; ++i) {
            const std::uint32_t slot = page << page_log2 | i;
            const slot_entry s = slots_[slot];
            if (s.state() != slot_state::live) continue;
            const std::uint32_t chunk = s.handle >> rows_log2;
            if (chunk >= homes_.size() || !homes_[chunk].slots) return false;
            const run& r = runs_[homes_[chunk].run];
            const std::uint32_t offset = (s.handle & row_mask) * 16;
            if (offset % r.stride || offset / r.stride >= r.rows_per_chunk) return false;
            if (row_of(s.handle) >= r.count) return false;
            homes_[chunk].slots[offset / r.stride] = slot;
            ++found;
        }
    }
    if (found != count_ + hidden_) return false;
    // As many as there are rows: if one had two slots, another would have none that leads to it.
    for (const run& r : runs_)
        for (std::uint32_t row = 0; row < r.count; ++row) {
            const row_address at = row_at(r, row);
            const std::uint32_t slot = homes_[at.chunk].slots[at.row];
            if (slot > slot_max || !slots_.page_bytes(slot >> page_log2) ||
                !is_alive(at.handle(), slot))
                return false;
        }
    return true;
}

} // namespace kay::detail
