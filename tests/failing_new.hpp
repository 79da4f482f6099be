// SPDX-License-Identifier: MIT
//
// Replaces the global operator new of a test program: it counts what lies on the heap, and fails
// when it is told to. Of this thread only, but for `anywhere`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace failing_new {

/// Blocks from operator new that were not given back.
std::int64_t blocks_alive();

/// While it lives, operator new works `count` times and throws std::bad_alloc from then on.
struct after {
    explicit after(std::size_t count);
    ~after();
    after(const after&) = delete;
    after& operator=(const after&) = delete;
};

/// While it lives, operator new works `count` times in all threads together, then throws
/// std::bad_alloc: once, or from then on. One at a time.
struct anywhere {
    anywhere(std::size_t count, bool once);
    ~anywhere();
    anywhere(const anywhere&) = delete;
    anywhere& operator=(const anywhere&) = delete;

    /// It has thrown by now.
    static bool has_failed();
};

/// Runs f again and again, with memory for 0, 1, 2 ... pieces, until it does not throw. Calls
/// failed() after each std::bad_alloc. Returns how many times that was.
template <class F, class G>
std::size_t until_it_works(F&& f, G&& failed) {
    for (std::size_t count = 0;; ++count) {
        try {
            const after limit(count);
            f();
            return count;
        } catch (const std::bad_alloc&) {}
        failed();
    }
}

} // namespace failing_new
