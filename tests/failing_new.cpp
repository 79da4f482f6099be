// SPDX-License-Identifier: MIT
#include "failing_new.hpp"

#include <cstdlib>
#include <limits>

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constinit thread_local std::size_t left = no_limit;
constinit thread_local std::int64_t alive = 0;

} // namespace

std::int64_t failing_new::blocks_alive() { return alive; }
failing_new::after::after(std::size_t count) { left = count; }
failing_new::after::~after() { left = no_limit; }

void* operator new(std::size_t bytes) {
    if (left == 0) throw std::bad_alloc();
    void* const at = std::malloc(bytes ? bytes : 1);
    if (!at) throw std::bad_alloc();
    if (left != no_limit) --left;
    ++alive;
    return at;
}
void operator delete(void* at) noexcept {
    if (at) --alive;
    std::free(at);
}
void* operator new[](std::size_t bytes) { return ::operator new(bytes); }
void operator delete[](void* at) noexcept { ::operator delete(at); }
void operator delete(void* at, std::size_t) noexcept { ::operator delete(at); }
void operator delete[](void* at, std::size_t) noexcept { ::operator delete(at); }
