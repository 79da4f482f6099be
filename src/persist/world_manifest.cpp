// SPDX-License-Identifier: MIT
#include "world_manifest.hpp"

#include "../core/bytes.hpp"
#include "page_file.hpp"

#include <kay/core/id.hpp>
#include <kay/store/slot_map.hpp>

#include <algorithm>

namespace kay::detail {
namespace {

constexpr std::uint32_t stride_max = std::uint32_t{1} << 31;
constexpr std::uint32_t slot_pages_max = ((slot_max + 1) >> slot_map::page_log2) + 1;
constexpr std::uint32_t timer_lists = 6 * 64 + 1;
constexpr std::uint32_t timer_levels = 6;

/// Reads a manifest from front to end. No page is two things.
class manifest_reader {
public:
    manifest_reader(std::span<const std::byte> bytes, std::uint64_t page_count)
        : all_(bytes), from_(bytes), taken_(page_count) {}

    bool read(world_manifest& made) {
        made.head = saved_head::read(from_);
        if (made.head.places == 0 || made.head.places > 1u << place_bits) from_.fail();
        read_constants(made);
        for (std::uint32_t p = 0; p < made.head.places && !from_.failed(); ++p) {
            made.places.emplace_back();
            read_place(made.places.back(), made.head.types.size());
        }
        read_outside(made);
        made.is_in_turn = from_.number<std::uint8_t>() != 0;
        from_.number<std::uint64_t>(); // rounds of that turn
        read_waiting(made);
        return from_.is_at_end();
    }

private:
    void read_constants(world_manifest& made) {
        for (const std::string& type : made.head.constants) {
            world_manifest::constant c;
            c.type = type;
            c.bytes = from_.number<std::uint64_t>();
            c.hash = from_.number<std::uint64_t>();
            if (c.bytes > taken_.size() * extent_bytes) return from_.fail();
            take_pages((c.bytes + extent_bytes - 1) / extent_bytes, c.pages);
            made.constants.push_back(std::move(c));
        }
    }

    void read_place(world_manifest::place& p, std::size_t types) {
        for (std::size_t t = 0; t < types && !from_.failed(); ++t) {
            p.stores.emplace_back();
            if (from_.number<std::uint8_t>()) read_store(p.stores.back().emplace());
        }
        read_leases(p.leases);
        read_timers(p.timed);
    }

    void read_store(world_manifest::store& s) {
        s.first_free = from_.number<std::uint32_t>();
        s.first_unused = from_.number<std::uint32_t>();
        const auto slot_pages = from_.number<std::uint32_t>();
        if (slot_pages > slot_pages_max) from_.fail();
        for (auto left = slot_pages; left > 0 && !from_.failed(); --left) read_slot_page(s);
        const auto chunk_pages = from_.numbers<std::uint32_t>();
        const auto row_pages = from_.numbers<std::uint32_t>();
        if (row_pages.size() != chunk_pages.size()) from_.fail();
        s.chunks = static_cast<std::uint32_t>(chunk_pages.size());
        // Each chunk is among the free ones or in a run.
        std::vector<bool> used(chunk_pages.size());
        take_chunks(from_.numbers<std::uint32_t>(), used);
        for (auto left = from_.number<std::uint32_t>(); left > 0 && !from_.failed(); --left) {
            s.runs.emplace_back();
            read_run(s.runs.back(), used, chunk_pages, row_pages);
        }
    }

    void read_slot_page(world_manifest::store& s) {
        const auto index = from_.number<std::uint32_t>();
        std::vector<std::uint32_t> page;
        if (index >= slot_pages_max || !take_pages(1, page)) return from_.fail();
        if (index >= s.slot_pages.size())
            s.slot_pages.resize(std::size_t{index} + 1, world_manifest::no_page);
        if (s.slot_pages[index] != world_manifest::no_page) return from_.fail();
        s.slot_pages[index] = page[0];
    }

    void read_run(world_manifest::run& r, std::vector<bool>& used,
                  std::span<const std::uint32_t> chunk_pages,
                  std::span<const std::uint32_t> row_pages) {
        r.stride = from_.number<std::uint32_t>();
        r.visible = from_.number<std::uint32_t>();
        r.count = from_.number<std::uint32_t>();
        r.chunks = from_.numbers<std::uint32_t>();
        if (r.stride == 0 || r.stride % 16 || r.stride > stride_max || r.visible > r.count)
            return from_.fail();
        r.rows_per_chunk = std::max(1u, static_cast<std::uint32_t>(extent_bytes) / r.stride);
        r.pages_per_chunk =
            static_cast<std::uint32_t>((r.stride + extent_bytes - 1) / extent_bytes);
        if (r.count > std::uint64_t{r.rows_per_chunk} * r.chunks.size()) from_.fail();
        take_chunks(r.chunks, used);
        const std::size_t sharing =
            extent_bytes / sizeof(std::uint32_t) / r.rows_per_chunk; // chunks to a page of rows
        for (std::size_t position = 0; position < r.chunks.size() && !from_.failed(); ++position) {
            take_pages(chunk_pages[r.chunks[position]], r.pages_per_chunk, r.pages);
            if (position % sharing == 0) take_pages(row_pages[r.chunks[position]], 1, r.row_pages);
        }
    }

