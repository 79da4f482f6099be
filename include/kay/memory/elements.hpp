// SPDX-License-Identifier: MIT
//
// Elements: the row of values that a kay::vector holds. What may be state is moved by its bits, and
// its containers are told: so making room, inserting and erasing call no constructor, and only
// making room can run out of memory, before anything has moved.
//
// Elements on the heap hold nothing that lies in a block. Thread rules are those of their owner.
#pragma once

#include <kay/core/storable.hpp>
#include <kay/memory/block.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace kay::detail {

/// Others lie in local variables only.
template <class T>
consteval bool moves_as_bits() {
    if constexpr (std::is_trivially_copyable_v<T>)
        return true;
    else
        return storable<T>;
}

/// A plain struct from its fields, anything else by its constructor.
template <class T, class... Args>
T make_value(Args&&... args) {
    if constexpr (std::is_aggregate_v<T>)
        return T{std::forward<Args>(args)...};
    else
        return T(std::forward<Args>(args)...);
}

inline void free_elements(void* elements) { ::operator delete(elements); }

/// Room on the heap, given back when it was not released. Throws std::bad_alloc.
template <class T>
struct element_room {
    T* elements;

    element_room(std::size_t count, std::size_t count_max) {
#if defined(__cpp_exceptions)
        if (count > count_max || count > ~std::size_t{0} / sizeof(T))
            throw std::bad_array_new_length();
#else
        if (count > count_max || count > ~std::size_t{0} / sizeof(T)) std::abort();
#endif
        elements = static_cast<T*>(::operator new(count * sizeof(T)));
    }
    ~element_room() {
        if (elements) free_elements(elements);
    }
    element_room(const element_room&) = delete;
    element_room& operator=(const element_room&) = delete;

    T* release() { return std::exchange(elements, nullptr); }
};

/// Moves elements into raw memory of another owner or on the heap; what they hold in a block goes
/// to the heap first. Throws std::bad_alloc and leaves them where they are.
template <class T>
void move_elements(T* from, std::size_t count, T* to) {
    if constexpr (moves_as_bits<T>()) {
        if constexpr (has_containers<T>)
            for (std::size_t i = 0; i < count; ++i) lift(from[i]);
        if (count)
            std::memcpy(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(T));
        if constexpr (has_containers<T>)
            for (std::size_t i = 0; i < count; ++i) shifted(to[i], offset_between(from, to));
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            ::new (static_cast<void*>(to + i)) T(std::move(from[i]));
            std::destroy_at(from + i);
        }
    }
}

/// Moves elements within their row, onto raw memory; what they hold stays where it is.
template <class T>
void shift_elements(T* from, std::size_t count, T* to) {
    if (count)
        std::memmove(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(T));
    if constexpr (has_containers<T>)
        for (std::size_t i = 0; i < count; ++i) shifted(to[i], offset_between(from, to));
}

/// The last element becomes the first.
template <class T>
void rotate_last(T* first, T* end) {
    T* const last = end - 1;
    if constexpr (moves_as_bits<T>()) {
        alignas(T) std::byte bits[sizeof(T)];
        std::memcpy(bits, static_cast<const void*>(last), sizeof(T));
        shift_elements(first, static_cast<std::size_t>(last - first), first + 1);
        std::memcpy(static_cast<void*>(first), bits, sizeof(T));
        if constexpr (has_containers<T>) shifted(*first, offset_between(last, first));
    } else {
        std::rotate(first, last, end);
    }
}

/// Ends the elements [first, last) and moves those behind them up to them.
template <class T>
void close_gap(T* first, T* last, T* end) {
    if constexpr (moves_as_bits<T>()) {
        std::destroy(first, last);
        shift_elements(last, static_cast<std::size_t>(end - last), first);
    } else {
        std::destroy(std::move(last, end, first), end);
    }
}

} // namespace kay::detail
