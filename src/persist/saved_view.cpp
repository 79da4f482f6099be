// SPDX-License-Identifier: MIT
#include "saved_view.hpp"

#include <algorithm>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::size_t kept_bytes_max = std::size_t{8} << 20;
constexpr std::size_t kept_count_min = 4; ///< however large they are
constexpr std::uint32_t depth_max = 64;
constexpr std::uint64_t parts_max = std::uint64_t{1} << 17; ///< four times what an actor can have
constexpr std::size_t field_name_max = 255;

error bad_world(const std::string& what) { return {error_code::bad_data, what}; }

bool is_text(std::string_view name) {
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

/// How deep types lie in each other, and of how many parts one is made with all that lies in it:
/// bounds for whoever walks through them.
struct extent_of_type {
    std::uint32_t depth = 1;
    std::uint64_t parts = 1;

    void add(const extent_of_type& part, std::uint64_t times) {
        depth = std::max(depth, part.depth + 1);
        const std::uint64_t least = std::min(times, parts_max + 1); // so that nothing overflows
        parts = std::min(parts + part.parts * least, parts_max + 1);
    }
};

std::vector<extent_of_type> extents_of(const schema& types) {
    std::vector<extent_of_type> all(types.count());
    for (std::uint32_t t = 0; t < types.count(); ++t) {
        const saved_type& type = types[t];
        const std::uint64_t times = type.kind == value_kind::array ? type.count : 1;
        for (const saved_field& field : type.fields) all[t].add(all[field.type], 1);
        for (const std::uint32_t part : type.parts) all[t].add(all[part], times);
    }
    return all;
}

/// No two pages share an extent, so that there is no more to read than the file is long.
bool are_apart(const std::vector<page_ref>& pages) {
    std::vector<std::uint32_t> extents;
    for (const page_ref& page : pages)
        if (page.extent) extents.push_back(page.extent);
    std::sort(extents.begin(), extents.end());
    return std::adjacent_find(extents.begin(), extents.end()) == extents.end();
}

} // namespace

result<saved_view> saved_view::open(page_file& file,
                                    std::shared_ptr<const page_file::snapshot> snapshot) {
    saved_view made(file, std::move(snapshot));
    const auto manifest = file.read_blob(made.record().manifest, blob_kind::manifest);
    if (!manifest) return manifest.error();
    if (auto table = file.read_table(*made.snapshot_); !table) return table.error();
    const std::vector<page_ref>& pages = made.snapshot_->table().pages;
    if (!are_apart(pages)) return bad_world("two pages of the world lie in the same place");
    auto read = world_manifest::read(*manifest, pages.size());
    if (!read) return read.error();
    made.manifest_ = std::move(*read);
    if (auto described = made.read_schema(); !described) return described.error();
    if (auto taken = made.take_layouts(); !taken) return taken.error();
    return made;
}

result<void> saved_view::read_schema() {
    const auto bytes = file_->read_blob(record().schema, blob_kind::schema);
    if (!bytes) return bytes.error();
    byte_reader from(*bytes);
    auto read = schema::read(from);
    if (!read) return read.error();
    if (!from.is_at_end()) return bad_world("the description of the file's types is too long");
    types_ = std::move(*read);
    for (std::uint32_t t = 0; t < types_.count(); ++t) {
        bool good = is_text(types_[t].name);
        for (const saved_field& field : types_[t].fields)
            good = good && is_text(field.name) && field.name.size() <= field_name_max;
        if (!good) return bad_world("a name in the description of the file's types is no text");
    }
    return {};
}

/// Finds what the schema says of each actor type, and that their blocks have room for it.
result<void> saved_view::take_layouts() {
    for (const extent_of_type& extent : extents_of(types_))
        is_bounded_.push_back(extent.depth <= depth_max && extent.parts <= parts_max);
    for (std::uint32_t t = 0; t < manifest_.head.types.size(); ++t) {
        const saved_head::saved_actor& type = manifest_.head.types[t];
        const auto found = types_.find(type.name);
        if (!found || types_[*found].kind != value_kind::structure ||
            types_[*found].layout_hash != type.layout_hash)
            return bad_world("the file does not describe the actor type number " +
                             std::to_string(t));
        if (!is_bounded_[*found])
            return bad_world(type.name + ": has more parts than an actor can have");
        for (const world_manifest::place& place : manifest_.places) {
            if (!place.stores[t]) continue;
            for (const world_manifest::run& run : place.stores[t]->runs)
                if (run.stride < types_[*found].size)
                    return bad_world(type.name + ": does not fit into its blocks");
        }
        layouts_.push_back(*found);
        plans_.push_back(std::make_unique<content_plan>(types_, *found));
    }
    return {};
}

