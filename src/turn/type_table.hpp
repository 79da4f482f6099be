// SPDX-License-Identifier: MIT
//
// The actor types of one world and their numbers: in the order of their names when the world
// begins, later ones after them. Changed between turns only; read by every worker.
#pragma once

#include <kay/core/result.hpp>
#include <kay/message/actor_type.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kay::detail {

class type_table {
public:
    explicit type_table(std::uint32_t places_log2 = 0);

    /// Adds a type; adding it again changes nothing. Fails when names or keys collide, or when
    /// there are too many. True: it is new.
    result<bool> add(const actor_type& type);

    /// From now on types have numbers. Those added before are numbered in the order of names.
    void begin();
    /// An error names those of a saved world's types that were not added.
    result<void> knows(std::span<const std::string> saved) const;
    /// Before it begins: forgets the types that have none of these names, and returns them.
    std::vector<const actor_type*> take_all_but(std::span<const std::string> names);
    /// The same for a world that was saved: these types first, in this order. An error names those
    /// that were not added.
    result<void> begin(std::span<const std::string> saved);
    bool has_begun() const { return begun_; }

    std::uint32_t count() const { return static_cast<std::uint32_t>(types_.size()); }
    const actor_type& operator[](std::uint32_t number) const { return *types_[number]; }

    /// By process-wide number of a type: its number here, or no_type. Stays where it is.
    const std::uint16_t* numbers() const { return numbers_.get(); }
    /// The same for its row of lanes, or no_lane_row.
    const std::uint32_t* lane_rows() const { return lane_rows_.get(); }

    /// The type with this key (type_key of the actor type), or no_type.
    std::uint32_t by_key(std::uint32_t key) const {
        const auto found = by_key_.find(key);
        return found == by_key_.end() ? unknown : found->second;
    }
    std::uint32_t by_name(std::string_view name) const;

    static constexpr std::uint32_t unknown = 0xffff;
    static constexpr std::uint32_t types_max = 4000;

private:
    void number(std::uint32_t index);

    std::vector<const actor_type*> types_;
    std::uint32_t places_log2_;
    std::unique_ptr<std::uint16_t[]> numbers_;
    std::unique_ptr<std::uint32_t[]> lane_rows_;
    std::unordered_map<std::uint32_t, std::uint32_t> by_key_;
    std::unordered_map<std::uint32_t, std::string_view> message_names_; ///< by key, of all types
    bool begun_ = false;
};

/// What a packet carries of a message at least: nothing of an empty one.
std::size_t payload_bytes_of(const handler_record& message);

/// The tag of a message in a type's list, or the length of the list where it is not there.
std::uint32_t tag_of(const actor_type& type, std::uint32_t message_key);

/// The type receives every one of the messages.
bool receives(const actor_type& type, std::span<const std::uint32_t> message_keys);

} // namespace kay::detail
