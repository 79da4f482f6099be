// SPDX-License-Identifier: MIT
#include "type_table.hpp"

#include <kay/core/assert.hpp>
#include <kay/message/lane.hpp>

#include <algorithm>
#include <mutex>

namespace kay::detail {
namespace {

/// Gives each type that is ever added in this process a number, once.
result<std::uint32_t> process_number(const actor_type& type) {
    static std::mutex mutex;
    static std::uint32_t last = 0;
    const std::lock_guard lock(mutex);
    std::uint32_t number = type.process_index->load(std::memory_order_relaxed);
    if (number) return number;
    if (last + 1 >= process_types_max)
        return error{error_code::exhausted, "this process has 4095 actor types already: " +
                                                std::string(type.name) + " is one too many"};
    number = ++last;
    // Partner: number_of in world.hpp. A thread that uses the type got it after this call returned.
    type.process_index->store(number, std::memory_order_relaxed);
    return number;
}

} // namespace

type_table::type_table(std::uint32_t places_log2)
    : places_log2_(places_log2), numbers_(new std::uint16_t[process_types_max]),
      lane_rows_(new std::uint32_t[process_types_max]()) {
    std::fill_n(numbers_.get(), process_types_max, static_cast<std::uint16_t>(unknown));
}

result<bool> type_table::add(const actor_type& type) {
    for (const actor_type* known : types_) {
        if (known == &type) return false;
        if (known->name == type.name)
            return error{error_code::invalid_argument, "two actor types have the name " +
                                                           std::string(type.name) +
                                                           ": rename one of them"};
        if (known->key == type.key)
            return error{error_code::invalid_argument, "the keys of " + std::string(type.name) +
                                                           " and " + std::string(known->name) +
                                                           " collide: rename one of them"};
    }
    // Traits and posts name messages by their keys alone.
    for (const handler_record& h : type.handlers) {
        const std::string_view known = message_names_.emplace(h.key, h.name).first->second;
        if (known != h.name)
            return error{error_code::invalid_argument, "the keys of " + std::string(h.name) +
                                                           " and " + std::string(known) +
                                                           " collide: rename one of them"};
    }
    if (types_.size() >= types_max)
        return error{error_code::exhausted, "a world has room for 4000 actor types: " +
                                                std::string(type.name) + " is one too many"};
    auto made = process_number(type);
    if (!made) return made.error();
    types_.push_back(&type);
    if (begun_) number(count() - 1);
    return true;
}

void type_table::begin() {
    KAY_ASSERT(!begun_);
    std::sort(types_.begin(), types_.end(),
              [](const actor_type* a, const actor_type* b) { return a->name < b->name; });
    begun_ = true;
    for (std::uint32_t i = 0; i < count(); ++i) number(i);
}

result<void> type_table::knows(std::span<const std::string> saved) const {
    std::string missing;
    for (const std::string& name : saved)
        if (by_name(name) == unknown) missing += (missing.empty() ? "" : ", ") + name;
    if (!missing.empty())
        return error{error_code::not_found,
                     "the saved world has actor types that were not added: " + missing};
    return {};
}

std::vector<const actor_type*> type_table::take_all_but(std::span<const std::string> names) {
    KAY_ASSERT(!begun_);
    const auto others =
        std::stable_partition(types_.begin(), types_.end(), [&](const actor_type* type) {
            return std::find(names.begin(), names.end(), type->name) != names.end();
        });
    std::vector<const actor_type*> taken(others, types_.end());
    types_.erase(others, types_.end());
    std::sort(taken.begin(), taken.end(),
              [](const actor_type* a, const actor_type* b) { return a->name < b->name; });
    return taken;
}

result<void> type_table::begin(std::span<const std::string> saved) {
    KAY_ASSERT(!begun_);
    if (auto known = knows(saved); !known) return known;
    const auto position = [&](const actor_type* type) {
        const auto found = std::find(saved.begin(), saved.end(), type->name);
        return found - saved.begin();
    };
    std::sort(types_.begin(), types_.end(), [&](const actor_type* a, const actor_type* b) {
        const auto x = position(a), y = position(b);
        return x != y ? x < y : a->name < b->name;
    });
    begun_ = true;
    for (std::uint32_t i = 0; i < count(); ++i) number(i);
    return {};
}

void type_table::number(std::uint32_t index) {
    const actor_type& type = *types_[index];
    const std::uint32_t in_process = type.process_index->load(std::memory_order_relaxed);
    numbers_[in_process] = static_cast<std::uint16_t>(index);
    lane_rows_[in_process] = lane_row(index, places_log2_);
    by_key_.emplace(type.key, index);
}

std::uint32_t type_table::by_name(std::string_view name) const {
    for (std::uint32_t i = 0; i < count(); ++i)
        if (types_[i]->name == name) return i;
    return unknown;
}

std::size_t payload_bytes_of(const handler_record& message) {
    const bool is_empty =
        message.schema->kind == schema_kind::structure && message.schema->fields.empty();
    return is_empty ? 0 : message.bytes;
}

std::uint32_t tag_of(const actor_type& type, std::uint32_t message_key) {
    std::uint32_t tag = 0;
    while (tag < type.handlers.size() && type.handlers[tag].key != message_key) ++tag;
    return tag;
}

bool receives(const actor_type& type, std::span<const std::uint32_t> message_keys) {
    return std::all_of(message_keys.begin(), message_keys.end(),
                       [&](std::uint32_t key) { return tag_of(type, key) < type.handlers.size(); });
}

} // namespace kay::detail