    /// No chunk is in two places.
    void take_chunks(const std::vector<std::uint32_t>& numbers, std::vector<bool>& used) {
        for (const std::uint32_t chunk : numbers) {
            if (chunk >= used.size() || used[chunk]) return from_.fail();
            used[chunk] = true;
        }
    }

    /// So many in a row, of which the first is read; none where there are not so many.
    bool take_pages(std::uint64_t count, std::vector<std::uint32_t>& to) {
        return take_pages(from_.number<std::uint32_t>(), count, to);
    }
    bool take_pages(std::uint32_t first, std::uint64_t count, std::vector<std::uint32_t>& to) {
        if (from_.failed() || count > taken_.size() || first > taken_.size() - count)
            return from_.fail(), false;
        for (std::uint64_t page = first; page < first + count; ++page) {
            if (taken_[page]) return from_.fail(), false;
            taken_[page] = true;
            to.push_back(static_cast<std::uint32_t>(page));
        }
        return true;
    }

    void read_leases(std::vector<std::byte>& record) {
        const std::size_t begin = position();
        for (auto left = from_.number<std::uint32_t>(); left > 0 && !from_.failed(); --left) {
            from_.bytes(8 + 4);
            from_.bytes(std::size_t{from_.number<std::uint32_t>()} * sizeof(lease_entry));
        }
        from_.bytes(std::size_t{from_.number<std::uint32_t>()} * (8 + 4 * 4));
        from_.numbers<std::uint64_t>();
        keep(begin, record);
    }

    void read_timers(world_manifest::timers& t) {
        const std::size_t begin = position();
        from_.bytes(8 + 8);
        t.count = from_.number<std::uint64_t>();
        from_.bytes(4 + 4);
        const auto pages = from_.number<std::uint32_t>();
        for (auto left = pages; left > 0 && !from_.failed(); --left) take_pages(1, t.pages);
        if (from_.number<std::uint8_t>()) from_.bytes(timer_lists * 8 + timer_levels * 8);
        keep(begin, t.record);
    }

    /// Nobody lives outside of all places.
    void read_outside(world_manifest& made) {
        for (const std::byte there : from_.bytes(made.head.types.size()))
            if (there != std::byte{0}) from_.fail();
        read_leases(made.outside_leases);
        read_timers(made.outside);
    }

    void read_waiting(world_manifest& made) {
        for (auto left = from_.number<std::uint32_t>(); left > 0 && !from_.failed(); --left)
            made.failures.push_back(text_of(read_failure(from_)));
        const auto rows = from_.number<std::uint32_t>();
        if (rows > 0) from_.bytes(std::size_t{made.head.places} * 16);
        for (auto left = rows; left > 0 && !from_.failed(); --left) {
            from_.bytes(1 + 4 + 4 + 4);
            const auto bytes = from_.number<std::uint64_t>();
            made.waiting_bytes += from_.bytes(bytes).size();
        }
    }

    std::size_t position() const { return all_.size() - from_.left(); }
    void keep(std::size_t begin, std::vector<std::byte>& record) {
        if (from_.failed()) return;
        const auto bytes = all_.subspan(begin, position() - begin);
        record.assign(bytes.begin(), bytes.end());
    }

    std::span<const std::byte> all_;
    byte_reader from_;
    std::vector<bool> taken_; ///< by page
};

} // namespace

result<world_manifest> world_manifest::read(std::span<const std::byte> bytes,
                                            std::uint64_t page_count) {
    world_manifest made;
    manifest_reader reader(bytes, page_count);
    if (reader.read(made)) return made;
    return error{error_code::bad_data, "the manifest of the world makes no sense: it was not "
                                       "written by kay, or by another version of it"};
}

std::uint64_t world_manifest::bytes_for_tables() const {
    constexpr std::uint64_t of_place = 4096, of_type = 64, of_chunk = 64, of_slot_page = 24;
    std::uint64_t sum = places.size() * (of_place + head.types.size() * of_type);
    for (const place& p : places)
        for (const std::optional<store>& s : p.stores)
            if (s) sum += s->chunks * of_chunk + s->slot_pages.size() * of_slot_page;
    return sum;
}

} // namespace kay::detail
