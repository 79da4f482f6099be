// SPDX-License-Identifier: MIT
//
// Zeroed memory straight from the operating system. Thread-safe.
#pragma once

#include <cstddef>

namespace kay::detail {

/// Zeroed pages, aligned to `alignment` (a power of two); huge ones where `bytes` allows and the
/// system has them. Null when there are none left.
std::byte* map_pages(std::size_t bytes, std::size_t alignment) noexcept;

/// Zeroed address space that costs memory only where it is touched. Null when there is none left.
std::byte* map_sparse(std::size_t bytes) noexcept;

/// Memory for one large block, on huge pages where `bytes` allows and the system has them; not
/// zeroed. std::free returns it. Null when there is none left.
std::byte* allocate_block(std::size_t bytes) noexcept;

/// Returns what map_pages or map_sparse gave; `bytes` as it was asked for.
void unmap_pages(std::byte* pages, std::size_t bytes) noexcept;

} // namespace kay::detail
