// SPDX-License-Identifier: MIT
#include <kay/memory/frozen_pages.hpp>

#include <kay/core/assert.hpp>

#include <thread>

namespace kay::detail {

frozen_pages::~frozen_pages() { KAY_ASSERT(reaped_ == size()); }

void frozen_pages::prepare(std::size_t pages_max, std::size_t owners_max) {
    KAY_ASSERT(reaped_ == size());
    pages_.clear();
    owners_.clear();
    chunks_ = 0;
    reaped_ = 0;
    done_.store(0, std::memory_order_relaxed); // nobody writes
    pages_.reserve(pages_max);
    owners_.reserve(owners_max);
    if (states_max_ < pages_max) {
        states_.reset(new state[pages_max]);
        states_max_ = pages_max;
    } else {
        for (std::size_t page = 0; page < pages_max; ++page) {
            states_[page].step.store(waits, std::memory_order_relaxed);
            states_[page].is_left = false;
        }
    }
}

bool frozen_pages::leave(std::uint32_t page) {
    if (states_[page].step.exchange(left, std::memory_order_acq_rel) == written) return false;
    states_[page].is_left = true;
    return true;
}

void frozen_pages::wait_for(std::uint32_t page) const {
    while (!is_written(page)) std::this_thread::yield();
}

void frozen_pages::copied(std::uint32_t page) {
    states_[page].step.exchange(written, std::memory_order_acq_rel);
    done_.store(page + 1, std::memory_order_release);
}

void frozen_pages::abandon() {
    for (std::uint32_t page = done_.load(std::memory_order_relaxed); page < size(); ++page)
        copied(page);
}

void frozen_pages::reap(chunk_pool& pool) {
    const std::uint32_t done = done_.load(std::memory_order_acquire);
    for (; reaped_ < done; ++reaped_)
        if (states_[reaped_].is_left)
            pool.give(const_cast<std::byte*>(pages_[reaped_].at), pages_[reaped_].chunks);
}

void frozen_pages::give_back() {
    for (std::uint32_t page = 0; page < size(); ++page)
        if (pages_[page].owner != frozen_page::nobody)
            owners_[pages_[page].owner]->thaw_unwritten(pages_[page].index, page);
}

} // namespace kay::detail
