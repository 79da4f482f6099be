// SPDX-License-Identifier: MIT
#include <kay/core/assert.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace kay {
namespace {
std::atomic<assert_hook> hook_now{nullptr};
} // namespace

assert_hook set_assert_hook(assert_hook hook) noexcept { return hook_now.exchange(hook); }

void detail::assert_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "kay: assertion failed: %s (%s:%d)\n", expression, file, line);
    if (assert_hook hook = hook_now.load()) hook(expression, file, line);
    std::abort();
}

} // namespace kay
