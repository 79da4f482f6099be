// SPDX-License-Identifier: MIT
//
// Blocks: an instance, like a packet, is one contiguous row of bytes: its fixed part, then what its
// containers hold, reached by self-relative offsets that never leave the block. So a block is
// moved, saved and sent by copying its bytes. A container that outgrows its room while a handler
// runs goes to the heap; afterwards the store packs the instance into a block that fits.
//
// Packing copies bits: the fixed part as a whole, then for each container its content, and sets the
// offsets. It is built on detail::packer<Container> and on the fields of plain structs. Nothing
// here is shared between threads but block_changes, one for each.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/layout.hpp>
#include <kay/core/reflect.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace kay::detail {

/// Counts up when a container goes to the heap or needs much less than its room. The store looks at
/// it after each handler.
#if defined(__wasm__)
inline constinit unsigned block_changes = 0;
#else
inline constinit thread_local unsigned block_changes = 0;
#endif

/// Self-relative offsets, both ways. A compiler that sees an address computed from an object takes
/// it for a part of that object, and drops what is written through it to anywhere else: so the
/// address passes through an asm that hides where it comes from (without it g++ 12 loses elements,
/// at -O1 already). It costs no instruction, and equal ones are still taken for one.
inline std::int64_t offset_between(const void* from, const void* to) {
    auto address = reinterpret_cast<std::uintptr_t>(to);
    asm("" : "+r"(address));
    return static_cast<std::int64_t>(address - reinterpret_cast<std::uintptr_t>(from));
}
inline void* at_offset(const void* from, std::int64_t offset) {
    auto address = reinterpret_cast<std::uintptr_t>(from) + static_cast<std::uintptr_t>(offset);
    asm("" : "+r"(address));
    return reinterpret_cast<void*>(address);
}

/// The room of a block that is being packed.
struct packing {
    std::byte* cursor;       ///< where the next content goes
    std::size_t spare;       ///< bytes beyond the contents that may still be given away
    std::size_t weight_left; ///< of the containers that have not got their share
    bool moves;              ///< what lies outside of the block goes over to the copy

    /// The part of the spare bytes for a container of this weight.
    std::size_t share(std::size_t weight) {
        if (weight == 0 || spare == 0) return 0;
        const std::size_t bytes =
            static_cast<std::size_t>(static_cast<double>(spare) * static_cast<double>(weight) /
                                     static_cast<double>(weight_left));
        weight_left -= weight;
        const std::size_t given = std::min(bytes, spare) / 8 * 8;
        spare -= given;
        return given;
    }
};

/// How a container takes part. A specialisation has static functions, for a container c:
///   is_spilled(c)      it, or something in it, is on the heap
///   content_bytes(c)   what it adds to a packed block; a multiple of eight, all inside included
///   weight(c)          its claim to spare room
///   pack(from, to, p)  `to` has the bits of `from`: gives it its content at the cursor
///   lift(c)            what it holds in the block goes to the heap. Throws std::bad_alloc; what it
///                      holds is the same then
///   moved(c, by)       it was copied `by` bytes on with all that is in the block
///   shifted(c, by)     it was copied `by` bytes on, and what it holds was not
///   release(c)         frees what lies outside of the block and leaves it empty
///   visit(c, sink)     visit_content for all that it holds
template <class T>
struct packer;

template <class T>
concept container = requires { sizeof(packer<T>); };

template <class T>
consteval bool find_containers();

/// There is a container somewhere in T, so that its blocks may have a tail.
template <class T>
inline constexpr bool has_containers = find_containers<std::remove_cv_t<T>>();

template <class Fields>
inline constexpr bool any_containers = false;
template <class... Fields>
inline constexpr bool any_containers<type_list<Fields...>> = (has_containers<Fields> || ...);

template <class T>
consteval bool find_containers() {
    if constexpr (container<T>)
        return true;
    else if constexpr (std::is_array_v<T>)
        return has_containers<std::remove_all_extents_t<T>>;
    else if constexpr (is_std_array<T>)
        return has_containers<typename T::value_type>;
    else if constexpr (!is_described<T> && reflectable<T>)
        return any_containers<field_types<T>>;
    else
        return false;
}

/// Calls f(container) for every container that is T or a part of its fixed part.
template <class T, class F>
void for_each_container(T& object, F&& f) {
    using plain = std::remove_cv_t<T>;
    if constexpr (!has_containers<plain>)
        return;
    else if constexpr (container<plain>)
        f(object);
    else if constexpr (std::is_array_v<plain> || is_std_array<plain>)
        for (auto& element : object) for_each_container(element, f);
    else
        for_each_field(object, [&](auto& field) { for_each_container(field, f); });
}

/// The same for two objects of one type side by side.
template <class T, class F>
void for_each_container_pair(T& a, T& b, F&& f) {
    if constexpr (!has_containers<T>)
        return;
    else if constexpr (container<T>)
        f(a, b);
    else if constexpr (std::is_array_v<T> || is_std_array<T>)
        for (std::size_t i = 0; i < std::size(a); ++i) for_each_container_pair(a[i], b[i], f);
    else
        with_fields(a, [&](auto&... in_a) {
            with_fields(b, [&](auto&... in_b) { (for_each_container_pair(in_a, in_b, f), ...); });
        });
}

template <class C>
using packer_for = packer<std::remove_cvref_t<C>>;

