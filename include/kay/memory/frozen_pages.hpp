// SPDX-License-Identifier: MIT
//
// The pages of a snapshot as they were when a turn ended, while they are written and the world goes
// on. For each page there are two who may meet: its owner, who is about to change it, and whoever
// writes it, once. One atomic exchange decides: the owner who comes first leaves the original to
// the writer and goes on with a copy; the one who comes second has it to itself.
//
// prepare, add, reap and give_back: the world's thread between turns. is_written, leave, wait_for:
// owners, each for its own pages. copied, abandon: the thread that writes.
#pragma once

#include <kay/memory/page_directory.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace kay::detail {

struct frozen_page {
    static constexpr std::uint32_t nobody = ~0u;

    const std::byte* at = nullptr;
    std::uint32_t owner = nobody; ///< by add_owner
    std::uint32_t index = 0;      ///< in its directory
    std::uint32_t number = 0;     ///< the first one, of as many as there are chunks
    std::uint32_t chunks = 0;
};

class frozen_pages {
public:
    frozen_pages() = default;
    explicit frozen_pages(std::size_t pages_max, std::size_t owners_max = 16) {
        prepare(pages_max, owners_max);
    }
    ~frozen_pages();
    frozen_pages(const frozen_pages&) = delete;
    frozen_pages& operator=(const frozen_pages&) = delete;

    /// Room for so many, and none is there; what came before is over. Memory of the last time is
    /// used again: fresh memory costs more than all else. Throws std::bad_alloc.
    void prepare(std::size_t pages_max, std::size_t owners_max);

    std::uint32_t add_owner(page_directory& owner) {
        owners_.push_back(&owner);
        return static_cast<std::uint32_t>(owners_.size() - 1);
    }
    std::uint32_t add(const frozen_page& page) {
        pages_.push_back(page);
        chunks_ += page.chunks;
        return static_cast<std::uint32_t>(pages_.size() - 1);
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(pages_.size()); }
    const frozen_page& operator[](std::uint32_t page) const { return pages_[page]; }
    std::size_t bytes() const { return chunks_ * chunk_bytes; }

    // ---- owners

    /// Nobody reads the page any more: it may be changed where it lies.
    bool is_written(std::uint32_t page) const {
        return states_[page].step.load(std::memory_order_acquire) == written;
    }
    /// True: the original is not the owner's any more. False: is_written.
    bool leave(std::uint32_t page);
    /// Until it is written.
    void wait_for(std::uint32_t page) const;

    // ---- the writer

    /// The page has been read for the last time.
    void copied(std::uint32_t page);
    /// None will be read any more.
    void abandon();

    // ---- between turns

    /// The memory of originals that were left and are written goes back to the pool.
    void reap(chunk_pool& pool);
    /// What was frozen is as if it had been changed since.
    void give_back();

private:
    /// Each goes from `waits` to the others, in either order: the second one to come deals with
    /// the original.
    enum step : std::uint8_t { waits, left, written };
    struct state {
        std::atomic<std::uint8_t> step{waits}; ///< exchanged with acquire and release by both sides
        bool is_left = false;                  ///< the owner's: to be reaped
    };

    std::vector<frozen_page> pages_;
    std::vector<page_directory*> owners_;
    std::unique_ptr<state[]> states_; ///< beside pages_
    std::size_t states_max_ = 0;
    std::size_t chunks_ = 0;
    std::atomic<std::uint32_t> done_{0}; ///< pages below are written; the writer's, released
    std::uint32_t reaped_ = 0;
};

} // namespace kay::detail
