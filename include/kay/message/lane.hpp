// SPDX-License-Identifier: MIT
//
// A lane: what one place sends to one actor type in one place during a round. Plain appends into
// pooled chunks; at the end of the round the chunks are handed over whole. No atomics: a lane is
// written by the one worker that runs the sending place, and read a round later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace kay::detail {

/// A piece of a lane. The packets follow this header.
struct lane_chunk {
    lane_chunk* next;
    std::uint32_t used;     ///< bytes of packets; while a lane writes to it: where its last reveal
                            ///< packet begins, or no_reveal
    std::uint32_t capacity; ///< bytes of packets that it has room for

    static constexpr std::uint32_t no_reveal = ~0u;

    std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
};
static_assert(sizeof(lane_chunk) == 16);

/// Not quite a power of two, so that the first lines of chunks do not all want the same set of a
/// cache.
inline constexpr std::size_t lane_chunk_bytes = (std::size_t{16} << 10) + std::size_t{5} * 64;
inline constexpr std::size_t lane_chunk_capacity = lane_chunk_bytes - sizeof(lane_chunk);

/// All null while it is empty.
struct lane {
    std::byte* cursor = nullptr; ///< where the next packet goes
    std::byte* end = nullptr;    ///< end of the last chunk's room
    lane_chunk* first = nullptr;
    lane_chunk* last = nullptr;
};
static_assert(sizeof(lane) == 32);

/// A type's lanes lie in a row, by target place; this is the first one's index. Before them all
/// lies the row of types that were not added: its lanes never have room.
constexpr std::uint32_t lane_row(std::uint32_t type, std::uint32_t places_log2) {
    return (type + 1) << places_log2;
}
inline constexpr std::uint32_t no_lane_row = 0;

/// Where free lane chunks wait. Shared by all workers; each works through a cache of its own.
class lane_chunk_pool {
public:
    explicit lane_chunk_pool(std::size_t bytes_max = 0) : bytes_max_(bytes_max) {}
    ~lane_chunk_pool();
    lane_chunk_pool(const lane_chunk_pool&) = delete;
    lane_chunk_pool& operator=(const lane_chunk_pool&) = delete;

    /// A list of up to `count` chunks of lane_chunk_bytes, at least one. Throws out_of_memory.
    lane_chunk* take(std::size_t count);
    /// Takes back a list of `count` chunks.
    void give(lane_chunk* list, std::size_t count) noexcept;
    /// A chunk with room for one packet of `bytes` that is larger than the usual chunk.
    lane_chunk* take_large(std::size_t bytes);
    void give_large(lane_chunk* chunk) noexcept;

    /// Gives back to the operating system what has not been needed since the last call. Between
    /// turns; cost by the chunks that are free.
    void trim() noexcept;

    std::size_t bytes_reserved() const;

    /// Whether bytes_max holds; true at first.
    void set_bounded(bool bounded);

private:
    /// Lies before a large chunk.
    struct large_link {
        large_link* next;
        large_link** back; ///< what points here

        lane_chunk* chunk() { return reinterpret_cast<lane_chunk*>(this + 1); }
    };

    void make_slab();
    void require(std::size_t bytes) const;

    mutable std::mutex mutex_;
    std::size_t bytes_max_;
    std::size_t reserved_ = 0;
    lane_chunk* free_ = nullptr;
    std::size_t free_count_ = 0;
    std::size_t free_min_ = 0; ///< lowest free_count_ since the last trim
    std::vector<std::byte*> slabs_;
    large_link* large_ = nullptr; ///< list of all large chunks, wherever they are
    bool bounded_ = true;
};

/// One worker's stock of lane chunks, so that the pool's lock is taken once in many chunks.
class lane_chunk_cache {
public:
    explicit lane_chunk_cache(lane_chunk_pool& pool) : pool_(&pool) {}
    ~lane_chunk_cache() { give_back_all(); }
    lane_chunk_cache(const lane_chunk_cache&) = delete;
    lane_chunk_cache& operator=(const lane_chunk_cache&) = delete;

    /// A chunk with room for at least `bytes`, its fields set. Throws out_of_memory.
    lane_chunk* take(std::size_t bytes) {
        if (bytes > lane_chunk_capacity || !free_) [[unlikely]]
            return take_from_pool(bytes);
        lane_chunk* const chunk = free_;
        free_ = chunk->next;
        --count_;
        *chunk = {nullptr, lane_chunk::no_reveal, static_cast<std::uint32_t>(lane_chunk_capacity)};
        return chunk;
    }
    void give(lane_chunk* chunk) noexcept {
        if (chunk->capacity != lane_chunk_capacity) [[unlikely]]
            return pool_->give_large(chunk);
        chunk->next = free_;
        free_ = chunk;
        if (++count_ == count_max) [[unlikely]]
            give_back_half();
    }
    void give_back_all() noexcept;

private:
    static constexpr std::size_t count_max = 64; ///< 1 MiB: what a core's own cache holds

    lane_chunk* take_from_pool(std::size_t bytes);
    void give_back_half() noexcept;

    lane_chunk_pool* pool_;
    lane_chunk* free_ = nullptr;
    std::size_t count_ = 0;
};

/// Room for a packet of `bytes` where the last chunk of a lane that is not empty has none left.
/// Returns where it goes.
/// Throws out_of_memory and leaves the lane as it was.
std::byte* grow_lane(lane& l, std::size_t bytes, lane_chunk_cache& chunks);

} // namespace kay::detail
