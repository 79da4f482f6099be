// SPDX-License-Identifier: MIT
#include "snapshot_source.hpp"

#include "in_file.hpp"

#include <algorithm>
#include <utility>

namespace kay::detail {

snapshot_source::snapshot_source(std::string path, std::shared_ptr<page_file> file,
                                 std::shared_ptr<const page_file::snapshot> snapshot)
    : path_(std::move(path)), file_(std::move(file)), snapshot_(std::move(snapshot)),
      ahead_(static_cast<std::uint32_t>(snapshot_->table().pages.size())) {}

bool snapshot_source::read(std::uint32_t number, std::span<std::byte> to) {
    for (std::size_t at = 0; at < to.size(); at += extent_bytes, ++number) {
        const auto page = to.subspan(at).first<extent_bytes>();
#if defined(__cpp_exceptions)
        try {
#endif
            const result<void> done = read_page(number, page);
            if (done) continue;
            note_failure(done.error());
#if defined(__cpp_exceptions)
        } catch (...) { // there is not even memory to say why
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = no_memory();
        }
#endif
        std::fill(to.begin(), to.end(), std::byte{0});
        return false;
    }
    return true;
}

void snapshot_source::note_failure(const error& e) {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    failure_ = error{e.code, path_ + ", snapshot '" + snapshot_->record().name + "': " + e.text};
}

bool snapshot_source::has(std::uint32_t first, std::uint32_t count) const {
    const std::vector<page_ref>& pages = snapshot_->table().pages;
    if (first > pages.size() || count > pages.size() - first) return false;
    return std::all_of(pages.begin() + first, pages.begin() + first + count,
                       [](const page_ref& page) { return page.extent != 0; });
}

result<void> snapshot_source::read_page(std::uint32_t number,
                                        std::span<std::byte, extent_bytes> to) {
    const std::vector<page_ref>& pages = snapshot_->table().pages;
    if (number >= pages.size() || pages[number].extent == 0)
        return error{error_code::bad_data, "page " + std::to_string(number) + " is missing"};
    ahead_.before_reading(number, [&](std::uint32_t first, std::uint32_t count) {
        const std::span<const page_ref> all(pages);
        if (first < all.size())
            file_->expect_read(
                all.subspan(first, std::min<std::size_t>(count, all.size() - first)));
    });
    return file_->read_page(number, pages[number], to);
}

std::optional<error> snapshot_source::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

} // namespace kay::detail
