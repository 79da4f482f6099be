// SPDX-License-Identifier: MIT
//
// What tests need to see of a store's epochs: which pages were marked, and the next one.
#pragma once

#include <kay/memory/frozen_pages.hpp>
#include <kay/memory/page_numbers.hpp>
#include <kay/store/instance_store.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <utility>

namespace store_epochs {

enum class part { chunk, rows, slots };
using parts = std::set<std::pair<part, std::uint32_t>>;

/// What there is and was marked in this epoch. Fails where something was marked twice.
inline parts marked(const kay::detail::instance_store& store) {
    parts all;
    const auto add = [&](part kind, const kay::detail::page_directory& directory) {
        std::set<std::uint32_t> seen;
        for (const std::uint32_t page : directory.marked()) {
            EXPECT_TRUE(seen.insert(page).second) << "page " << page << " is marked twice";
            if (directory.has(page)) all.emplace(kind, page);
        }
    };
    add(part::chunk, store.chunks());
    add(part::rows, store.rows());
    add(part::slots, store.slots().pages());
    return all;
}

/// The pages that were marked are frozen, and a new epoch begins. Whoever gets them says of each
/// that it is copied, ends the snapshot with epoch.frozen = nullptr, and reaps.
inline std::unique_ptr<kay::detail::frozen_pages> freeze(kay::detail::instance_store& store,
                                                         kay::detail::page_epoch& epoch,
                                                         kay::detail::page_numbers& numbers,
                                                         bool all = false) {
    store.close_gaps();
    std::size_t most = 0;
    store.each_directory(
        [&](const kay::detail::page_directory& d) { most += d.freezes_at_most(all); });
    auto frozen = std::make_unique<kay::detail::frozen_pages>(most);
    store.freeze(*frozen, numbers, all);
    ++epoch.number;
    epoch.frozen = frozen.get();
    return frozen;
}

/// A new epoch, of which nobody saves the one before.
inline void next_epoch(kay::detail::instance_store& store, kay::detail::page_epoch& epoch,
                       kay::detail::page_numbers& numbers, kay::chunk_pool& pool) {
    const auto frozen = freeze(store, epoch, numbers);
    frozen->abandon();
    epoch.frozen = nullptr;
    frozen->reap(pool);
}

} // namespace store_epochs
