// SPDX-License-Identifier: MIT
//
// What the byte-level engine knows of an actor type: one constant record for each, made by
// turn/dispatch.hpp. Records are immutable; any thread may read them.
#pragma once

#include <kay/core/layout.hpp>
#include <kay/core/schema.hpp>
#include <kay/fwd.hpp>
#include <kay/memory/content.hpp>
#include <kay/store/instance_store.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kay::detail {

/// A packet and where its recipient was when it was looked up; null: nowhere, or nobody looked.
struct delivery {
    const std::byte* packet = nullptr;
    block_address to;
};

/// Instances that lie in a row and get the same message; null: there are none.
struct recipients {
    std::byte* first = nullptr;
    std::byte* last = nullptr;
    std::uint32_t stride = 0; ///< from one to the next, where there are more
    std::uint32_t ahead = 0;  ///< likewise: from one to that to be asked for early; 0: none is
    std::uint32_t chunk = 0;

    /// What lies so many bytes ahead is asked for early.
    static constexpr std::uint32_t bytes_ahead = 4096;
    static constexpr std::uint32_t ahead_at(std::uint32_t stride) {
        return (stride < bytes_ahead ? bytes_ahead / stride : 1) * stride;
    }
};

/// Deliveries in the order in which they are handled.
struct batch {
    const delivery* next = nullptr; ///< the one that is being handled
    const delivery* end = nullptr;
    std::uint32_t version = 0; ///< of the store that was looked into; another one voids all
};

/// One message in an actor type's list.
struct handler_record {
    std::string_view name; ///< of the message type
    std::uint32_t key = 0; ///< type_key of the message type
    std::uint64_t layout_hash = 0;
    std::uint32_t bytes = 0; ///< of the message's fixed part
    bool is_const = false;   ///< leaves the actor as it is

    const schema_node* schema = nullptr;

    std::span<const content_part> parts; ///< of a flat message
    /// Mixes the fields of a message that is not flat into a hash.
    std::uint64_t (*hash)(const std::byte* message, std::uint64_t seed) = nullptr;

    /// Handles packets from `next` on for as long as they carry this message. Moves `next` to the
    /// first that does not, or leaves it at the one whose handler failed.
    void (*run)(batch& b, world& w, std::uint32_t tag) = nullptr;
};

/// One actor type.
struct actor_type {
    std::string_view name;
    std::uint32_t key = 0; ///< type_key
    std::uint64_t layout_hash = 0;
    std::uint32_t bytes = 0; ///< of the fixed part
    bool singleton = false;
    bool has_containers = false;
    std::span<const handler_record> handlers; ///< by tag
    const schema_node* schema = nullptr;

    /// Where the process keeps the type's number among all types that were ever added; zero: not
    /// yet.
    std::atomic<std::uint32_t>* process_index = nullptr;

    /// Builds a default actor; `to` has room for `bytes`.
    void (*construct)(std::byte* to) = nullptr;
    /// Frees what lies outside of the block. Null where nothing can.
    void (*release)(std::byte* block) = nullptr;
    std::span<const content_part> parts; ///< of a flat type
    /// Mixes the fields of a row of blocks of a type that is not flat into a hash.
    std::uint64_t (*hash_blocks)(const std::byte* first, std::size_t stride, std::size_t count,
                                 std::uint64_t seed) = nullptr;

    // Of types with containers; null for the others.
    void (*moved)(std::byte* block, std::ptrdiff_t by) = nullptr;
    bool (*is_spilled)(const std::byte* block) = nullptr;
    std::size_t (*packed_bytes)(const std::byte* block) = nullptr;
    std::size_t (*wanted_bytes)(const std::byte* block) = nullptr;
    void (*pack_move)(std::byte* from, std::byte* to, std::size_t room) = nullptr;
};

/// Process-wide numbers of actor types, from 1 on; kept below this bound.
inline constexpr std::uint32_t process_types_max = 4096;

/// A template's own variable for each actor type: where its process-wide number is kept.
template <class A>
inline constinit std::atomic<std::uint32_t> process_index_of{0};

} // namespace kay::detail
