// SPDX-License-Identifier: MIT
//
// Worlds to be saved by tests, as what their pages are made of, and saves of them.
#pragma once

#include "../../../src/persist/page_file.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/hash.hpp>
#include <kay/core/random.hpp>

#include <array>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace kay::test {

/// For each page what its content is made from; zero: there is no such page.
using model_world = std::vector<std::uint64_t>;
using model_file = std::map<std::string, model_world>;

using page_bytes = std::array<std::byte, detail::extent_bytes>;

inline void fill(page_bytes& page, std::uint64_t content) {
    for (std::size_t i = 0; i < page.size(); i += 8) {
        const std::uint64_t word = mix(content + i);
        std::memcpy(page.data() + i, &word, sizeof word);
    }
}

/// Some pages change, come and go.
inline void change(model_world& world, random_stream& random) {
    for (std::uint32_t i = uniform_int(random, 1u, 6u); i > 0; --i) {
        const auto page = uniform_int(random, std::size_t{0}, world.size());
        if (page == world.size()) world.push_back(0);
        world[page] = bernoulli(random, 0.1) ? 0 : uniform_int<std::uint64_t>(random, 1, ~0ull - 1);
    }
}

/// Saves a world under a name: what it shares with `base` is not written again. Tells what the file
/// has then through `all`.
inline result<void> save(detail::page_file& file, const std::string& name, const model_world& world,
                         const std::string& base_name, const model_world& base_world) {
    detail::page_file::attempt attempt(file);
    const auto base = file.find(base_name);
    if (base)
        if (auto read = file.read_table(*base); !read) return read;
    std::vector<detail::page_ref> pages(world.size());
    static page_bytes page;
    for (std::size_t i = 0; i < world.size(); ++i) {
        if (world[i] == 0) continue;
        if (base && i < base_world.size() && base_world[i] == world[i]) {
            pages[i] = base->table().pages[i];
            continue;
        }
        fill(page, world[i]);
        const auto written = attempt.write_page(i, page);
        if (!written) return written.error();
        pages[i] = *written;
    }
    detail::snapshot_record record;
    record.name = name;
    record.parent = base_name;
    record.turn = world.size();
    const auto text = std::as_bytes(std::span(name));
    const auto manifest = attempt.write_blob(text, detail::blob_kind::manifest);
    if (!manifest) return manifest.error();
    const auto schema = attempt.write_blob(text, detail::blob_kind::schema);
    if (!schema) return schema.error();
    record.manifest = *manifest;
    record.schema = *schema;
    const auto made = attempt.write_snapshot(record, std::move(pages), base.get());
    if (!made) return made.error();
    detail::page_file::snapshot_list all = file.without(name);
    all.push_back(*made);
    return attempt.commit(std::move(all));
}

inline result<void> remove(detail::page_file& file, const std::string& name) {
    detail::page_file::snapshot_list all = file.without(name);
    return detail::page_file::attempt(file).commit(std::move(all));
}

/// Reads all of a file. An error, or the first page that is not what was saved.
inline result<void> check(detail::page_file& file, const model_file& expected) {
    const auto wrong = [](const std::string& what) {
        return error{error_code::bad_data, "wrong: " + what};
    };
    if (file.snapshots().size() != expected.size()) return wrong("number of snapshots");
    static page_bytes page, right;
    for (const auto& s : file.snapshots()) {
        const auto found = expected.find(s->record().name);
        if (found == expected.end()) return wrong("there is a snapshot " + s->record().name);
        const model_world& world = found->second;
        const auto manifest = file.read_blob(s->record().manifest, detail::blob_kind::manifest);
        if (!manifest) return manifest.error();
        if (auto read = file.read_table(*s); !read) return read;
        if (s->table().pages.size() != world.size()) return wrong("number of pages");
        for (std::size_t i = 0; i < world.size(); ++i) {
            const detail::page_ref& ref = s->table().pages[i];
            if ((ref.extent == 0) != (world[i] == 0)) return wrong("which pages there are");
            if (world[i] == 0) continue;
            if (auto got = file.read_page(i, ref, page); !got) return got.error();
            fill(right, world[i]);
            if (page != right) return wrong("page " + std::to_string(i));
        }
    }
    return {};
}

} // namespace kay::test
