// SPDX-License-Identifier: MIT
#include "constants.hpp"

#include "../memory/pages.hpp"
#include "../store/reserve_one.hpp"

#include <cstdlib>
#include <new>

namespace kay::detail {

constants::~constants() {
    for (std::byte* block : blocks_) std::free(block);
}

std::byte* constants::room_for(std::uint32_t number, std::size_t bytes) {
    if (number < count()) {
        const std::size_t room = values_[number].bytes;
        if (room >= bytes && room - bytes <= bytes / 8) return blocks_[number];
    } else {
        reserve_one(blocks_);
        reserve_one(values_);
    }
    std::byte* const block = allocate_block(bytes);
#if defined(__cpp_exceptions)
    if (!block) throw std::bad_alloc();
#else
    if (!block) std::abort();
#endif
    return block;
}

std::uint32_t constants::keep(std::uint32_t number, std::byte* room, std::size_t bytes,
                              constant_hash hash, const schema_node* type) {
    if (number >= count()) {
        blocks_.push_back(room);
        values_.push_back({bytes, hash, type, {}});
        return count() - 1;
    }
    value& v = values_[number];
    if (blocks_[number] != room) {
        std::free(blocks_[number]);
        blocks_[number] = room;
        v.bytes = bytes;
    }
    v.compute = hash;
    v.type = type;
    v.hash.reset();
    return number;
}

std::byte* constants::restore(std::uint32_t number, std::size_t bytes, std::uint64_t hash) {
    std::byte* const room = room_for(number, bytes);
    values_[keep(number, room, bytes, nullptr, nullptr)].hash = hash;
    return room;
}

std::uint64_t constants::hash_of(std::uint32_t number) {
    value& v = values_[number];
    if (!v.hash) v.hash = v.compute(blocks_[number]);
    return *v.hash;
}

} // namespace kay::detail
