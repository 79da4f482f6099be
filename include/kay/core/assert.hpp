// SPDX-License-Identifier: MIT
//
// Asserts that stay on in every build. A failed one prints the expression and its place, calls a
// replaceable hook, then stops the process. KAY_AUDIT is for checks of linear cost: on in tests.
#pragma once

namespace kay {

/// Called before the process stops because an assert failed, with the expression and its place.
/// Must not return control to the failing code by throwing. Null is the default: nothing more is
/// done.
using assert_hook = void (*)(const char* expression, const char* file, int line);

/// Replaces the hook and returns the one before. Thread-safe.
assert_hook set_assert_hook(assert_hook hook) noexcept;

namespace detail {
[[noreturn]] void assert_failed(const char* expression, const char* file, int line) noexcept;
} // namespace detail

} // namespace kay

#define KAY_ASSERT(condition)                            \
    (static_cast<bool>(condition) ? static_cast<void>(0) \
                                  : ::kay::detail::assert_failed(#condition, __FILE__, __LINE__))

#ifdef KAY_AUDITS
#define KAY_AUDIT(condition) KAY_ASSERT(condition)
#else
#define KAY_AUDIT(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#endif
