// SPDX-License-Identifier: MIT
#include "store_index.hpp"

#include <kay/core/hash.hpp>
#include <kay/store/instance_store.hpp>

#include <algorithm>
#include <cstring>

namespace kay::detail {
namespace {

struct live_slot {
    std::uint32_t handle;
    std::uint32_t slot;
    std::uint32_t generation;
};

error do_not_match() {
    return {error_code::bad_data, "slots and instances of the saved world do not belong together"};
}

} // namespace

result<store_index> store_index::make(const world_manifest::store& store,
                                      const page_reader& pages) {
    store_index made;
    std::vector<live_slot> live;
    std::uint64_t unused = combine(store.first_free, store.first_unused);
    for (std::uint32_t page = 0; page < store.slot_pages.size(); ++page) {
        if (store.slot_pages[page] == world_manifest::no_page) continue;
        const auto bytes = pages(store.slot_pages[page]);
        if (!bytes) return bytes.error();
        for (std::uint32_t i = 0; i <= slot_map::page_mask; ++i) {
            slot_entry s;
            std::memcpy(static_cast<void*>(&s), bytes->data() + i * sizeof s, sizeof s);
            if (s.meta == 0) continue;
            const std::uint32_t slot = page << slot_map::page_log2 | i;
            if (s.state() == slot_state::live) {
                if (slot > slot_max || s.generation() == 0 || s.generation() > generation_max)
                    return do_not_match();
                live.push_back({s.handle, slot, s.generation()});
            } else {
                unused = combine(unused, combine(slot, std::uint64_t{s.meta} << 32 | s.handle));
            }
        }
    }
    made.hash_of_the_free_ = unused;
    const auto before = [](const live_slot& a, const live_slot& b) { return a.handle < b.handle; };
    std::sort(live.begin(), live.end(), before);

    std::uint64_t hidden = 0;
    for (std::uint32_t r = 0; r < store.runs.size(); ++r) {
        const world_manifest::run& run = store.runs[r];
        hidden += run.count - run.visible;
        for (std::uint32_t position = 0; position < run.chunks.size(); ++position) {
            const std::uint32_t rows = run.visible_rows(position);
            const std::uint32_t first = run.chunks[position] << slot_lookup::rows_log2;
            auto next = std::lower_bound(live.begin(), live.end(), live_slot{first, 0, 0}, before);
            for (std::uint32_t i = 0; i < rows; ++i, ++next) {
                const std::uint32_t offset = i * run.stride;
                if (next == live.end() || next->handle != first + offset / 16)
                    return do_not_match();
                made.rows_.push_back({next->slot, next->generation, r, position, offset});
            }
        }
    }
    if (live.size() != made.rows_.size() + hidden) return do_not_match();
    made.by_slot_.resize(made.rows_.size());
    for (std::uint32_t i = 0; i < made.by_slot_.size(); ++i) made.by_slot_[i] = i;
    std::sort(made.by_slot_.begin(), made.by_slot_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return made.rows_[a].slot < made.rows_[b].slot;
    });
    return made;
}

const store_index::row* store_index::find(std::uint32_t slot, std::uint32_t generation) const {
    const auto found =
        std::lower_bound(by_slot_.begin(), by_slot_.end(), slot,
                         [&](std::uint32_t i, std::uint32_t s) { return rows_[i].slot < s; });
    if (found == by_slot_.end() || rows_[*found].slot != slot ||
        rows_[*found].generation != generation)
        return nullptr;
    return &rows_[*found];
}

} // namespace kay::detail