constexpr std::size_t round_up(std::size_t bytes, std::size_t to) {
    return (bytes + to - 1) / to * to;
}

/// Contents of all containers in the fixed part.
template <class T>
std::size_t content_bytes(const T& object) {
    std::size_t bytes = 0;
    for_each_container(object,
                       [&](auto& c) { bytes += packer_for<decltype(c)>::content_bytes(c); });
    return bytes;
}

template <class T>
std::size_t weight(const T& object) {
    std::size_t sum = 0;
    for_each_container(object, [&](auto& c) { sum += packer_for<decltype(c)>::weight(c); });
    return sum;
}

/// Bytes of the block without any spare room: fixed part and contents.
template <class T>
std::size_t packed_bytes(const T& object) {
    return round_up(sizeof(T), 8) + content_bytes(object);
}

/// What a block should have: a quarter more for what spilled, and what the others had to spare.
/// Measured against exact and double: few re-packs at a quarter more memory.
template <class T>
std::size_t wanted_bytes(const T& object) {
    return packed_bytes(object) + weight(object);
}

/// Any container, also one inside of another, is on the heap.
template <class T>
bool is_spilled(const T& object) {
    bool spilled = false;
    for_each_container(
        object, [&](auto& c) { spilled = spilled || packer_for<decltype(c)>::is_spilled(c); });
    return spilled;
}

/// Frees what lies outside of the block and leaves all containers empty: the end of an instance.
template <class T>
void release(T& object) {
    for_each_container(object, [](auto& c) { packer_for<decltype(c)>::release(c); });
}

/// The block was copied `by` bytes on: what is on the heap has stayed where it was.
template <class T>
void moved(T& object, std::ptrdiff_t by) {
    for_each_container(object, [&](auto& c) { packer_for<decltype(c)>::moved(c, by); });
}

/// What the containers hold in the block goes to the heap. Throws std::bad_alloc; nothing is lost.
template <class T>
void lift(T& object) {
    for_each_container(object, [](auto& c) { packer_for<decltype(c)>::lift(c); });
}

/// The object was copied `by` bytes on: what its containers hold has stayed where it was.
template <class T>
void shifted(T& object, std::ptrdiff_t by) {
    for_each_container(object, [&](auto& c) { packer_for<decltype(c)>::shifted(c, by); });
}

template <class T>
void pack_contents(T& from, T& to, packing& p) {
    for_each_container_pair(from, to,
                            [&](auto& a, auto& b) { packer_for<decltype(a)>::pack(a, b, p); });
}

/// Writes an exact copy into packed_bytes(from) bytes at `to`, aligned to eight. Externals stay.
template <class T>
void pack_copy(const T& from, std::byte* to) {
    std::memcpy(to, static_cast<const void*>(&from), sizeof(T));
    if constexpr (has_containers<T>) {
        packing p{to + round_up(sizeof(T), 8), 0, 0, false};
        pack_contents(const_cast<T&>(from), *reinterpret_cast<T*>(to), p);
    }
}

/// Moves into a block of `room` bytes at `to`, at least packed_bytes(from); the rest of the room
/// goes to the containers by their weights. Leaves `from` with empty containers.
template <class T>
void pack_move(T& from, std::byte* to, std::size_t room) {
    const std::size_t packed = packed_bytes(from);
    KAY_ASSERT(packed <= room);
    std::memcpy(to, static_cast<const void*>(&from), sizeof(T));
    if constexpr (has_containers<T>) {
        packing p{to + round_up(sizeof(T), 8), room - packed, weight(from), true};
        pack_contents(from, *reinterpret_cast<T*>(to), p);
        release(from);
    }
}

/// Calls sink(value) for every number, enum and id in the order of fields, containers as their size
/// and then their elements. Padding, spare room and externals are left out.
template <class T, class Sink>
void visit_content(const T& object, Sink&& sink) {
    if constexpr (container<T>)
        packer<T>::visit(object, sink);
    else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
        sink(object);
    else if constexpr (std::is_array_v<T> || is_std_array<T>)
        for (const auto& element : object) visit_content(element, sink);
    else if constexpr (requires { described<T>::visit(object, sink); })
        described<T>::visit(object, sink);
    else if constexpr (is_described<T>)
        sink(object);
    else
        for_each_field(object, [&](const auto& field) { visit_content(field, sink); });
}

/// Size classes of blocks: four for each doubling, all multiples of 16 bytes; class 0 is 16 bytes.
constexpr std::size_t size_class_bytes(std::uint32_t size_class) {
    if (size_class < 8) return std::size_t{size_class + 1} * 16;
    const std::uint32_t doubling = size_class / 4; // 2 for 128 bytes
    return std::size_t{4 + size_class % 4 + 1} << (doubling + 3);
}

/// The smallest class with at least so many bytes.
constexpr std::uint32_t size_class_of(std::size_t bytes) {
    if (bytes <= 128) return bytes <= 16 ? 0 : static_cast<std::uint32_t>((bytes + 15) / 16 - 1);
    const auto doubling = static_cast<std::uint32_t>(std::bit_width(bytes - 1)) - 6;
    const std::size_t step = std::size_t{1} << (doubling + 3);
    return doubling * 4 + static_cast<std::uint32_t>((bytes + step - 1) / step - 5);
}

} // namespace kay::detail
