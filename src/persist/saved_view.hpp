// SPDX-License-Identifier: MIT
//
// A saved world to be looked at without the program that made it: its instances as blocks of bytes,
// which the schema in the file explains. Pages are read when they are needed, and checked. Nothing
// in a file is trusted: what a view hands out lies within its blocks, whoever wrote them.
//
// One thread at a time. Needs its page_file for as long as it lives.
#pragma once

#include "content_plan.hpp"
#include "page_file.hpp"
#include "schema.hpp"
#include "store_index.hpp"
#include "world_manifest.hpp"

#include <kay/core/id.hpp>
#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kay::detail {

class saved_view {
public:
    static result<saved_view> open(page_file& file,
                                   std::shared_ptr<const page_file::snapshot> snapshot);

    const snapshot_record& record() const { return snapshot_->record(); }
    const world_manifest& manifest() const { return manifest_; }
    const schema& types() const { return types_; }
    const page_ref& page(std::uint32_t number) const { return snapshot_->table().pages[number]; }

    /// The number of an actor type.
    std::optional<std::uint32_t> find_type(std::string_view name) const;
    /// What an actor type is in types().
    std::uint32_t layout_of(std::uint32_t type) const { return layouts_[type]; }

    /// For values of any of types() that lie elsewhere. Nothing: the type has more parts than what
    /// kay saves can have, and nobody should walk through it.
    std::optional<content_plan> plan_for(std::uint32_t type) const;

    struct instance {
        raw_id id;
        /// From the actor's first byte to the end of what its containers may hold. Sound: whoever
        /// follows its containers stays inside.
        std::span<const std::byte> block;
    };
    using visitor = std::function<bool(const instance&)>;

    /// Calls f for each instance of a type, in the order of places, runs and rows, until f returns
    /// false. An error names what is damaged.
    result<void> each(std::uint32_t type, const visitor& f);
    /// Nothing: no instance of the type has this id.
    result<std::optional<instance>> find(std::uint32_t type, raw_id id);

    // ---- for whoever compares or checks

    /// Of a type in a place that has a store.
    result<store_index> index(std::uint32_t place, std::uint32_t type);
    /// A row's instance; valid until a few dozen more chunks have been read.
    result<instance> at(std::uint32_t place, std::uint32_t type, const store_index::row& row);
    /// Valid as long.
    result<std::span<const std::byte>> read(std::span<const std::uint32_t> pages);

private:
    /// Pages in a row, as they were read.
    struct kept {
        std::vector<std::uint32_t> pages;
        std::vector<std::byte> bytes;
        std::uint64_t last_use = 0;
    };
    /// An index that was made last, for somebody who looks up one id after the other.
    struct last_index {
        std::uint32_t place;
        std::uint32_t type;
        store_index index;
    };

    saved_view(page_file& file, std::shared_ptr<const page_file::snapshot> snapshot)
        : file_(&file), snapshot_(std::move(snapshot)) {}
    result<void> read_schema();
    result<void> take_layouts();
    kept& room();

    page_file* file_;
    std::shared_ptr<const page_file::snapshot> snapshot_;
    world_manifest manifest_;
    schema types_;
    std::vector<bool> is_bounded_;                     ///< by type of types_
    std::vector<std::uint32_t> layouts_;               ///< by actor type: in types_
    std::vector<std::unique_ptr<content_plan>> plans_; ///< by actor type
    std::vector<kept> kept_;
    std::size_t kept_bytes_ = 0;
    std::size_t last_kept_ = 0; ///< in kept_: what was asked for last
    std::uint64_t uses_ = 0;
    std::optional<last_index> last_index_;
};

} // namespace kay::detail