std::optional<std::uint32_t> saved_view::find_type(std::string_view name) const {
    for (std::uint32_t t = 0; t < manifest_.head.types.size(); ++t)
        if (manifest_.head.types[t].name == name) return t;
    return {};
}

std::optional<content_plan> saved_view::plan_for(std::uint32_t type) const {
    if (!is_bounded_[type]) return {};
    return content_plan(types_, type);
}

// ---- pages

/// Room for what is read next: that of what was not used for longest, where there is enough kept.
saved_view::kept& saved_view::room() {
    if (kept_bytes_ < kept_bytes_max || kept_.size() < kept_count_min) return kept_.emplace_back();
    kept& oldest = *std::min_element(kept_.begin(), kept_.end(), [](const kept& a, const kept& b) {
        return a.last_use < b.last_use;
    });
    kept_bytes_ -= oldest.bytes.size();
    return oldest;
}

result<std::span<const std::byte>> saved_view::read(std::span<const std::uint32_t> pages) {
    const auto is_it = [&](const kept& k) { return std::ranges::equal(k.pages, pages); };
    // Most often that of the row before.
    if (last_kept_ >= kept_.size() || !is_it(kept_[last_kept_])) {
        const auto found = std::find_if(kept_.begin(), kept_.end(), is_it);
        last_kept_ = static_cast<std::size_t>(found - kept_.begin());
    }
    if (last_kept_ < kept_.size()) {
        kept_[last_kept_].last_use = ++uses_;
        return std::span<const std::byte>(kept_[last_kept_].bytes);
    }
    kept& k = room();
    k.pages.clear(); // nothing, should a page be damaged
    k.bytes.resize(pages.size() * extent_bytes);
    kept_bytes_ += k.bytes.size();
    k.last_use = ++uses_;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const std::span<std::byte, extent_bytes> to(k.bytes.data() + i * extent_bytes,
                                                    extent_bytes);
        if (page(pages[i]).extent == 0)
            return error{error_code::bad_data, "page " + std::to_string(pages[i]) + " is missing"};
        if (auto got = file_->read_page(pages[i], page(pages[i]), to); !got) return got.error();
    }
    k.pages.assign(pages.begin(), pages.end());
    return std::span<const std::byte>(k.bytes);
}

// ---- instances

result<store_index> saved_view::index(std::uint32_t place, std::uint32_t type) {
    return store_index::make(*manifest_.places[place].stores[type],
                             [&](std::uint32_t page) { return read(std::span(&page, 1)); });
}

result<saved_view::instance> saved_view::at(std::uint32_t place, std::uint32_t type,
                                            const store_index::row& row) {
    const world_manifest::run& run = manifest_.places[place].stores[type]->runs[row.run];
    const auto chunk = read(run.pages_of(row.position));
    if (!chunk) return chunk.error();
    const instance found{raw_id(place, row.generation, row.slot),
                         chunk->subspan(row.offset, run.stride)};
    const std::byte* const begin = found.block.data();
    if (!plans_[type]->is_sound(begin, begin, begin + found.block.size()))
        return error{error_code::bad_data, manifest_.head.types[type].name + '@' +
                                               to_string(found.id) +
                                               " is damaged: its bytes make no sense"};
    return found;
}

result<void> saved_view::each(std::uint32_t type, const visitor& f) {
    for (std::uint32_t place = 0; place < manifest_.places.size(); ++place) {
        if (!manifest_.places[place].stores[type]) continue;
        const auto rows = index(place, type);
        if (!rows) return rows.error();
        for (const store_index::row& row : rows->rows()) {
            const auto found = at(place, type, row);
            if (!found) return found.error();
            if (!f(*found)) return {};
        }
    }
    return {};
}

result<std::optional<saved_view::instance>> saved_view::find(std::uint32_t type, raw_id id) {
    const std::optional<instance> nobody;
    if (id.place() >= manifest_.places.size() || !manifest_.places[id.place()].stores[type])
        return nobody;
    if (!last_index_ || last_index_->place != id.place() || last_index_->type != type) {
        auto made = index(id.place(), type);
        if (!made) return made.error();
        last_index_ = last_index{id.place(), type, std::move(*made)};
    }
    const store_index::row* const row = last_index_->index.find(id.slot(), id.generation());
    if (!row) return nobody;
    const auto found = at(id.place(), type, *row);
    if (!found) return found.error();
    return std::optional<instance>(*found);
}

} // namespace kay::detail
