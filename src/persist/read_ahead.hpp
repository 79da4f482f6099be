// SPDX-License-Identifier: MIT
//
// What to ask a disk for early. A walk over a world reads pages about in the order of their
// numbers, one after the other, and waits for each; single messages read some here and there. So
// pages are looked at by windows: where the window before one has been read from, too, those that
// follow are worth asking for. Any thread.
//
//   windows_  by the number of a page / pages_per_window: what is known of it
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace kay::detail {

class read_ahead {
public:
    static constexpr std::uint32_t pages_per_window = 16; ///< a MiB
    static constexpr std::uint32_t windows_ahead = 16;

    explicit read_ahead(std::uint32_t pages) : windows_(pages / pages_per_window + 1) {}

    /// A page is going to be read. Calls ask(first page, pages) for what should be asked for by
    /// now, each page once; the last ones may lie beyond the end.
    template <class Ask>
    void before_reading(std::uint32_t page, Ask&& ask) {
        const std::uint32_t window = page / pages_per_window;
        if (window >= windows_.size() || (mark(window, is_read) & is_read)) return;
        if (window == 0 || !(windows_[window - 1].load(std::memory_order_relaxed) & is_read))
            return;
        for (std::uint32_t next = window + 1;
             next <= window + windows_ahead && next < windows_.size(); ++next)
            if (!(mark(next, is_asked) & (is_asked | is_read)))
                ask(next * pages_per_window, pages_per_window);
    }

private:
    static constexpr std::uint8_t is_read = 1, is_asked = 2;

    /// Hints only, so that no other memory hangs on their order.
    std::uint8_t mark(std::uint32_t window, std::uint8_t what) {
        return windows_[window].fetch_or(what, std::memory_order_relaxed);
    }

    std::vector<std::atomic<std::uint8_t>> windows_;
};

} // namespace kay::detail
