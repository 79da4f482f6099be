// SPDX-License-Identifier: MIT
//
// The constants of a world by number: what a kay::constant<T> leads to. Made, set and hashed
// between turns by one thread; read by every worker.
#pragma once

#include <kay/core/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace kay::detail {

/// Hash of the value in a block: of its fields, never of the bytes between them.
using constant_hash = std::uint64_t (*)(const std::byte* block);

class constants {
public:
    constants() = default;
    ~constants();
    constants(const constants&) = delete;
    constants& operator=(const constants&) = delete;

    std::uint32_t count() const { return static_cast<std::uint32_t>(blocks_.size()); }
    const std::byte* block(std::uint32_t number) const { return blocks_[number]; }

    /// Where the next value of a constant goes; of one that there is not, a new one's. It is
    /// written over the old one where that takes about as much: fresh memory costs more than all
    /// the rest. Throws std::bad_alloc and changes nothing.
    std::byte* room_for(std::uint32_t number, std::size_t bytes);
    /// The room holds a value from now on. Returns the constant's number.
    std::uint32_t keep(std::uint32_t number, std::byte* room, std::size_t bytes, constant_hash hash,
                       const schema_node* type);

    /// Of a value; computed once.
    std::uint64_t hash_of(std::uint32_t number);

    /// Room of a block, and its type. Null after restore: what the type is says the file.
    std::size_t bytes(std::uint32_t number) const { return values_[number].bytes; }
    const schema_node* type(std::uint32_t number) const { return values_[number].type; }
    /// A constant, or the next one, as it was saved: its bytes are to be filled.
    std::byte* restore(std::uint32_t number, std::size_t bytes, std::uint64_t hash);

private:
    struct value {
        std::size_t bytes = 0; ///< of the block
        constant_hash compute = nullptr;
        const schema_node* type = nullptr;
        std::optional<std::uint64_t> hash;
    };

    std::vector<std::byte*> blocks_;
    std::vector<value> values_; ///< beside blocks_
};

} // namespace kay::detail
