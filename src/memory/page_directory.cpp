// SPDX-License-Identifier: MIT
#include <kay/memory/page_directory.hpp>

#include <kay/core/assert.hpp>
#include <kay/memory/frozen_pages.hpp>
#include <kay/memory/page_numbers.hpp>
#include <kay/memory/page_source.hpp>

#include <algorithm>
#include <cstring>

namespace kay::detail {
namespace {

/// Looks like a page of zeros: what is unread. Nobody writes here.
alignas(64) constinit std::byte unread_page[chunk_bytes]{};

} // namespace

page_directory::~page_directory() {
    for (std::uint32_t page = 0; page < size(); ++page)
        if (has(page)) drop(page);
}

void page_directory::reach(std::uint32_t page) {
    if (page < size()) return;
    const std::size_t wanted = std::size_t{page} + 1;
    if (marked_.capacity() < wanted) {
        const std::size_t room = std::max<std::size_t>({8, wanted, marked_.capacity() * 2});
        marked_.reserve(room);
        unsettled_.reserve(room);
        numbers_.reserve(room);
        is_unsettled_.reserve(room);
        homes_.reserve(room);
        entries_.reserve(room);
    }
    homes_.resize(wanted);
    numbers_.resize(wanted, no_number);
    is_unsettled_.resize(wanted);
    entries_.resize(wanted, {absent_, page_epoch::old, 0});
}

std::byte* page_directory::add(std::uint32_t page, std::uint32_t chunks, chunk_pool::use what) {
    KAY_ASSERT(page < size() && !has(page));
    KAY_ASSERT(chunks > 0 && chunks <= chunks_max);
    std::byte* const base = pool_->take(chunks, what);
    page_entry& e = entries_[page];
    e.base = base;
    if (e.epoch != epoch_->number) e.epoch = page_epoch::old; // what was here before is gone
    homes_[page].chunks = static_cast<std::uint16_t>(chunks);
    ++count_;
    return base;
}

void page_directory::expect(std::uint32_t page, std::uint32_t chunks, std::uint32_t number) {
    KAY_ASSERT(page < size() && !has(page));
    KAY_ASSERT(chunks > 0 && chunks <= chunks_max);
    entries_[page] = {unread_page, page_epoch::unread, 0};
    const auto count = static_cast<std::uint16_t>(chunks);
    homes_[page] = {count, count};
    numbers_[page] = number;
    ++count_;
}

void page_directory::read_in(std::uint32_t page) const {
    page_entry& e = entries_[page];
    if (e.base != unread_page) return; // it is lost
    const home& h = homes_[page];
    const std::size_t bytes = std::size_t{h.chunks} * chunk_bytes;
    // Whatever the budget: it is the world's own.
    e.base = pool_->take(h.chunks, chunk_pool::use::instances, chunk_pool::bound::none);
    if (epoch_->source->read(numbers_[page], {e.base, bytes})) e.epoch = page_epoch::old;
}

bool page_directory::is_lost() const { return epoch_->source && epoch_->source->failure(); }

void page_directory::drop(std::uint32_t page) {
    page_entry& e = entries_[page];
    home& h = homes_[page];
    const bool is_frozen = epoch_->frozen && e.epoch + 1 == epoch_->number;
    if (e.base != unread_page && (!is_frozen || !epoch_->frozen->leave(e.frozen)))
        pool_->give(e.base, h.chunks);
    e.base = absent_;
    h.chunks = 0;
    --count_;
    note_unsettled(page);
    if (e.epoch == epoch_->number) return;
    e.epoch = epoch_->number; // its number is free from the next snapshot on
    marked_.push_back(page);
}

std::ptrdiff_t page_directory::mark_slowly(std::uint32_t page) {
    page_entry& e = entries_[page];
    const std::byte* const before = e.base;
    if (e.epoch == page_epoch::unread) {
        read_in(page);
        if (e.epoch == page_epoch::unread) return e.base - before;
    }
    if (epoch_->frozen && e.epoch + 1 == epoch_->number) leave_to_writer(page);
    e.epoch = epoch_->number;
    marked_.push_back(page);
    note_unsettled(page);
    return e.base - before;
}

/// Whoever writes the page may still need it as it is: this one goes on with a copy. Where there is
/// no memory for one it waits.
void page_directory::leave_to_writer(std::uint32_t page) {
    page_entry& e = entries_[page];
    frozen_pages& frozen = *epoch_->frozen;
    if (frozen.is_written(e.frozen)) return;
    const std::uint32_t chunks = homes_[page].chunks;
    std::byte* const copy = pool_->take_if_any(chunks);
    if (!copy) return frozen.wait_for(e.frozen);
    std::memcpy(copy, e.base, std::size_t{chunks} * chunk_bytes);
    if (frozen.leave(e.frozen))
        e.base = copy;
    else
        pool_->give(copy, chunks); // it was written in the meantime
}

/// Its number stands for other pages than it has.
void page_directory::note_unsettled(std::uint32_t page) {
    if (is_unsettled_[page] || homes_[page].numbered == homes_[page].chunks) return;
    is_unsettled_[page] = true;
    unsettled_.push_back(page);
}

void page_directory::settle_number(std::uint32_t page, page_numbers& numbers) {
    home& h = homes_[page];
    is_unsettled_[page] = false;
    if (h.numbered == h.chunks) return;
    if (h.numbered) numbers.give(numbers_[page], h.numbered);
    numbers_[page] = h.chunks ? numbers.take(h.chunks) : no_number;
    h.numbered = h.chunks;
}

std::size_t page_directory::numbers_at_most(bool all) const {
    std::size_t sum = 0;
    if (all) {
        for (const home& h : homes_) sum += h.chunks;
    } else {
        for (const std::uint32_t page : unsettled_) sum += homes_[page].chunks;
    }
    return sum;
}

void page_directory::freeze(frozen_pages& to, page_numbers& numbers, bool all) {
    for (const std::uint32_t page : unsettled_) settle_number(page, numbers);
    unsettled_.clear();
    const std::uint32_t owner = to.add_owner(*this);
    const auto hand_over = [&](std::uint32_t page) {
        page_entry& e = entries_[page];
        e.frozen = to.add({e.base, owner, page, numbers_[page], homes_[page].chunks});
        e.epoch = epoch_->number;
    };
    if (all) {
        for (std::uint32_t page = 0; page < size(); ++page) {
            settle_number(page, numbers); // it may never have been marked
            if (!has(page)) continue;
            read(page);
            hand_over(page);
        }
    } else {
        for (const std::uint32_t page : marked_)
            if (has(page)) hand_over(page);
    }
    marked_.clear();
}

void page_directory::thaw_unwritten(std::uint32_t page, std::uint32_t frozen) {
    page_entry& e = entries_[page];
    if (!has(page) || e.epoch + 1 != epoch_->number || e.frozen != frozen) return;
    e.epoch = epoch_->number;
    marked_.push_back(page);
}

} // namespace kay::detail
