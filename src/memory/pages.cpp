// SPDX-License-Identifier: MIT
#include "pages.hpp"

#include <cstdlib>

#if defined(__linux__) || defined(__APPLE__)

#include <sys/mman.h>

#include <cstdint>

namespace kay::detail {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

void want_huge_pages(void* at, std::size_t bytes) noexcept {
#ifdef MADV_HUGEPAGE
    if (bytes >= huge_page) ::madvise(at, bytes, MADV_HUGEPAGE);
#endif
}

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
    want_huge_pages(pages, bytes);
    return pages;
}

std::byte* map_sparse(std::size_t bytes) noexcept {
#ifdef MAP_NORESERVE
    return map(bytes, MAP_NORESERVE);
#else
    return map(bytes, 0);
#endif
}

std::byte* allocate_block(std::size_t bytes) noexcept {
    const std::size_t alignment = bytes >= huge_page ? huge_page : 16;
    bytes = (bytes + alignment - 1) / alignment * alignment;
    void* at = std::aligned_alloc(alignment, bytes);
    if (at) want_huge_pages(at, bytes);
    return static_cast<std::byte*>(at);
}

void unmap_pages(std::byte* pages, std::size_t bytes) noexcept { ::munmap(pages, bytes); }

} // namespace kay::detail

#else

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

std::byte* allocate_block(std::size_t bytes) noexcept {
    return static_cast<std::byte*>(std::aligned_alloc(16, (bytes + 15) / 16 * 16));
}

void unmap_pages(std::byte* pages, std::size_t) noexcept { std::free(pages); }

} // namespace kay::detail

#endif
