// SPDX-License-Identifier: MIT
#include "failing_new.hpp"

#include <atomic>
#include <cstdlib>
#include <limits>

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constinit thread_local std::size_t left = no_limit;
constinit thread_local std::int64_t alive = 0;

enum class mode : int { off, once, for_good };
constinit std::atomic<mode> mode_anywhere{mode::off};
constinit std::atomic<std::int64_t> left_anywhere{0}; ///< negative: it has failed

bool fails_anywhere() {
    const mode now = mode_anywhere.load();
    if (now == mode::off) return false;
    const std::int64_t before = left_anywhere.fetch_sub(1);
    return before == 0 || (before < 0 && now == mode::for_good);
}

} // namespace

std::int64_t failing_new::blocks_alive() { return alive; }
failing_new::after::after(std::size_t count) { left = count; }
failing_new::after::~after() { left = no_limit; }

failing_new::anywhere::anywhere(std::size_t count, bool once) {
    left_anywhere = static_cast<std::int64_t>(count);
    mode_anywhere = once ? mode::once : mode::for_good;
}
failing_new::anywhere::~anywhere() { mode_anywhere = mode::off; }
bool failing_new::anywhere::has_failed() { return left_anywhere < 0; }

void* operator new(std::size_t bytes) {
    if (left == 0 || fails_anywhere()) throw std::bad_alloc();
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
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    try {
        return ::operator new(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void operator delete(void* at, const std::nothrow_t&) noexcept { ::operator delete(at); }
void operator delete[](void* at) noexcept { ::operator delete(at); }
void operator delete(void* at, std::size_t) noexcept { ::operator delete(at); }
void operator delete[](void* at, std::size_t) noexcept { ::operator delete(at); }
