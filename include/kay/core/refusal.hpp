// SPDX-License-Identifier: MIT
//
// How a wrong type is refused: one failed assertion that says what to do and names the type, the
// field and the field's type. Looked at only once a fault is known, so right types pay nothing.
#pragma once

#include <kay/core/fault.hpp>
#include <kay/core/field_names.hpp>
#include <kay/core/reflect.hpp>
#include <kay/core/type_name.hpp>

#include <cstddef>
#include <type_traits>

namespace kay {

/// Only ever false, and named in errors: the field of Owner, and its type, that is refused. The
/// field's name is empty where Owner itself is.
template <class Owner, detail::text Field, class Type>
inline constexpr bool storable_field = false;

} // namespace kay

namespace kay::detail {

/// Where a fault is. Path is the fields that lead to it, "car.wheels"; empty for T itself.
template <class Type, text Path>
struct fault_place {
    using type = Type;
    static constexpr auto path = Path;
};

template <class T, bool Sent>
consteval fault fault_of() {
    if constexpr (Sent) {
        return sent_fault<T>;
    } else {
        return stored_fault<T>;
    }
}

template <class T, bool Sent, text Path, class Above = type_list<>>
consteval auto find_place();

/// Of a field, T.name, or of what a container at Path holds.
template <text Path, class T, std::size_t Index>
consteval auto path_to() {
    if constexpr (is_container<T>) {
        return Path;
    } else {
        constexpr auto name = to_text<field_names<T>[Index].size()>(field_names<T>[Index]);
        if constexpr (Path.size() == 0)
            return name;
        else
            return concat(Path, ".", name);
    }
}

/// The place in the first wrong part from Index on, or T itself where all parts are right.
template <class T, bool Sent, text Path, class Above, std::size_t Index, class First, class... Rest>
consteval auto find_part(type_list<First, Rest...>) {
    constexpr bool wrong =
        Sent ? fault_of<First, true>() != fault::none : fault_within<First, Above> != fault::none;
    if constexpr (wrong)
        return find_place<First, Sent, path_to<Path, T, Index>(), Above>();
    else
        return find_part<T, Sent, Path, Above, Index + 1>(type_list<Rest...>{});
}

template <class T, bool Sent, text Path, class Above, std::size_t Index>
consteval auto find_part(type_list<>) {
    return fault_place<T, Path>{};
}

template <class T, bool Sent, text Path, class Above>
consteval auto find_place() {
    if constexpr (std::is_array_v<T>) {
        return find_place<std::remove_all_extents_t<T>, Sent, Path, Above>();
    } else if constexpr (is_std_array<T>) {
        return find_place<typename T::value_type, Sent, Path, Above>();
    } else if constexpr (is_container<T>) {
        return find_part<T, Sent, Path, Above, 0>(typename described<T>::elements{});
    } else if constexpr (!std::is_class_v<T> || is_described<T> || std::is_const_v<T> ||
                         std::is_volatile_v<T> || is_among<T>(Above{})) {
        return fault_place<T, Path>{};
    } else if constexpr (fault_before_fields<T>() != fault::none) {
        return fault_place<T, Path>{};
    } else {
        return find_part<T, Sent, Path, decltype(with<T>(Above{})), 0>(field_types<T>{});
    }
}

/// A class, not a function: its assertion fails once, however often it is asked for.
template <fault Fault, class Owner, text Field, class Type>
struct refusal;

template <class Owner, text Field, class Type>
struct refusal<fault::pointer, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: state and messages hold no pointers: use kay::id, kay::vector or "
                  "kay::external");
};

template <class Owner, text Field, class Type>
struct refusal<fault::reference, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: state and messages hold no references: use kay::id or a value");
};

template <class Owner, text Field, class Type>
struct refusal<fault::constant, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: a field is const or volatile: leave that out, handlers see messages as "
                  "const anyway");
};

template <class Owner, text Field, class Type>
struct refusal<fault::number, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: this number is not the same everywhere: use float, double or an integer "
                  "of 1 to 8 bytes");
};

template <class Owner, text Field, class Type>
struct refusal<fault::is_union, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: a union does not say which member it holds: use a field for each, or "
                  "kay::optional");
};

template <class Owner, text Field, class Type>
struct refusal<fault::has_virtual, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: state and messages have no virtual functions: use kay::id of a trait, "
                  "or an enum");
};

template <class Owner, text Field, class Type>
struct refusal<fault::has_base, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: state and messages have no base classes: make the base a field");
};

template <class Owner, text Field, class Type>
struct refusal<fault::not_plain, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: only plain structs, without constructors and private members: use "
                  "kay::string, kay::vector or kay::map for the containers of std");
};

template <class Owner, text Field, class Type>
struct refusal<fault::no_default, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: a field is a reference or has no default value: every field must be "
                  "makeable from {}");
};

template <class Owner, text Field, class Type>
struct refusal<fault::too_many, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: a struct has more than 32 fields: put some of them into a struct of "
                  "their own");
};

template <class Owner, text Field, class Type>
struct refusal<fault::has_bit_field, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: bit-fields lie differently on every machine: use whole integers");
};

template <class Owner, text Field, class Type>
struct refusal<fault::over_aligned, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: no type is aligned to more than 8 bytes: leave alignas out");
};

template <class Owner, text Field, class Type>
struct refusal<fault::odd_layout, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: fields are placed by attributes: leave out alignas, packed and "
                  "no_unique_address");
};

template <class Owner, text Field, class Type>
struct refusal<fault::destructor, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: state and messages move as bytes: leave out destructors and assignment "
                  "operators");
};

template <class Owner, text Field, class Type>
struct refusal<fault::unnamed, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: the type needs a name that is the same in every program: declare it at "
                  "namespace scope, not in a function, an anonymous namespace or a template");
};

template <class Owner, text Field, class Type>
struct refusal<fault::element, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: the elements of this container cannot be state or messages");
};

template <class Owner, text Field, class Type>
struct refusal<fault::recursive, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: a struct contains itself: make its parts actors of their own, or keep all "
                  "of them in one kay::vector, where a part is named by its index");
};

template <class Owner, text Field, class Type>
struct refusal<fault::external, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: kay::external stays in its place and cannot be sent: send what it "
                  "stands for");
};

template <class Owner, text Field, class Type>
struct refusal<fault::other, Owner, Field, Type> {
    static_assert(storable_field<Owner, Field, Type>,
                  "kay: this type cannot be state or a message");
};

/// The refusal of T, which has a fault.
template <class T, bool Sent>
struct refused {
    using place = decltype(find_place<T, Sent, text<0>{}>());
    static constexpr std::size_t asked =
        sizeof(refusal<fault_of<T, Sent>(), T, place::path, typename place::type>);
};

} // namespace kay::detail
