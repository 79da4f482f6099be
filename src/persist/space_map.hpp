// SPDX-License-Identifier: MIT
//
// Which extents of a file are in use, and by how many. Kept in memory only: it is known again from
// what a file's tables reach. Any thread.
#pragma once

#include <kay/core/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace kay::detail {

/// Extents in a row.
struct extent_run {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

class space_map {
public:
    /// Extents below `first` are nobody's to take.
    explicit space_map(std::uint32_t first) : first_(first), search_(first), users_(first, 1) {}

    /// Extents in a row that nobody uses; they have one user now. The lowest there are, so that
    /// a file stays short. Zero extents: there are no numbers left.
    extent_run take(std::uint32_t count);

    void use(extent_run run) {
        const std::lock_guard lock(mutex_);
        use_now(run);
    }
    void leave(extent_run run) {
        const std::lock_guard lock(mutex_);
        for (std::uint32_t i = 0; i < run.count; ++i) {
            KAY_ASSERT(users_[run.first + i] > 0);
            --users_[run.first + i];
        }
        if (run.count && run.first < search_) search_ = run.first;
    }

    std::uint32_t users(std::uint32_t extent) const {
        const std::lock_guard lock(mutex_);
        return extent < users_.size() ? users_[extent] : 0;
    }
    /// Up to the last one that was ever in use.
    std::uint32_t extents() const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::uint32_t>(users_.size());
    }
    std::uint64_t in_use() const;

private:
    void use_now(extent_run run) {
        if (users_.size() < std::size_t{run.first} + run.count)
            users_.resize(std::size_t{run.first} + run.count);
        for (std::uint32_t i = 0; i < run.count; ++i) ++users_[run.first + i];
    }

    mutable std::mutex mutex_;
    std::uint32_t first_;
    std::uint32_t search_;             ///< none below is free
    std::vector<std::uint32_t> users_; ///< by extent
};

} // namespace kay::detail
