// SPDX-License-Identifier: MIT
#include "commands.hpp"
#include "world.hpp"

#include "../../src/persist/value_text.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tool {
namespace {

using kay::error_code;
using kay::detail::extent_bytes;
using kay::detail::page_file;
using kay::detail::page_ref;
using kay::detail::saved_view;
using kay::detail::world_manifest;

/// Looks at one snapshot after the other; what these share it reads once.
class checker {
public:
    checker(const world_path& path, page_file& file, output& out)
        : path_(path), file_(file), out_(out) {}

    void check(const std::shared_ptr<const page_file::snapshot>& snapshot) {
        name_.clear();
        kay::detail::add_quoted(name_, snapshot->record().name);
        if (auto table = file_.read_table(*snapshot); !table) return tell(table.error().text);
        read_pages(snapshot->table().pages);
        names_.clear();
        auto view = saved_view::open(file_, snapshot);
        if (view)
            name_pages(*view);
        else
            tell(view.error().text);
        for (const auto& [number, text] : damaged_) {
            const auto name = names_.find(number);
            tell(text + (name == names_.end() ? "" : " (" + name->second + ")"));
        }
        if (view && damaged_.empty()) check_actors(*view);
    }

    std::size_t problems() const { return problems_; }
    std::size_t pages_read() const { return pages_read_; }

private:
    void tell(const std::string& what) {
        ++problems_;
        out_.add(path_.file + ": snapshot " + name_ + ": " + what + '\n');
    }

    void read_pages(const std::vector<page_ref>& pages) {
        damaged_.clear();
        std::vector<std::byte> room(extent_bytes);
        const std::span<std::byte, extent_bytes> to(room.data(), extent_bytes);
        for (std::uint32_t number = 0; number < pages.size(); ++number) {
            if (pages[number].extent == 0) continue;
            const auto key = std::pair(number, pages[number].extent);
            auto known = known_.find(key);
            if (known == known_.end()) {
                ++pages_read_;
                const auto got = file_.read_page(number, pages[number], to);
                known = known_.emplace(key, got ? "" : got.error().text).first;
            }
            if (!known->second.empty()) damaged_.emplace(number, known->second);
        }
    }

    /// What the damaged pages are; pages that should be there and are not are damaged too.
    void name_pages(const saved_view& view) {
        const world_manifest& m = view.manifest();
        const auto look = [&](std::span<const std::uint32_t> pages, const auto& what) {
            for (const std::uint32_t page : pages) {
                if (page == world_manifest::no_page) continue;
                if (view.page(page).extent == 0)
                    damaged_.emplace(page, "page " + std::to_string(page) + " is missing");
                if (damaged_.contains(page)) names_[page] = what();
            }
        };
        for (std::uint32_t p = 0; p < m.places.size(); ++p) {
            const std::string place = " in place " + std::to_string(p);
            for (std::uint32_t t = 0; t < m.head.types.size(); ++t) {
                if (!m.places[p].stores[t]) continue;
                for (const auto& run : m.places[p].stores[t]->runs)
                    for (std::size_t i = 0; i < run.chunks.size(); ++i)
                        look(run.pages_of(i), [&] {
                            return std::to_string(run.visible_rows(i)) + " actors of " +
                                   m.head.types[t].name + place;
                        });
                look(m.places[p].stores[t]->slot_pages,
                     [&] { return "ids of " + m.head.types[t].name + place; });
            }
            look(m.places[p].timed.pages, [&] { return "timers" + place; });
        }
        look(m.outside.pages, [] { return std::string("timers set from outside"); });
        for (std::size_t c = 0; c < m.constants.size(); ++c)
            look(m.constants[c].pages, [&] { return "constant " + std::to_string(c); });
    }

    /// Bytes that are as they were saved, and make no sense all the same.
    void check_actors(saved_view& view) {
        for (std::uint32_t t = 0; t < view.manifest().head.types.size(); ++t)
            if (const auto seen = view.each(t, [](const auto&) { return true; }); !seen)
                tell(view.manifest().head.types[t].name + ": " + seen.error().text);
    }

    const world_path& path_;
    page_file& file_;
    output& out_;
    std::string name_; ///< of the snapshot, quoted
    std::size_t problems_ = 0;
    std::size_t pages_read_ = 0;
    /// By number and extent: what is wrong with a page, or nothing.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> known_;
    std::map<std::uint32_t, std::string> damaged_; ///< pages of this snapshot
    std::map<std::uint32_t, std::string> names_;   ///< what they are
};

} // namespace

kay::result<int> check_file(const options& o, output& out) {
    const world_path path = split(o.world);
    const auto file = open_file(path.file);
    if (!file) {
        if (file.error().code != error_code::bad_data) return file.error();
        out.add(file.error().text + '\n');
        return 1;
    }
    checker all(path, **file, out);
    std::size_t snapshots = 0;
    for (const auto& s : (*file)->snapshots()) {
        if (!path.snapshot.empty() && s->record().name != path.snapshot) continue;
        all.check(s);
        ++snapshots;
    }
    if (snapshots == 0 && !path.snapshot.empty()) return open_world(o.world).error();
    const bool is_whole = all.problems() == 0 && !(*file)->warning();
    out.add(path.file + ": " + std::to_string(snapshots) + " snapshots, " +
            std::to_string(all.pages_read()) + " pages: " +
            (is_whole ? "all is well" : std::to_string(all.problems()) + " damaged") + '\n');
    return is_whole ? 0 : 1;
}

} // namespace tool
