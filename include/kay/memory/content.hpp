// SPDX-License-Identifier: MIT
//
// What the bytes of a flat type mean, as a constant: where its numbers lie and which of them are
// floating-point numbers. With that one function hashes all flat types, which otherwise each would
// need one of its own. Flat is what holds numbers, enums, ids, arrays and such structs alone: what
// kay describes itself says so by a member is_flat.
#pragma once

#include <kay/core/hash.hpp>
#include <kay/core/layout.hpp>
#include <kay/core/reflect.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace kay::detail {

enum class content_kind : std::uint8_t { bytes, float32, float64 };

/// Numbers of one kind that lie side by side.
struct content_part {
    std::uint32_t offset = 0; ///< in the struct
    std::uint32_t count = 0;  ///< bytes, or floating-point numbers
    content_kind kind = content_kind::bytes;
};

template <class T>
consteval bool find_flat();

template <class T>
inline constexpr bool is_flat = find_flat<T>();

template <class Fields>
inline constexpr bool all_flat = false;
template <class... Fields>
inline constexpr bool all_flat<type_list<Fields...>> = (is_flat<Fields> && ...);

template <class T>
consteval bool find_flat() {
    if constexpr (std::is_floating_point_v<T>)
        return sizeof(T) <= 8;
    else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
        return true;
    else if constexpr (is_std_array<T>)
        return is_flat<typename T::value_type>;
    else if constexpr (std::is_array_v<T>)
        return is_flat<std::remove_extent_t<T>>;
    else if constexpr (is_described<T>)
        return requires { described<T>::is_flat; };
    else
        return all_flat<field_types<T>>;
}

template <class T>
inline constexpr bool is_number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// How many parts a flat type has, or fewer where neighbours are joined. An array of numbers is
/// one.
template <class T>
consteval std::size_t most_parts();

template <class... Fields>
consteval std::size_t most_parts_of(type_list<Fields...>) {
    return (most_parts<Fields>() + ... + 0);
}

template <class T>
consteval std::size_t most_parts() {
    if constexpr (is_std_array<T>)
        return (is_number<typename T::value_type>
                    ? 1
                    : std::tuple_size_v<T>)*most_parts<typename T::value_type>();
    else if constexpr (std::is_array_v<T>)
        return (is_number<std::remove_extent_t<T>>
                    ? 1
                    : std::extent_v<T>)*most_parts<std::remove_extent_t<T>>();
    else if constexpr (std::is_class_v<T> && !is_described<T>)
        return most_parts_of(field_types<T>{});
    else
        return 1;
}

template <std::size_t Most>
struct content_list {
    std::array<content_part, Most == 0 ? 1 : Most> parts{};
    std::size_t count = 0;

    constexpr void add(std::size_t offset, std::size_t length, content_kind kind) {
        if (count > 0) {
            content_part& last = parts[count - 1];
            const std::uint32_t each = last.kind == content_kind::bytes     ? 1
                                       : last.kind == content_kind::float32 ? 4
                                                                            : 8;
            if (last.kind == kind && last.offset + last.count * each == offset) {
                last.count += static_cast<std::uint32_t>(length);
                return;
            }
        }
        parts[count++] = {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length),
                          kind};
    }
};

template <class T, class List>
constexpr void add_content(List& list, std::size_t offset);

template <class T, class List, class... Fields>
constexpr void add_fields([[maybe_unused]] List& list, [[maybe_unused]] std::size_t offset,
                          type_list<Fields...>) {
    [[maybe_unused]] std::size_t index = 0;
    (add_content<Fields>(list, offset + offsets_of<T>.starts[index++]), ...);
}

template <class Element, class List>
constexpr void add_elements(List& list, std::size_t offset, std::size_t count) {
    if constexpr (std::is_floating_point_v<Element>)
        list.add(offset, count,
                 sizeof(Element) == 4 ? content_kind::float32 : content_kind::float64);
    else if constexpr (is_number<Element>)
        list.add(offset, count * sizeof(Element), content_kind::bytes);
    else
        for (std::size_t i = 0; i < count; ++i)
            add_content<Element>(list, offset + i * sizeof(Element));
}

template <class T, class List>
constexpr void add_content(List& list, std::size_t offset) {
    if constexpr (is_number<T>) {
        add_elements<T>(list, offset, 1);
    } else if constexpr (is_std_array<T>) {
        add_elements<typename T::value_type>(list, offset, std::tuple_size_v<T>);
    } else if constexpr (std::is_array_v<T>) {
        add_elements<std::remove_extent_t<T>>(list, offset, std::extent_v<T>);
    } else if constexpr (std::is_class_v<T> && !is_described<T>) {
        add_fields<T>(list, offset, field_types<T>{});
    } else {
        list.add(offset, sizeof(T), content_kind::bytes);
    }
}

template <class T>
inline constexpr auto content_of = [] {
    content_list<most_parts<T>()> list;
    add_content<T>(list, 0);
    return list;
}();

/// The parts of a flat type, in order, in static storage.
template <class T>
constexpr std::span<const content_part> content_parts() {
    static_assert(is_flat<T>);
    return {content_of<T>.parts.data(), content_of<T>.count};
}

/// Adds what visit_content tells of `count` objects of a flat type, `stride` bytes from one to the
/// next: their numbers in order, with one NaN.
void add_content(hasher& sink, const std::byte* first, std::size_t stride, std::size_t count,
                 std::span<const content_part> parts);

/// The hash of that alone.
std::uint64_t hash_content(const std::byte* first, std::size_t stride, std::size_t count,
                           std::span<const content_part> parts, std::uint64_t seed);

/// For visit_content: adds to a hash. Rows of flat objects come in one piece.
struct hash_sink {
    hasher& to;

    template <class Leaf>
    void operator()(const Leaf& leaf) const {
        to.add(leaf);
    }
    template <class T>
        requires is_flat<T>
    void add_row(const T* first, std::size_t count) const {
        add_content(to, reinterpret_cast<const std::byte*>(first), sizeof(T), count,
                    content_parts<T>());
    }
};

} // namespace kay::detail
