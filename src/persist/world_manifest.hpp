// SPDX-License-Identifier: MIT
//
// A saved world's manifest as a tree of plain values: what the world is, and which of its pages are
// what. For whoever reads a world without the program that made it; the layout is in
// docs/formats/world.md. Whoever reads one knows that its counts are in bounds and that its pages
// are there, each in one place; not yet what lies in them.
#pragma once

#include "../turn/handler_failure.hpp"
#include "../turn/saved_head.hpp"

#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kay::detail {

struct world_manifest {
    static constexpr std::uint32_t no_page = ~0u;

    struct constant {
        std::string type; ///< its name; empty: not known
        std::uint64_t bytes = 0;
        std::uint64_t hash = 0;
        std::vector<std::uint32_t> pages;
    };
    /// Blocks of one size, in chunks.
    struct run {
        std::uint32_t stride = 0;  ///< bytes of a block
        std::uint32_t visible = 0; ///< the first rows; their instances are alive
        std::uint32_t count = 0;
        std::uint32_t rows_per_chunk = 0;
        std::uint32_t pages_per_chunk = 0;
        std::vector<std::uint32_t> chunks;    ///< by position: their numbers, as handles have them
        std::vector<std::uint32_t> pages;     ///< of all chunks, by position * pages_per_chunk
        std::vector<std::uint32_t> row_pages; ///< which slot lives in which row

        /// Of a chunk at a position: rows of visible instances, and of all.
        std::uint32_t visible_rows(std::size_t position) const {
            return rows_of(position, visible);
        }
        std::uint32_t rows(std::size_t position) const { return rows_of(position, count); }
        std::uint32_t rows_of(std::size_t position, std::uint32_t all) const {
            const std::uint64_t before = std::uint64_t{position} * rows_per_chunk;
            const std::uint64_t rows = before < all ? all - before : 0;
            return static_cast<std::uint32_t>(rows < rows_per_chunk ? rows : rows_per_chunk);
        }
        std::span<const std::uint32_t> pages_of(std::size_t position) const {
            return std::span(pages).subspan(position * pages_per_chunk, pages_per_chunk);
        }
    };
    /// All instances of a type in a place.
    struct store {
        std::uint32_t first_free = 0;          ///< slot
        std::uint32_t first_unused = 0;        ///< slot
        std::vector<std::uint32_t> slot_pages; ///< by slot >> 13; no_page: none was ever used
        std::uint32_t chunks = 0;              ///< free ones included
        std::vector<run> runs;

        std::uint64_t count() const {
            std::uint64_t sum = 0;
            for (const run& r : runs) sum += r.visible;
            return sum;
        }
    };
    struct timers {
        std::uint64_t count = 0;
        std::vector<std::byte> record; ///< as timer_wheel.cpp writes it
        std::vector<std::uint32_t> pages;
    };
    struct place {
        std::vector<std::optional<store>> stores; ///< by type
        std::vector<std::byte> leases;            ///< as leases.cpp writes them
        timers timed;
    };

    saved_head head; ///< of the world; actor types in the order of their numbers
    std::vector<constant> constants;
    std::vector<place> places;
    std::vector<std::byte> outside_leases;
    timers outside;                    ///< set from outside
    bool is_in_turn = false;           ///< it stopped in the middle of a turn
    std::vector<std::string> failures; ///< why, if handlers failed
    std::uint64_t waiting_bytes = 0;   ///< of packets that are yet to be handled

    /// Anybody's bytes, of a world with so many pages.
    static result<world_manifest> read(std::span<const std::byte> bytes, std::uint64_t page_count);

    /// What a program takes at least that loads the world, besides its pages.
    std::uint64_t bytes_for_tables() const;

    std::uint64_t count(std::uint32_t type) const {
        std::uint64_t sum = 0;
        for (const place& p : places)
            if (p.stores[type]) sum += p.stores[type]->count();
        return sum;
    }
};

} // namespace kay::detail
