// SPDX-License-Identifier: MIT
//
// What storable types are made of, as linked constants: what a saved world, an inspector or an
// export says of its bytes without the program that made them. A node for each type, with those of
// its parts. Costs the compiler one constant for each type; nothing at run time.
#pragma once

#include <kay/core/layout.hpp>
#include <kay/core/reflect.hpp>
#include <kay/core/type_name.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace kay::detail {

enum class schema_kind : std::uint8_t {
    number = 1,  ///< bool, char, u1 to i8, f4, f8: the name says which
    enumeration, ///< part: the number below
    structure,   ///< parts: the types of its fields
    array,       ///< part: its elements' type
    own,         ///< kay's own, by name: "vector<f4>", "id<Car>"; parts: what it holds
};

struct schema_node {
    schema_kind kind = schema_kind::number;
    std::string_view name;
    std::uint32_t size = 0; ///< bytes
    std::uint32_t alignment = 0;
    std::uint64_t layout_hash = 0;
    std::uint64_t count = 0; ///< of an array's elements
    std::span<const field_info> fields;
    std::span<const schema_node* const> parts;
};

template <class T>
consteval schema_node make_schema();

template <class T>
inline constexpr schema_node schema_of = make_schema<T>();

template <class... Parts>
inline constexpr std::array<const schema_node*, sizeof...(Parts)> schema_parts{
    &schema_of<Parts>...};

template <class... Parts>
consteval std::span<const schema_node* const> parts_of(type_list<Parts...>) {
    return schema_parts<Parts...>;
}

template <class T>
consteval schema_node make_schema() {
    schema_node made;
    made.name = type_name<T>();
    made.size = sizeof(T);
    made.alignment = alignof(T);
    made.layout_hash = layout_hash_of<T>;
    if constexpr (is_described<T>) {
        made.kind = schema_kind::own;
        if constexpr (requires { typename described<T>::elements; })
            made.parts = parts_of(typename described<T>::elements{});
    } else if constexpr (std::is_enum_v<T>) {
        made.kind = schema_kind::enumeration;
        made.parts = schema_parts<std::underlying_type_t<T>>;
    } else if constexpr (is_std_array<T>) {
        made.kind = schema_kind::array;
        made.count = std::tuple_size_v<T>;
        made.parts = schema_parts<typename T::value_type>;
    } else if constexpr (std::is_array_v<T>) {
        made.kind = schema_kind::array;
        made.count = std::extent_v<T>;
        made.parts = schema_parts<std::remove_extent_t<T>>;
    } else if constexpr (number_type_name<T>().empty()) {
        made.kind = schema_kind::structure;
        made.fields = fields_of<T>;
        made.parts = parts_of(field_types<T>{});
    }
    return made;
}

} // namespace kay::detail
