// SPDX-License-Identifier: MIT
#include <kay/message/lane.hpp>

#include "../memory/pages.hpp"

#include <kay/core/assert.hpp>
#include <kay/memory/chunk_pool.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

namespace kay::detail {
namespace {
constexpr std::size_t slab_bytes = std::size_t{2} << 20;
constexpr std::size_t chunks_in_slab = slab_bytes / lane_chunk_bytes;
} // namespace

lane_chunk_pool::~lane_chunk_pool() {
    while (large_) give_large(large_->chunk());
    for (std::byte* slab : slabs_) unmap_pages(slab, slab_bytes);
}

void lane_chunk_pool::require(std::size_t bytes) const {
    if (bytes_max_ && bounded_ && reserved_ + bytes > bytes_max_)
        throw out_of_memory{bytes, reserved_, bytes_max_};
}

void lane_chunk_pool::set_bounded(bool bounded) {
    const std::lock_guard lock(mutex_);
    bounded_ = bounded;
}

void lane_chunk_pool::make_slab() {
    require(slab_bytes);
    std::byte* slab = map_pages(slab_bytes, slab_bytes);
    if (!slab) throw out_of_memory{slab_bytes, reserved_, bytes_max_};
    slabs_.push_back(slab);
    reserved_ += slab_bytes;
    for (std::size_t i = chunks_in_slab; i-- > 0;) {
        auto* chunk = reinterpret_cast<lane_chunk*>(slab + i * lane_chunk_bytes);
        chunk->next = free_;
        free_ = chunk;
        ++free_count_;
    }
}

lane_chunk* lane_chunk_pool::take(std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (!free_) make_slab();
    lane_chunk* const list = free_;
    lane_chunk* last = list;
    --free_count_;
    for (std::size_t i = 1; i < count && last->next; ++i) {
        last = last->next;
        --free_count_;
    }
    free_ = last->next;
    last->next = nullptr;
    free_min_ = std::min(free_min_, free_count_);
    return list;
}

void lane_chunk_pool::give(lane_chunk* list, std::size_t count) noexcept {
    if (!list) return;
    lane_chunk* last = list;
    while (last->next) last = last->next;
    const std::lock_guard lock(mutex_);
    last->next = free_;
    free_ = list;
    free_count_ += count;
}

lane_chunk* lane_chunk_pool::take_large(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const std::size_t whole = sizeof(large_link) + sizeof(lane_chunk) + bytes;
    require(whole);
    void* const room =
        bytes <= std::numeric_limits<std::uint32_t>::max() ? std::malloc(whole) : nullptr;
    if (!room) throw out_of_memory{whole, reserved_, bytes_max_};
    reserved_ += whole;
    auto* const link = new (room) large_link{large_, &large_};
    if (large_) large_->back = &link->next;
    large_ = link;
    auto* const chunk = new (link + 1) lane_chunk;
    chunk->capacity = static_cast<std::uint32_t>(bytes);
    return chunk;
}

void lane_chunk_pool::give_large(lane_chunk* chunk) noexcept {
    const std::lock_guard lock(mutex_);
    reserved_ -= sizeof(large_link) + sizeof(lane_chunk) + chunk->capacity;
    auto* const link = reinterpret_cast<large_link*>(chunk) - 1;
    *link->back = link->next;
    if (link->next) link->next->back = link->back;
    std::free(link);
}

void lane_chunk_pool::trim() noexcept {
    const std::lock_guard lock(mutex_);
    std::size_t to_drop = std::exchange(free_min_, free_count_) / chunks_in_slab;
    if (to_drop == 0) return;
    std::sort(slabs_.begin(), slabs_.end());
    const auto slab_of = [&](const void* chunk) {
        const auto* at = static_cast<const std::byte*>(chunk);
        return static_cast<std::size_t>(std::upper_bound(slabs_.begin(), slabs_.end(), at) -
                                        slabs_.begin()) -
               1;
    };
    std::vector<std::size_t> free_in(slabs_.size());
    for (lane_chunk* c = free_; c; c = c->next) ++free_in[slab_of(c)];
    std::vector<bool> drop(slabs_.size());
    for (std::size_t i = 0; i < slabs_.size() && to_drop; ++i)
        if (free_in[i] == chunks_in_slab) drop[i] = true, --to_drop;
    lane_chunk* kept = nullptr;
    for (lane_chunk *c = free_, *next; c; c = next) {
        next = c->next;
        if (drop[slab_of(c)]) {
            --free_count_;
        } else {
            c->next = kept;
            kept = c;
        }
    }
    free_ = kept;
    std::size_t out = 0;
    for (std::size_t i = 0; i < slabs_.size(); ++i) {
        if (drop[i]) {
            unmap_pages(slabs_[i], slab_bytes);
            reserved_ -= slab_bytes;
        } else {
            slabs_[out++] = slabs_[i];
        }
    }
    slabs_.resize(out);
    free_min_ = free_count_;
}

std::size_t lane_chunk_pool::bytes_reserved() const {
    const std::lock_guard lock(mutex_);
    return reserved_;
}

lane_chunk* lane_chunk_cache::take_from_pool(std::size_t bytes) {
    if (bytes > lane_chunk_capacity) {
        lane_chunk* const chunk = pool_->take_large(bytes);
        chunk->next = nullptr;
        chunk->used = lane_chunk::no_reveal;
        return chunk;
    }
    free_ = pool_->take(count_max / 2);
    for (lane_chunk* c = free_; c; c = c->next) ++count_;
    return take(bytes);
}

/// The older half goes back; the newer one is still in this core's cache.
void lane_chunk_cache::give_back_half() noexcept {
    lane_chunk* last = free_;
    for (std::size_t i = 1; i < count_max / 2; ++i) last = last->next;
    pool_->give(last->next, count_ - count_max / 2);
    last->next = nullptr;
    count_ = count_max / 2;
}

void lane_chunk_cache::give_back_all() noexcept {
    pool_->give(free_, count_);
    free_ = nullptr;
    count_ = 0;
}

std::byte* grow_lane(lane& l, std::size_t bytes, lane_chunk_cache& chunks) {
    lane_chunk* const chunk = chunks.take(bytes);
    l.last->used = static_cast<std::uint32_t>(l.cursor - l.last->data());
    l.last->next = chunk;
    l.last = chunk;
    std::byte* const at = chunk->data();
    l.cursor = at + bytes;
    l.end = at + chunk->capacity;
    return at;
}

} // namespace kay::detail
