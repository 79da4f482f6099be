// SPDX-License-Identifier: MIT
//
// Chunks: blocks of 64 KiB that stores are made of, cut from huge pages of 2 MiB and given back to
// the operating system when a world has shrunk. A chunk is zero when it is taken for the first time
// and holds old bytes when it comes back from the pool.
//
// Thread-safe: a mutex for each take and give, that is once in thousands of instances.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace kay {

inline constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

/// Thrown when a budget or the machine has no more memory. Stops at the handler's dispatch, where it
/// becomes the error of the turn; set-up calls let it through.
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

    /// A block of `count` chunks in a row, aligned to 64 KiB. Throws out_of_memory.
    std::byte* take(std::size_t count = 1);

    /// Gives a block back; `count` as it was taken.
    void give(std::byte* block, std::size_t count = 1) noexcept;

    /// Returns memory that nobody uses to the operating system, down to a reserve of an eighth of
    /// what is in use and at least 2 MiB. Called at the end of a turn; cost by what is returned.
    void trim() noexcept;

    std::size_t bytes_in_use() const;
    std::size_t bytes_reserved() const; ///< in use, and kept for later

private:
    struct slab;
    std::byte* take_large(std::size_t count);
    slab* make_slab();

    mutable std::mutex mutex_;
    std::size_t bytes_max_;
    std::size_t in_use_ = 0;
    std::size_t reserved_ = 0;
    std::vector<slab*> slabs_;     ///< all, sorted by address
    std::vector<slab*> with_room_; ///< those with free chunks; the last one is taken from first
};

} // namespace kay
