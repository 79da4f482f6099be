// SPDX-License-Identifier: MIT
//
// The constants of a world by number: what a kay::constant<T> leads to. Made, set and hashed
// between turns by one thread; read by every worker. One of a loaded world is read from its source
// when it is needed first.
#pragma once

#include "../core/bytes.hpp"
#include "frozen_world.hpp"

#include <kay/core/schema.hpp>
#include <kay/memory/frozen_pages.hpp>
#include <kay/memory/page_numbers.hpp>
#include <kay/memory/page_source.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
    /// Zeros where its pages could not be read.
    const std::byte* block(std::uint32_t number) const {
        const std::byte* const at = block_if_read(number);
        if (!at) [[unlikely]]
            return read_in(number);
        return at;
    }
    /// Null: it was not read yet; after block: it is lost.
    const std::byte* block_if_read(std::uint32_t number) const {
        return blocks_[number].at.load(std::memory_order_acquire);
    }

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
    std::size_t bytes(std::uint32_t number) const { return values_[number].bytes; }
    /// What it was called by whoever made it.
    std::string_view type_name(std::uint32_t number) const {
        const value& v = values_[number];
        return v.type ? v.type->name : std::string_view(v.type_name);
    }

    // ---- saving

    /// Of 64 KiB: how many freeze may hand over.
    std::size_t chunks_at_most() const;
    /// Hands over those that were set since the last time, or all, to be written; their blocks are
    /// kept in `kept` meanwhile. There is room for them, and none is unread: throws nothing.
    void freeze(frozen_pages& to, page_numbers& numbers, bool all,
                std::vector<std::shared_ptr<const std::byte>>& kept);
    /// They could not be written.
    void thaw_unwritten();
    /// All but the values. After read these are in the source. False: this makes no sense. A hash
    /// that is not known yet is left to whoever writes the world.
    void write(byte_writer& to, std::vector<late_hash>& late) const;
    /// It was found meanwhile.
    void take_hash(const late_hash& found);
    bool read(byte_reader& from, std::span<const std::string> types, page_source* source);
    /// f(number of the first page, pages) for each.
    template <class F>
    void each_number(F&& f) const {
        for (const value& v : values_) f(v.page, v.pages);
    }
    /// A constant, or the next one, as it was saved: its bytes are to be filled.
    std::byte* restore(std::uint32_t number, std::size_t bytes, std::uint64_t hash,
                       const std::string& type);

private:
    struct value {
        std::size_t bytes = 0; ///< of the block
        constant_hash compute = nullptr;
        const schema_node* type = nullptr; ///< null: this program does not know it
        std::string type_name;             ///< of a loaded or replayed one
        std::optional<std::uint64_t> hash;
        bool is_frozen = false; ///< or saved: as it was set last
        std::uint32_t page = page_directory::no_number;
        std::uint32_t pages = 0; ///< that have numbers
        std::shared_ptr<std::byte> block;
    };

    /// Null: unread, or lost. Stored with release once it is filled, by whoever needs it first.
    struct block_pointer {
        std::atomic<std::byte*> at{nullptr};

        block_pointer() = default;
        block_pointer(const block_pointer& other) : at(other.at.load()) {}
    };

    static std::shared_ptr<std::byte> allocate(std::size_t bytes);
    const std::byte* read_in(std::uint32_t number) const;

    mutable std::vector<block_pointer> blocks_; ///< those of values_
    mutable std::vector<value> values_;
    std::shared_ptr<std::byte> room_; ///< that room_for made
    page_source* source_ = nullptr;
    mutable std::mutex reading_;
};

} // namespace kay::detail
