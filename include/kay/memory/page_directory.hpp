// SPDX-License-Identifier: MIT
//
// Pages of one kind that are saved: where each lies in memory, in which epoch it was last handed
// out to be changed, and its number among the pages of the saved world. Whoever changes a page
// marks it first, which is one comparison for all but the first time in an epoch; what was marked
// is on a list. A page that is being saved just then is left to whoever writes it, and its owner
// goes on with a copy: so an address is good until the next mark only. A page of a loaded world is
// read when it is needed first, by read or by mark; until then it looks like zeros. One that cannot
// be read stays unread: it has zeros of its own that nobody saves, and whoever looks for what lies
// there does not find it.
//
// One thread at a time: the worker that runs the place.
#pragma once

#include <kay/memory/chunk_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kay::detail {

class frozen_pages;
class page_numbers;
class page_source;

/// The epoch of a world: one begins with each snapshot.
struct page_epoch {
    static constexpr std::uint32_t unread = 0; ///< the page is where it was loaded from
    static constexpr std::uint32_t old = 1;    ///< it has not been marked since it came about

    std::uint32_t number = 2;
    frozen_pages* frozen = nullptr; ///< while a snapshot of the epoch before is written
    page_source* source = nullptr;  ///< of pages that are unread
};

struct page_entry {
    std::byte* base = nullptr;
    std::uint32_t epoch = page_epoch::old; ///< in which it was marked last
    std::uint32_t frozen = 0;              ///< its place in what is written, if it is
};

class page_directory {
public:
    static constexpr std::uint32_t no_number = ~0u;
    static constexpr std::uint32_t chunks_max = 0xffff; ///< of a page

    /// `epoch` is the world's, and outlives the directory. `absent` is the address of pages that
    /// there are not.
    page_directory(chunk_pool& pool, page_epoch& epoch, std::byte* absent = nullptr)
        : pool_(&pool), epoch_(&epoch), absent_(absent) {}
    ~page_directory();
    page_directory(const page_directory&) = delete;
    page_directory& operator=(const page_directory&) = delete;

    std::uint32_t size() const { return static_cast<std::uint32_t>(entries_.size()); }
    const page_entry* entries() const { return entries_.data(); }
    bool has(std::uint32_t page) const { return page < size() && entries_[page].base != absent_; }
    /// It was not read yet; after read or mark: it is lost.
    bool is_unread(std::uint32_t page) const { return entries_[page].epoch == page_epoch::unread; }

    /// The page, to be read. It stays where it is until it is marked.
    std::byte* read(std::uint32_t page) const {
        if (is_unread(page)) [[unlikely]]
            read_in(page);
        return entries_[page].base;
    }

    /// Some pages of this world could not be read: it has stopped, and what is left of this round
    /// only has to come to its end.
    bool is_lost() const;

    /// All that there are.
    void read_all() const {
        for (std::uint32_t page = 0; page < size(); ++page)
            if (has(page)) read(page);
    }

    /// To be called before anything in the page is changed. Returns by how many bytes it has
    /// moved. Throws nothing.
    std::ptrdiff_t mark(std::uint32_t page) {
        if (entries_[page].epoch != epoch_->number) [[unlikely]]
            return mark_slowly(page);
        return 0;
    }
    /// The page, to be changed.
    std::byte* change(std::uint32_t page) {
        mark(page);
        return entries_[page].base;
    }

    /// Room for pages up to that number, which may be absent. Throws std::bad_alloc and changes
    /// nothing.
    void reach(std::uint32_t page);
    /// Makes a page that was absent, within reach, of so many chunks in a row, at most chunks_max;
    /// of old bytes, and not marked. Throws out_of_memory, std::bad_alloc and changes nothing.
    std::byte* add(std::uint32_t page, std::uint32_t chunks = 1,
                   chunk_pool::use what = chunk_pool::use::instances);
    /// Likewise, a page that the source has under a number, and that is unread.
    void expect(std::uint32_t page, std::uint32_t chunks, std::uint32_t number);
    /// The page is gone. Throws nothing.
    void drop(std::uint32_t page);

    /// Pages that were marked in this epoch, each once; some may be gone by now.
    std::span<const std::uint32_t> marked() const { return marked_; }
    std::uint32_t count() const { return count_; } ///< of pages that there are

    // ---- saving, between turns

    /// Hands over what was marked in this epoch, or all there is, to be written; the next epoch is
    /// about to begin. Pages without a number get one. There is room for them in `to` and
    /// `numbers`, and none is unread: throws nothing. The world waits meanwhile: cost by the pages
    /// that are handed over.
    void freeze(frozen_pages& to, page_numbers& numbers, bool all);
    /// How many pages freeze may hand over, and how many numbers it may take.
    std::size_t freezes_at_most(bool all) const { return all ? entries_.size() : marked_.size(); }
    std::size_t numbers_at_most(bool all) const;
    /// A page could not be written: it is as if it was marked in this epoch, unless it was, or is
    /// gone.
    void thaw_unwritten(std::uint32_t page, std::uint32_t frozen);

    std::uint32_t chunks(std::uint32_t page) const { return homes_[page].chunks; }
    /// Among the pages of the saved world, the first of as many as the page has chunks.
    std::uint32_t number(std::uint32_t page) const { return numbers_[page]; }
    /// Of all pages; no_number: it is absent, or was not saved yet.
    std::span<const std::uint32_t> numbers() const { return numbers_; }

private:
    /// What only saving and dropping need of a page.
    struct home {
        std::uint16_t chunks = 0;   ///< zero: absent
        std::uint16_t numbered = 0; ///< pages that its number stands for
    };

    void read_in(std::uint32_t page) const;
    std::ptrdiff_t mark_slowly(std::uint32_t page);
    void leave_to_writer(std::uint32_t page);
    void note_unsettled(std::uint32_t page);
    void settle_number(std::uint32_t page, page_numbers& numbers);

    chunk_pool* pool_;
    page_epoch* epoch_;
    std::byte* absent_;
    mutable std::vector<page_entry> entries_; ///< reading in changes what nobody can see
    std::vector<home> homes_;                 ///< beside entries_
    std::vector<std::uint32_t> numbers_;      ///< beside entries_
    std::vector<bool> is_unsettled_;          ///< beside entries_: is in unsettled_
    std::vector<std::uint32_t> marked_;       ///< has room for all entries
    std::vector<std::uint32_t>
        unsettled_; ///< marked ones with other numbers than they need; room too
    std::uint32_t count_ = 0;
};

} // namespace kay::detail
