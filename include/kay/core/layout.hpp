// SPDX-License-Identifier: MIT
//
// The layout of plain structs as constants: offsets, padding, field names and a hash of it all.
// The hash is made of widths, kinds, names of fields and offsets, never of a compiler's spelling,
// so that it is equal for g++, clang and wasm wherever the bytes are equal. Offsets come from the
// layout rule of the C++ ABIs (each member at the next multiple of its alignment); the size they
// lead to is checked at compile time, the addresses once at run time, by offsets_match.
#pragma once

#include <kay/core/field_names.hpp>
#include <kay/core/reflect.hpp>
#include <kay/core/type_name.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

static_assert(std::endian::native == std::endian::little,
              "kay: bytes of state mean the same everywhere only on little-endian machines");

namespace kay {

/// One member of a plain struct. Names are in static storage; offset and size are in bytes.
struct field_info {
    std::string_view name;
    std::string_view type; ///< as type_name gives it
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

} // namespace kay

namespace kay::detail {

/// FNV-1a of 64 bits (Fowler, Noll, Vo), over texts and numbers, each of a definite length.
struct layout_hasher {
    std::uint64_t state = 0xcbf29ce484222325u;

    static constexpr std::uint64_t prime = 0x100000001b3u;

    constexpr void add(std::uint64_t number) {
        for (int shift = 0; shift < 64; shift += 8)
            state = (state ^ (number >> shift & 0xff)) * prime;
    }
    constexpr void add(std::string_view text) {
        add(std::uint64_t{text.size()});
        const char* const end = text.data() + text.size();
        for (const char* c = text.data(); c != end; ++c)
            state = (state ^ static_cast<unsigned char>(*c)) * prime;
    }
};

/// Hash of a kind of type ("vector") and what its layout depends on: texts and numbers.
constexpr std::uint64_t hash_layout(std::string_view kind, const auto&... parts) {
    layout_hasher hasher;
    hasher.add(kind);
    (hasher.add(parts), ...);
    return hasher.state;
}

/// What the layout rule says of members of these types; `end` is the size of the whole.
template <std::size_t Count>
struct member_offsets {
    std::array<std::size_t, Count> starts{};
    std::size_t end = 0;
    bool gaps = false;
};

struct extent {
    std::size_t size;
    std::size_t alignment;
};

/// The last of the extents is that of the end: no bytes, and the alignment of the whole.
template <std::size_t Count>
consteval member_offsets<Count> place_members(const extent (&members)[Count + 1]) {
    member_offsets<Count> placed;
    if (Count == 0) {
        placed.end = 1;
        placed.gaps = true;
    }
    std::size_t starts[Count + 1] = {};
    for (std::size_t i = 0; i <= Count; ++i) {
        const std::size_t alignment = members[i].alignment;
        starts[i] = (placed.end + alignment - 1) / alignment * alignment;
        placed.gaps |= starts[i] != placed.end;
        placed.end = starts[i] + members[i].size;
    }
    for (std::size_t i = 0; i < Count; ++i) placed.starts[i] = starts[i];
    return placed;
}

template <class T, class Fields = field_types<T>>
inline constexpr int offsets_of = 0;
template <class T, class... Fields>
inline constexpr auto offsets_of<T, type_list<Fields...>> =
    place_members<sizeof...(Fields)>({{sizeof(Fields), alignof(Fields)}..., {0, alignof(T)}});

/// Whether the layout rule explains the size of the struct: no member is aligned or overlapped
/// by attributes.
template <class T>
inline constexpr bool has_plain_layout = offsets_of<T>.end == sizeof(T);

template <class T, class... Fields>
consteval auto make_fields(type_list<Fields...>) {
    std::array<field_info, sizeof...(Fields)> made{};
    std::size_t index = 0, name_at = 0;
    [[maybe_unused]] auto add = [&](std::string_view type, std::size_t size) {
        const std::size_t length = field_names<T>[index].size();
        made[index] = {field_names_text<T>.view().substr(name_at, length), type,
                       static_cast<std::uint32_t>(offsets_of<T>.starts[index]),
                       static_cast<std::uint32_t>(size)};
        name_at += length;
        ++index;
    };
    (add(name_text<Fields>.view(), sizeof(Fields)), ...);
    return made;
}

template <class T>
inline constexpr auto fields_of = make_fields<T>(field_types<T>{});

template <class T>
consteval std::uint64_t make_layout_hash();

template <class T>
inline constexpr std::uint64_t layout_hash_of = make_layout_hash<T>();

template <class T, class... Fields>
consteval std::uint64_t hash_struct(type_list<Fields...>) {
    layout_hasher hasher;
    hasher.add("struct");
    hasher.add(sizeof(T));
    hasher.add(alignof(T));
    std::size_t index = 0;
    [[maybe_unused]] auto add = [&](std::uint64_t field_hash) {
        hasher.add(field_names<T>[index]);
        hasher.add(std::uint64_t{offsets_of<T>.starts[index]});
        hasher.add(field_hash);
        ++index;
    };
    (add(layout_hash_of<Fields>), ...);
    return hasher.state;
}

template <class T>
consteval std::uint64_t make_layout_hash() {
    if constexpr (is_described<T>) {
        return described<T>::layout_hash;
    } else if constexpr (is_std_array<T>) {
        return hash_layout("array", std::uint64_t{std::tuple_size_v<T>},
                           layout_hash_of<typename T::value_type>);
    } else if constexpr (std::is_array_v<T>) {
        return hash_layout("array", std::uint64_t{std::extent_v<T>},
                           layout_hash_of<std::remove_extent_t<T>>);
    } else if constexpr (std::is_enum_v<T>) {
        return hash_layout("enum", number_type_name<std::underlying_type_t<T>>());
    } else if constexpr (std::is_class_v<T> || number_type_name<T>().empty()) {
        static_assert(reflectable<T>, "kay: this type has no layout that is the same everywhere");
        return hash_struct<T>(field_types<T>{});
    } else {
        return hash_layout(number_type_name<T>());
    }
}

template <class T>
consteval bool find_padding();

template <class... Fields>
consteval bool any_padding(type_list<Fields...>) {
    return (find_padding<Fields>() || ...);
}

template <class T>
consteval bool find_padding() {
    if constexpr (is_described<T>) {
        return described<T>::has_padding;
    } else if constexpr (is_std_array<T>) {
        return find_padding<typename T::value_type>();
    } else if constexpr (std::is_array_v<T>) {
        return find_padding<std::remove_all_extents_t<T>>();
    } else if constexpr (std::is_class_v<T>) {
        return offsets_of<T>.gaps || any_padding(field_types<T>{});
    } else {
        return std::is_floating_point_v<T> && sizeof(T) > 8;
    }
}

} // namespace kay::detail

namespace kay {

/// Hash of the layout of a storable type, equal wherever the bytes mean the same. Names of
/// structs and enums are no part of it.
template <class T>
inline constexpr std::uint64_t layout_hash = detail::layout_hash_of<std::remove_cv_t<T>>;

/// Whether a storable type has bytes that mean nothing, anywhere inside. An empty struct has one.
template <class T>
inline constexpr bool has_padding = detail::find_padding<std::remove_cv_t<T>>();

/// The members of a plain struct, in order, in static storage.
template <reflectable T>
constexpr std::span<const field_info> fields() {
    static_assert(detail::has_plain_layout<std::remove_cv_t<T>>,
                  "kay: members that attributes align or overlap have no known offsets");
    return detail::fields_of<std::remove_cv_t<T>>;
}

/// Whether the members of a T lie where fields() says; makes one T to look. False means that the
/// type has members aligned or overlapped by attributes in a way that its size does not show.
template <reflectable T>
bool offsets_match() {
    const T* object = new T(); // may be too large for a stack; <memory> would double compile time
    const auto* base = reinterpret_cast<const std::byte*>(object);
    std::size_t index = 0;
    bool match = true;
    for_each_field(*object, [&](const auto& field) {
        const auto* address = reinterpret_cast<const std::byte*>(&field);
        match &= base + detail::offsets_of<T>.starts[index++] == address;
    });
    delete object;
    return match;
}

} // namespace kay
