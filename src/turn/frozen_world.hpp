// SPDX-License-Identifier: MIT
//
// A world as it was at the end of a turn, to be written by another thread while it goes on.
#pragma once

#include <kay/core/schema.hpp>
#include <kay/memory/frozen_pages.hpp>
#include <kay/memory/page_numbers.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace kay::detail {

/// Names the content of a snapshot, wherever it is stored; all zero: of none.
struct snapshot_identity {
    std::uint64_t file[2]{};
    std::uint64_t table = 0;    ///< hash of the references to all pages
    std::uint64_t manifest = 0; ///< hash of all else
    friend bool operator==(const snapshot_identity&, const snapshot_identity&) = default;
};

/// A hash that is not known when the world is frozen: whoever writes it finds it.
struct late_hash {
    std::uint32_t constant;
    std::shared_ptr<const std::byte> block;
    std::uint64_t (*compute)(const std::byte* block);
    std::size_t at; ///< where it belongs in the manifest
    std::uint64_t value = 0;
};

struct frozen_world {
    /// For another snapshot, with the memory of the last one.
    void prepare(std::size_t pages_max, std::size_t owners_max) {
        pages.prepare(pages_max, owners_max);
        actors.clear();
        constants.clear();
        kept.clear();
        late_hashes.clear();
        is_finished.store(false, std::memory_order_relaxed); // nobody waits
        is_saved = false;
    }

    frozen_pages pages;
    page_numbers numbers;                      ///< of all pages, those that have not changed too
    std::vector<std::byte> manifest;           ///< all that is not in pages
    std::vector<const schema_node*> actors;    ///< what they are made of, by type number
    std::vector<const schema_node*> constants; ///< by number; null: not known
    std::uint64_t ended_turn = 0;              ///< the last one that was over
    /// What is not the world's own to change, kept until it is written.
    std::vector<std::shared_ptr<const std::byte>> kept;
    std::vector<late_hash> late_hashes;

    /// All hashes that were late, and where they belong. Once, by the thread that writes.
    void find_late_hashes() {
        for (late_hash& h : late_hashes) {
            h.value = h.compute(h.block.get());
            std::memcpy(manifest.data() + h.at, &h.value, sizeof h.value);
        }
    }

    /// Called once by the thread that writes, when it needs nothing more: as what the world has
    /// been saved; null: it has not.
    void finish(const snapshot_identity* as) {
        pages.abandon();
        if (as) saved_as = *as;
        is_saved = as != nullptr;
        is_finished.store(true, std::memory_order_release); // read by engine::settle_frozen
        is_finished.notify_all();
    }

    std::atomic<bool> is_finished{false};
    bool is_saved = false; ///< once it is finished
    snapshot_identity saved_as;
};

} // namespace kay::detail
