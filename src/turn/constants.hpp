// SPDX-License-Identifier: MIT
//
// The constants of a world by number: what a kay::constant<T> leads to. Made, set and hashed
// between turns by one thread; read by every worker.
#pragma once

#include "../core/bytes.hpp"

#include <kay/core/schema.hpp>
#include <kay/memory/frozen_pages.hpp>
#include <kay/memory/page_numbers.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace kay::detail {

/// Hash of the value in a block: of its fields, never of the bytes between them.
using constant_hash = std::uint64_t (*)(const std::byte* block);

class constants {
public:
    constants() = default;
    constants(const constants&) = delete;
    constants& operator=(const constants&) = delete;

    std::uint32_t count() const { return static_cast<std::uint32_t>(blocks_.size()); }
    const std::byte* block(std::uint32_t number) const { return blocks_[number]; }

    /// Where the next value of a constant goes; of one that there is not, a new one's. It is
    /// written over the old one where that takes about as much and nobody saves it just now: fresh
    /// memory costs more than all the rest. Throws std::bad_alloc and changes nothing.
    std::byte* room_for(std::uint32_t number, std::size_t bytes);
    /// The room holds a value from now on. Returns the constant's number.
    std::uint32_t keep(std::uint32_t number, std::byte* room, std::size_t bytes, constant_hash hash,
                       const schema_node* type);

    /// Of a value; computed once.
    std::uint64_t hash_of(std::uint32_t number);

    /// What the type is, as far as the program that runs knows it.
    const schema_node* type(std::uint32_t number) const { return values_[number].type; }

    // ---- saving

    /// Hands over those that were set since the last time, or all, to be written; their blocks are
    /// kept in `kept` meanwhile.
    void freeze(frozen_pages& to, page_numbers& numbers, bool all,
                std::vector<std::shared_ptr<const std::byte>>& kept);
    /// They could not be written.
    void thaw_unwritten();
    /// All but the values. read makes the blocks, to be filled by each_block. False: this makes no
    /// sense.
    void write(byte_writer& to);
    bool read(byte_reader& from);
    /// f(block, bytes, number of its first page) for each.
    template <class F>
    void each_block(F&& f) {
        for (std::uint32_t c = 0; c < count(); ++c)
            f(blocks_[c], values_[c].bytes, values_[c].page);
    }

private:
    struct value {
        std::size_t bytes = 0; ///< of the block
        constant_hash compute = nullptr;
        const schema_node* type = nullptr;
        std::optional<std::uint64_t> hash;
        bool is_frozen = false; ///< or saved: as it was set last
        std::uint32_t page = page_directory::no_number;
        std::uint32_t pages = 0; ///< that have numbers
        std::shared_ptr<std::byte> block;
    };

    std::byte* allocate(std::size_t bytes);

    std::vector<std::byte*> blocks_; ///< those of values_
    std::vector<value> values_;
    std::shared_ptr<std::byte> room_; ///< that room_for made
};

} // namespace kay::detail
