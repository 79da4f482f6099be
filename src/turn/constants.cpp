// SPDX-License-Identifier: MIT
#include "constants.hpp"

#include "../memory/pages.hpp"
#include "../store/reserve_one.hpp"

#include <kay/turn/constant.hpp>

#include <cstdlib>
#include <new>
#include <utility>

namespace kay::detail {
namespace {

std::uint32_t pages_for(std::size_t bytes) {
    return static_cast<std::uint32_t>((bytes + chunk_bytes - 1) / chunk_bytes);
}

constinit const known_constant* first_known = nullptr;

} // namespace

known_constant::known_constant(const schema_node& type) : type_(&type), next_(first_known) {
    first_known = this;
}

const schema_node* known_constant::find(std::string_view name) {
    const known_constant* known = first_known;
    while (known && known->type_->name != name) known = known->next_;
    return known ? known->type_ : nullptr;
}

std::shared_ptr<std::byte> constants::allocate(std::size_t bytes) {
    std::byte* const block = allocate_block(bytes);
#if defined(__cpp_exceptions)
    if (!block) throw std::bad_alloc();
#else
    if (!block) std::abort();
#endif
    return {block, [](std::byte* b) { std::free(b); }};
}

std::byte* constants::room_for(std::uint32_t number, std::size_t bytes) {
    if (number < count()) {
        const value& v = values_[number];
        if (v.bytes >= bytes && v.bytes - bytes <= bytes / 8 && v.block.use_count() == 1)
            return v.block.get();
    } else {
        reserve_one(blocks_);
        reserve_one(values_);
    }
    room_ = allocate(bytes);
    return room_.get();
}

std::uint32_t constants::keep(std::uint32_t number, std::byte* room, std::size_t bytes,
                              constant_hash hash, const schema_node* type) {
    if (number >= count()) {
        number = count();
        blocks_.emplace_back();
        values_.emplace_back();
    }
    value& v = values_[number];
    if (room == room_.get()) {
        v.block = std::move(room_);
        v.bytes = bytes;
        blocks_[number].at.store(room);
    }
    v.compute = hash;
    if (type) v.type = type; // of a replayed one that this program does not read: none
    v.hash.reset();
    v.is_frozen = false;
    return number;
}

const std::byte* constants::read_in(std::uint32_t number) const {
    const std::lock_guard lock(reading_);
    value& v = values_[number];
    if (!v.block) {
        const std::size_t bytes = std::size_t{v.pages} * chunk_bytes;
        v.block = allocate(bytes);
        if (source_->read(v.page, {v.block.get(), bytes}))
            blocks_[number].at.store(v.block.get(), std::memory_order_release); // read by block
    }
    return v.block.get();
}

std::byte* constants::restore(std::uint32_t number, std::size_t bytes, std::uint64_t hash,
                              const std::string& type) {
    std::byte* const room = room_for(number, bytes);
    value& v = values_[keep(number, room, bytes, nullptr, known_constant::find(type))];
    v.hash = hash;
    v.type_name = type;
    return room;
}

std::uint64_t constants::hash_of(std::uint32_t number) {
    value& v = values_[number];
    if (!v.hash) v.hash = v.compute(block(number));
    return *v.hash;
}

// ---- saving

std::size_t constants::chunks_at_most() const {
    std::size_t sum = 0;
    for (const value& v : values_) sum += pages_for(v.bytes);
    return sum;
}

void constants::freeze(frozen_pages& to, page_numbers& numbers, bool all,
                       std::vector<std::shared_ptr<const std::byte>>& kept) {
    for (std::uint32_t c = 0; c < count(); ++c) {
        value& v = values_[c];
        if (v.is_frozen && !all) continue;
        block(c);
        const std::uint32_t pages = pages_for(v.bytes);
        if (v.pages != pages) {
            if (v.pages) numbers.give(v.page, v.pages);
            v.page = numbers.take(pages);
            v.pages = pages;
        }
        to.add({v.block.get(), frozen_page::nobody, 0, v.page, pages});
        kept.push_back(v.block);
        v.is_frozen = true;
    }
}

void constants::thaw_unwritten() {
    for (value& v : values_) v.is_frozen = false;
}

void constants::write(byte_writer& to, std::vector<late_hash>& late) const {
    for (std::uint32_t c = 0; c < count(); ++c) {
        const value& v = values_[c];
        to.number(static_cast<std::uint64_t>(v.bytes));
        if (!v.hash) late.push_back({c, v.block, v.compute, to.written().size()});
        to.number(v.hash.value_or(0));
        to.number(v.page);
    }
}

void constants::take_hash(const late_hash& found) {
    value& v = values_[found.constant];
    if (v.block == found.block && !v.hash) v.hash = found.value;
}

bool constants::read(byte_reader& from, std::span<const std::string> types, page_source* source) {
    source_ = source;
    for (const std::string& type : types) {
        value v;
        v.type_name = type;
        v.type = known_constant::find(type);
        v.bytes = from.number<std::uint64_t>();
        v.hash = from.number<std::uint64_t>();
        v.page = from.number<std::uint32_t>();
        if (from.failed() || v.bytes == 0 || v.bytes % 16 || v.bytes > std::uint64_t{1} << 44)
            return false;
        v.pages = pages_for(v.bytes);
        v.is_frozen = true;
        blocks_.emplace_back();
        values_.push_back(std::move(v));
    }
    return !from.failed();
}

} // namespace kay::detail
