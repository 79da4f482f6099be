// SPDX-License-Identifier: MIT
#include "pages.hpp"

#if defined(__linux__) || defined(__APPLE__)

#include <sys/mman.h>

#include <cstdint>

namespace kay::detail {
namespace {

std::byte* map(std::size_t bytes, int extra_flags) noexcept {
    void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | extra_flags, -1, 0);
    return at == MAP_FAILED ? nullptr : static_cast<std::byte*>(at);
}

} // namespace

std::byte* map_pages(std::size_t bytes, std::size_t alignment) noexcept {
    // Map a bit more and cut off both ends, so that the rest is aligned.
    std::byte* wide = map(bytes + alignment, 0);
    if (!wide) return nullptr;
    const auto address = reinterpret_cast<std::uintptr_t>(wide);
    const std::size_t before = (alignment - address % alignment) % alignment;
    std::byte* pages = wide + before;
    if (before) ::munmap(wide, before);
    if (alignment > before) ::munmap(pages + bytes, alignment - before);
#ifdef MADV_HUGEPAGE
    if (bytes >= std::size_t{2} << 20) ::madvise(pages, bytes, MADV_HUGEPAGE);
#endif
    return pages;
}

std::byte* map_sparse(std::size_t bytes) noexcept {
#ifdef MAP_NORESERVE
    return map(bytes, MAP_NORESERVE);
#else
    return map(bytes, 0);
#endif
}

void unmap_pages(std::byte* pages, std::size_t bytes) noexcept { ::munmap(pages, bytes); }

} // namespace kay::detail

#else

#include <cstdlib>
#include <cstring>

namespace kay::detail {

std::byte* map_pages(std::size_t bytes, std::size_t alignment) noexcept {
    void* at = std::aligned_alloc(alignment, bytes);
    if (at) std::memset(at, 0, bytes);
    return static_cast<std::byte*>(at);
}

std::byte* map_sparse(std::size_t bytes) noexcept {
    return static_cast<std::byte*>(std::calloc(bytes, 1));
}

void unmap_pages(std::byte* pages, std::size_t) noexcept { std::free(pages); }

} // namespace kay::detail

#endif
