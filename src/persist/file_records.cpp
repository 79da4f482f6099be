// SPDX-License-Identifier: MIT
#include "file_records.hpp"

#include <algorithm>

namespace kay::detail {
namespace {

constexpr std::uint64_t pages_max = std::uint64_t{1} << 28; ///< 16 TiB

} // namespace

void write(byte_writer& to, const blob_ref& blob) {
    to.number(blob.where.first);
    to.number(blob.where.count);
    to.number(blob.bytes);
    to.number(blob.hash);
}

blob_ref read_blob_ref(byte_reader& from) {
    blob_ref blob;
    blob.where.first = from.number<std::uint32_t>();
    blob.where.count = from.number<std::uint32_t>();
    blob.bytes = from.number<std::uint64_t>();
    blob.hash = from.number<std::uint64_t>();
    const std::uint64_t room = position_of(blob.where.count);
    if (blob.where.count == 0 || blob.where.first == 0 || blob.bytes > room ||
        room - blob.bytes >= extent_bytes || ~0u - blob.where.first < blob.where.count)
        from.fail();
    return blob;
}

void write(byte_writer& to, const snapshot_record& r) {
    to.text(r.name);
    to.text(r.parent);
    to.number(r.number);
    to.number(r.turn);
    to.number(r.saved_ms);
    to.number(r.page_count);
    to.number(r.pages_used);
    write(to, r.table);
    write(to, r.manifest);
    write(to, r.schema);
}

snapshot_record read_record(byte_reader& from) {
    snapshot_record r;
    r.name = from.text();
    r.parent = from.text();
    r.number = from.number<std::uint64_t>();
    r.turn = from.number<std::uint64_t>();
    r.saved_ms = from.number<std::int64_t>();
    r.page_count = from.number<std::uint64_t>();
    r.pages_used = from.number<std::uint64_t>();
    r.table = read_blob_ref(from);
    r.manifest = read_blob_ref(from);
    r.schema = read_blob_ref(from);
    if (r.page_count > pages_max || r.pages_used > r.page_count) from.fail();
    return r;
}

std::vector<std::byte> write_catalogue(std::uint64_t saves,
                                       const page_file::snapshot_list& snapshots) {
    byte_writer to;
    to.number(saves);
    to.number(static_cast<std::uint32_t>(snapshots.size()));
    for (const auto& s : snapshots) write(to, s->record());
    return to.take();
}

std::uint64_t used_of(std::span<const page_ref> pages) {
    return static_cast<std::uint64_t>(std::count_if(
        pages.begin(), pages.end(), [](const page_ref& page) { return page.extent != 0; }));
}

} // namespace kay::detail
