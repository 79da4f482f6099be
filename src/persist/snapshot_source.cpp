// SPDX-License-Identifier: MIT
#include "snapshot_source.hpp"

#include <algorithm>

namespace kay::detail {

void snapshot_source::read(std::uint32_t number, std::span<std::byte> to) {
    for (std::size_t at = 0; at < to.size(); at += extent_bytes, ++number) {
        const auto page = to.subspan(at).first<extent_bytes>();
        const result<void> done = read_page(number, page);
        if (done) continue;
        std::fill(page.begin(), page.end(), std::byte{0});
        const std::lock_guard lock(mutex_);
        if (!failure_)
            failure_ = error{done.error().code, path_ + ", snapshot '" + snapshot_->record().name +
                                                    "': " + done.error().text};
    }
}

result<void> snapshot_source::read_page(std::uint32_t number,
                                        std::span<std::byte, extent_bytes> to) {
    const std::vector<page_ref>& pages = snapshot_->table().pages;
    if (number >= pages.size() || pages[number].extent == 0)
        return error{error_code::bad_data, "page " + std::to_string(number) + " is missing"};
    return file_->read_page(number, pages[number], to);
}

std::optional<error> snapshot_source::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

} // namespace kay::detail
