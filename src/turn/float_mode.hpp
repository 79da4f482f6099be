// SPDX-License-Identifier: MIT
//
// How the processor rounds is part of every result: handlers run with rounding to nearest and with
// denormal numbers as they are, whatever the program has set on its threads. One thread.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#else
#include <cfenv>
#endif

namespace kay::detail {

/// Sets the mode for as long as it lives; traps and flags stay the program's.
class float_mode {
public:
#if defined(__x86_64__)
    float_mode() : before_(_mm_getcsr()) {
        if (before_ & mode) _mm_setcsr(before_ & ~mode);
    }
    ~float_mode() {
        if (before_ & mode) _mm_setcsr((_mm_getcsr() & ~mode) | (before_ & mode));
    }

private:
    /// Flush to zero, rounding, denormals are zero.
    static constexpr unsigned mode = 0x8000 | 0x6000 | 0x0040;
    unsigned before_;
#else
    float_mode() {
        std::fegetenv(&before_);
        std::fesetenv(FE_DFL_ENV);
    }
    ~float_mode() { std::fesetenv(&before_); }

private:
    std::fenv_t before_;
#endif

public:
    float_mode(const float_mode&) = delete;
    float_mode& operator=(const float_mode&) = delete;
};

} // namespace kay::detail
