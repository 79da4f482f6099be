// SPDX-License-Identifier: MIT
#include <kay/memory/chunk_pool.hpp>

#include "pages.hpp"

#include <kay/core/assert.hpp>

#include <algorithm>
#include <bit>
#include <memory>
#include <new>
#include <utility>

namespace kay {
namespace {
constexpr std::size_t slab_chunks = 32; ///< 2 MiB: one huge page
constexpr std::size_t slab_bytes = slab_chunks * chunk_bytes;
} // namespace

/// One huge page cut into chunks.
struct chunk_pool::slab {
    std::byte* base = nullptr;
    std::uint32_t free = ~0u; ///< bit i: chunk i is free
    bool listed = false;      ///< is in with_room_
    use what = use::instances;
};

chunk_pool::~chunk_pool() {
    for (slab* s : slabs_) {
        detail::unmap_pages(s->base, slab_bytes);
        delete s;
    }
}

/// Null when there is no memory for one.
chunk_pool::slab* chunk_pool::make_slab(use what, std::size_t bytes_max) {
    if (bytes_max && reserved_ + slab_bytes > bytes_max) return nullptr;
    // All that can throw comes first. give() lists slabs again, so the lists have room for all.
    if (slabs_.size() == slabs_.capacity())
        slabs_.reserve(std::max<std::size_t>(8, slabs_.size() * 2));
    for (auto& with_room : with_room_) with_room.reserve(slabs_.capacity());
    auto made = std::make_unique<slab>();
    made->base = detail::map_pages(slab_bytes, slab_bytes);
    if (!made->base) return nullptr;
    made->listed = true;
    made->what = what;
    slabs_.insert(std::upper_bound(slabs_.begin(), slabs_.end(), made->base,
                                   [](std::byte* b, slab* s) { return b < s->base; }),
                  made.get());
    with_room_[static_cast<std::size_t>(what)].push_back(made.get());
    reserved_ += slab_bytes;
    return made.release();
}

/// One with a free chunk, the last of its list. Best is one of the same use, then one that is
/// wholly free, then a new one; only where there is no memory for that, uses share a slab.
chunk_pool::slab* chunk_pool::slab_with_room(use what, std::size_t bytes_max) {
    std::vector<slab*>& own = with_room_[static_cast<std::size_t>(what)];
    std::vector<slab*>& others = with_room_[1 - static_cast<std::size_t>(what)];
    if (!own.empty()) return own.back();
    const auto free =
        std::find_if(others.begin(), others.end(), [](const slab* s) { return s->free == ~0u; });
    if (free != others.end()) {
        own.push_back(*free);
        others.erase(free);
        own.back()->what = what;
        return own.back();
    }
    if (slab* made = make_slab(what, bytes_max)) return made;
    if (others.empty()) throw out_of_memory{slab_bytes, reserved_, bytes_max};
    return others.back();
}

std::byte* chunk_pool::take(std::size_t count, use what, bound limit) {
    KAY_ASSERT(count > 0);
    const std::size_t bytes_max = limit == bound::budget ? bytes_max_ : 0;
    const std::lock_guard lock(mutex_);
    if (count > 1) return take_large(count, bytes_max);
    slab* s = slab_with_room(what, bytes_max);
    const int index = std::countr_zero(s->free);
    s->free &= s->free - 1;
    if (s->free == 0) {
        with_room_[static_cast<std::size_t>(s->what)].pop_back();
        s->listed = false;
    }
    in_use_ += chunk_bytes;
    in_use_max_ = std::max(in_use_max_, in_use_);
    return s->base + static_cast<std::size_t>(index) * chunk_bytes;
}

std::byte* chunk_pool::take_if_any(std::size_t count) noexcept {
#if defined(__cpp_exceptions)
    try {
        return take(count);
    } catch (const out_of_memory&) {
    } catch (const std::bad_alloc&) {}
    return nullptr;
#else
    return take(count);
#endif
}

std::byte* chunk_pool::take_large(std::size_t count, std::size_t bytes_max) {
    constexpr std::size_t bytes_limit = ~std::size_t{0} / 2; // of any address space
    if (count > bytes_limit / chunk_bytes) throw out_of_memory{bytes_limit, reserved_, bytes_max};
    const std::size_t bytes = count * chunk_bytes;
    if (bytes_max && (reserved_ > bytes_max || bytes > bytes_max - reserved_))
        throw out_of_memory{bytes, reserved_, bytes_max};
    std::byte* block = detail::map_pages(bytes, chunk_bytes);
    if (!block) throw out_of_memory{bytes, reserved_, bytes_max};
    reserved_ += bytes;
    in_use_ += bytes;
    in_use_max_ = std::max(in_use_max_, in_use_);
    return block;
}

void chunk_pool::give(std::byte* block, std::size_t count) noexcept {
    const std::lock_guard lock(mutex_);
    in_use_ -= count * chunk_bytes;
    if (count > 1) {
        detail::unmap_pages(block, count * chunk_bytes);
        reserved_ -= count * chunk_bytes;
        return;
    }
    auto after = std::upper_bound(slabs_.begin(), slabs_.end(), block,
                                  [](std::byte* b, slab* s) { return b < s->base; });
    KAY_ASSERT(after != slabs_.begin());
    slab* s = *(after - 1);
    const auto index = static_cast<std::size_t>(block - s->base) / chunk_bytes;
    KAY_ASSERT(index < slab_chunks && !(s->free >> index & 1));
    s->free |= 1u << index;
    if (!s->listed) {
        s->listed = true;
        with_room_[static_cast<std::size_t>(s->what)].push_back(s);
    }
}

void chunk_pool::trim(std::size_t keep) noexcept {
    const std::lock_guard lock(mutex_);
    const std::size_t needed = std::max(keep, std::exchange(in_use_max_, in_use_));
    const auto drop = [&](slab* s) {
        if (s->free != ~0u || reserved_ < needed + slab_bytes) return false;
        detail::unmap_pages(s->base, slab_bytes);
        reserved_ -= slab_bytes;
        s->base = nullptr;
        return true;
    };
    for (auto& with_room : with_room_) std::erase_if(with_room, drop);
    std::erase_if(slabs_, [](slab* s) {
        if (s->base) return false;
        delete s;
        return true;
    });
    // Full ones are taken from first, so that the emptiest can be given back whole next time.
    for (auto& with_room : with_room_)
        std::sort(with_room.begin(), with_room.end(), [](slab* a, slab* b) {
            const int free_a = std::popcount(a->free), free_b = std::popcount(b->free);
            return free_a != free_b ? free_a > free_b : a->base > b->base;
        });
}

std::size_t chunk_pool::bytes_in_use() const {
    const std::lock_guard lock(mutex_);
    return in_use_;
}

std::size_t chunk_pool::bytes_in_use_max() const {
    const std::lock_guard lock(mutex_);
    return in_use_max_;
}

std::size_t chunk_pool::bytes_reserved() const {
    const std::lock_guard lock(mutex_);
    return reserved_;
}

} // namespace kay
