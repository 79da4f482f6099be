// SPDX-License-Identifier: MIT
//
// Whether a test runs under a sanitizer, where some take thirty times as long or need memory that
// is not there.
#pragma once

#if defined(__has_feature)
#define KAY_TEST_HAS_FEATURE(x) __has_feature(x)
#else
#define KAY_TEST_HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    KAY_TEST_HAS_FEATURE(address_sanitizer) || KAY_TEST_HAS_FEATURE(thread_sanitizer)
#define KAY_TEST_IS_SANITIZED 1
#else
#define KAY_TEST_IS_SANITIZED 0
#endif

namespace kay::test {

inline constexpr bool is_sanitized = KAY_TEST_IS_SANITIZED;

} // namespace kay::test
