// SPDX-License-Identifier: MIT
//
// A saved world as somebody might write it who knows how: its bytes may be changed, and all hashes
// are right again when it is written.
#pragma once

#include "simulated_disk.hpp"

#include "../../../src/persist/page_file.hpp"

#include <kay/core/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kay::test {

struct forged_file {
    std::vector<std::byte> manifest;
    std::vector<std::byte> schema;
    std::vector<std::vector<std::byte>> pages; ///< empty: there is none of that number
    bool has_shared_pages = false;             ///< the first two lie in the same place

    /// What a file has as a snapshot.
    static forged_file of(detail::page_file& file, const std::string& name) {
        using namespace detail;
        forged_file made;
        const auto snapshot = file.find(name);
        const snapshot_record& record = snapshot->record();
        made.manifest = *file.read_blob(record.manifest, blob_kind::manifest);
        made.schema = *file.read_blob(record.schema, blob_kind::schema);
        const auto table = file.read_table(*snapshot);
        KAY_ASSERT(table.has_value());
        const std::vector<page_ref>& all = snapshot->table().pages;
        made.pages.resize(all.size());
        for (std::uint32_t p = 0; p < all.size(); ++p) {
            if (!all[p].extent) continue;
            made.pages[p].resize(extent_bytes);
            const auto good =
                file.read_page(p, all[p], std::span<std::byte, extent_bytes>(made.pages[p]));
            KAY_ASSERT(good.has_value());
        }
        return made;
    }

    /// A file with it as snapshot "a", on an empty disk.
    void write(simulated_disk& disk) const {
        using namespace detail;
        auto file = page_file::open(disk.open(), true);
        KAY_ASSERT(file.has_value());
        page_file::attempt attempt(**file);
        snapshot_record record;
        record.name = "a";
        record.manifest = *attempt.write_blob(manifest, blob_kind::manifest);
        record.schema = *attempt.write_blob(schema, blob_kind::schema);
        std::vector<page_ref> refs(pages.size());
        for (std::uint32_t p = 0; p < pages.size(); ++p)
            if (!pages[p].empty())
                refs[p] =
                    *attempt.write_page(p, std::span<const std::byte, extent_bytes>(pages[p]));
        if (has_shared_pages) refs[1].extent = refs[0].extent;
        const auto made = attempt.write_snapshot(record, refs, nullptr);
        KAY_ASSERT(made.has_value());
        const auto done = attempt.commit({*made});
        KAY_ASSERT(done.has_value());
    }
};

} // namespace kay::test
