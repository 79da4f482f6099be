// SPDX-License-Identifier: MIT
//
// Chunks: blocks of 64 KiB that stores are made of, cut from huge pages of 2 MiB and given back to
// the operating system when a world has shrunk. A chunk is zero when it is taken for the first time
// and holds old bytes when it comes back from the pool.
//
// Thread-safe: a mutex for each take and give, that is once in thousands of instances.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace kay {

inline constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

namespace detail {
/// In a chunk of the pool, or in what lies at the beginning of several in a row.
inline std::size_t offset_in_chunk(const std::byte* at) {
    return reinterpret_cast<std::uintptr_t>(at) % chunk_bytes;
}
} // namespace detail

/// Thrown when a budget or the machine has no more memory. Stops at the handler's dispatch, where
/// it becomes the error of the turn; set-up calls let it through.
struct out_of_memory {
    std::size_t bytes_wanted = 0;
    std::size_t bytes_used = 0;
    std::size_t bytes_max = 0;
};

class chunk_pool {
public:
    /// At most `bytes_max` are taken from the operating system; zero: no bound of our own.
    explicit chunk_pool(std::size_t bytes_max = 0) : bytes_max_(bytes_max) {}
    ~chunk_pool();
    chunk_pool(const chunk_pool&) = delete;
    chunk_pool& operator=(const chunk_pool&) = delete;

    /// What a single chunk is for. Tables stay when instances go: they lie in slabs of their own,
    /// as long as there is memory for that, so that a world that shrank leaves slabs wholly free.
    enum class use : std::uint8_t { instances, tables };

    /// Whether bytes_max counts.
    enum class bound : std::uint8_t { budget, none };

    /// A block of `count` chunks in a row, aligned to 64 KiB. Throws out_of_memory.
    std::byte* take(std::size_t count = 1, use what = use::instances, bound limit = bound::budget);

    /// Null when there is no memory for it.
    std::byte* take_if_any(std::size_t count = 1) noexcept;

    /// Gives a block back; `count` as it was taken.
    void give(std::byte* block, std::size_t count = 1) noexcept;

    /// Returns to the operating system what has not been needed since the last call, as far as
    /// whole slabs of 2 MiB are free and more than `keep` bytes are left. Called every few turns;
    /// cost by the slabs with room.
    void trim(std::size_t keep = 0) noexcept;
    /// The most that was in use at a time since the last trim.
    std::size_t bytes_in_use_max() const;

    std::size_t bytes_in_use() const;
    std::size_t bytes_reserved() const; ///< in use, and kept for later

private:
    struct slab;
    std::byte* take_large(std::size_t count, std::size_t bytes_max);
    slab* make_slab(use what, std::size_t bytes_max);
    slab* slab_with_room(use what, std::size_t bytes_max);

    mutable std::mutex mutex_;
    std::size_t bytes_max_;
    std::size_t in_use_ = 0;
    std::size_t reserved_ = 0;
    std::size_t in_use_max_ = 0; ///< since the last trim
    std::vector<slab*> slabs_;   ///< all, sorted by address
    /// By use: those with free chunks; the last one is taken from first.
    std::array<std::vector<slab*>, 2> with_room_;
};

} // namespace kay
