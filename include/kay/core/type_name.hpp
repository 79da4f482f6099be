// SPDX-License-Identifier: MIT
//
// Names of types as constants, spelled the same by g++, clang and wasm: "u4", "city::Lane",
// "Foo<u4>", "f4[3]". Worlds, peers and programs recognise each other's types by them.
//
// A name that this header cannot make the same everywhere begins with '?' (anonymous namespaces,
// local types, members of templates, templates over anything but types and integers); such types
// are not storable. Inline namespaces are the one exception that is not noticed: g++ spells them
// out, clang leaves them away.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace kay::detail {

/// A string of fixed length that can be a constant and a template argument. Whoever fills it writes
/// the zero at its end too: clang spells it as a string in errors only then.
template <std::size_t Size>
struct text {
    char chars[Size + 1] = {};

    constexpr text() = default;
    constexpr text(const char (&literal)[Size + 1]) {
        for (std::size_t i = 0; i <= Size; ++i) chars[i] = literal[i];
    }

    static constexpr std::size_t size() { return Size; }
    constexpr std::string_view view() const {
        return {chars, Size}; // NOLINT(bugprone-string-constructor): a text may be empty
    }
    constexpr operator std::string_view() const { return view(); }
    constexpr bool operator==(const text&) const = default;
};

template <std::size_t Bytes>
text(const char (&)[Bytes]) -> text<Bytes - 1>;

/// The text of a view, whose length must be given as a constant.
template <std::size_t Size>
constexpr text<Size> to_text(std::string_view view) {
    text<Size> made;
    const char* const chars = view.data();
    for (std::size_t i = 0; i < Size; ++i) made.chars[i] = chars[i];
    made.chars[Size] = '\0';
    return made;
}

template <std::size_t Size>
constexpr text<Size> as_text(const text<Size>& given) {
    return given;
}

template <std::size_t Bytes>
constexpr text<Bytes - 1> as_text(const char (&literal)[Bytes]) {
    return literal;
}

template <std::size_t... Sizes>
constexpr auto join(const text<Sizes>&... parts) {
    text<(Sizes + ... + 0)> made;
    std::size_t at = 0;
    auto append = [&](std::string_view part) {
        for (char c : part) made.chars[at++] = c;
    };
    (append(parts.view()), ...);
    made.chars[at] = '\0';
    return made;
}

/// The parts, texts or string literals, one after the other.
constexpr auto concat(const auto&... parts) { return join(as_text(parts)...); }

/// A whole number as decimal text.
template <auto Number>
consteval auto number_text() {
    constexpr bool negative = Number < 0;
    constexpr auto magnitude =
        negative ? 0 - static_cast<std::uint64_t>(Number) : static_cast<std::uint64_t>(Number);
    constexpr auto digits = [] {
        std::size_t count = 1;
        for (auto rest = magnitude; rest > 9; rest /= 10) ++count;
        return count;
    }();
    text<digits + negative> made;
    if (negative) made.chars[0] = '-';
    auto rest = magnitude;
    for (std::size_t i = made.size(); i-- > negative; rest /= 10)
        made.chars[i] = static_cast<char>('0' + rest % 10);
    return made;
}

/// How kay's own types, which are no aggregates, take part in reflection as one unit. A
/// specialisation has these static constexpr members:
///   name                     a text, made with concat() and name_text, such as "vector<f4>"
///   layout_hash              std::uint64_t, of what the bytes mean (see layout.hpp)
///   storable, sendable       bool; in containers instead: elements, the type_list of what they
///   hold has_padding              bool: bytes of the fixed part that mean nothing
/// `name` must not need the element type to be complete where that may be an actor type.
template <class T>
struct described;

template <class T>
concept is_described = requires { sizeof(described<T>); };

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t Count>
inline constexpr bool is_std_array<std::array<T, Count>> = true;

/// A compiler's text. No std::string_view: g++ would explain that alias in the text itself.
struct spelling {
    const char* chars;
    std::size_t size;

    constexpr operator std::string_view() const { return {chars, size}; }
};

template <class T>
consteval spelling spell_type() {
    return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}

/// How long the compiler's text is before and after the type.
inline constexpr std::size_t spelling_before =
    std::string_view(spell_type<double>()).rfind("double");
inline constexpr std::size_t spelling_around = spell_type<double>().size - 6;

/// The type as the compiler spells it, a view into a static string.
template <class T>
consteval std::string_view spelled_type() {
    constexpr spelling all = spell_type<T>();
    return {all.chars + spelling_before, all.size - spelling_around};
}

template <auto Value>
consteval spelling spell_value() {
    return {__PRETTY_FUNCTION__, sizeof(__PRETTY_FUNCTION__) - 1};
}

/// Whether a text such as `... [Value = &main()::Car::operator=]` names a member of a function.
constexpr bool names_function(spelling text) {
    for (std::size_t i = text.size - 1; text.chars[i] != '['; --i)
        if (text.chars[i] == ':' && text.chars[i - 1] == ')') return true;
    return false;
}

/// Whether the type is declared inside a function. g++ says so in the type's name; clang only in
/// the names of its members and enumerators, and an assignment operator is the only member that
/// nearly all have. (The compiler defines it for this, so moving comes first: it is cheap.)
template <class T>
consteval bool is_local() {
#ifdef __clang__
    if constexpr (std::is_enum_v<T>) {
        return names_function(spell_value<T{}>());
    } else if constexpr (requires { static_cast<T& (T::*)(T&&)>(&T::operator=); }) {
        return names_function(spell_value<static_cast<T& (T::*)(T&&)>(&T::operator=)>());
    } else if constexpr (requires { static_cast<T& (T::*)(const T&)>(&T::operator=); }) {
        return names_function(spell_value<static_cast<T& (T::*)(const T&)>(&T::operator=)>());
    }
#endif
    return false;
}

/// The name of a number type by width and kind; empty for all other types, which may be incomplete.
template <class T>
consteval std::string_view number_type_name() {
    if constexpr (std::same_as<T, bool>) {
        return "bool";
    } else if constexpr (std::same_as<T, char>) {
        return "char";
    } else if constexpr (std::same_as<T, float>) {
        return "f4";
    } else if constexpr (std::same_as<T, double>) {
        return "f8";
    } else if constexpr (std::integral<T> && std::same_as<T, std::remove_cv_t<T>>) {
        switch (sizeof(T)) {
        case 1: return std::is_signed_v<T> ? "i1" : "u1";
        case 2: return std::is_signed_v<T> ? "i2" : "u2";
        case 4: return std::is_signed_v<T> ? "i4" : "u4";
        case 8: return std::is_signed_v<T> ? "i8" : "u8";
        default: return {};
        }
    } else {
        return {};
    }
}

/// Whether a name is nothing but names of scopes and a type: no template, no function, no
/// anonymous namespace, no spaces.
constexpr bool is_plain_name(std::string_view name) {
    const char* const end = name.data() + name.size();
    for (const char* at = name.data(); at != end; ++at) {
        const char c = *at;
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool other = static_cast<unsigned char>(c) >= 0x80;
        if (!letter && !other && c != ':' && !(c >= '0' && c <= '9')) return false;
    }
    return true;
}

constexpr std::string_view without_keyword(std::string_view name) {
    if (is_plain_name(name)) return name;
    for (std::string_view keyword : {"struct ", "class ", "enum ", "union "})
        if (name.starts_with(keyword)) name.remove_prefix(keyword.size());
    return name;
}

/// The name of a template: what stands before its last bracketed arguments.
constexpr std::string_view template_of(std::string_view name) {
    std::size_t depth = 0;
    for (std::size_t i = name.size(); i-- > 0;) {
        if (name[i] == '>') ++depth;
        if (name[i] == '<' && --depth == 0) return name.substr(0, i);
    }
    return name;
}

template <class T>
consteval auto plain_name() {
    constexpr std::string_view name = without_keyword(spelled_type<T>());
    constexpr auto made = to_text<name.size()>(name);
    if constexpr (!is_plain_name(name)) {
        return concat("?", made);
    } else if constexpr (std::is_class_v<T> || std::is_union_v<T> || std::is_enum_v<T>) {
        if constexpr (is_local<T>()) {
            return concat("?", made);
        } else {
            return made;
        }
    } else {
        return concat("?", made);
    }
}

template <class T>
consteval auto template_name() {
    constexpr std::string_view name = template_of(without_keyword(spelled_type<T>()));
    constexpr auto made = to_text<name.size()>(name);
    if constexpr (is_plain_name(name)) {
        return made;
    } else {
        return concat("?", made);
    }
}

template <class T>
consteval auto make_name();

/// The canonical name of T as a text.
template <class T>
inline constexpr auto name_text = make_name<T>();

/// `first,second,...`
template <class First, class... Rest>
consteval auto name_list() {
    return concat(name_text<First>, concat(",", name_text<Rest>)...);
}

template <auto Value>
consteval auto value_name() {
    using type = std::remove_cv_t<decltype(Value)>;
    if constexpr (std::is_enum_v<type>) {
        return number_text<static_cast<std::underlying_type_t<type>>(Value)>();
    } else if constexpr (std::is_same_v<type, bool>) {
        return number_text<static_cast<int>(Value)>();
    } else if constexpr (std::is_integral_v<type>) {
        return number_text<Value>();
    } else {
        return text("?");
    }
}

template <auto First, auto... Rest>
consteval auto value_list() {
    return concat(value_name<First>(), concat(",", value_name<Rest>())...);
}

/// Takes templates apart; everything else has a plain name.
template <class T>
struct namer {
    static consteval auto make() { return plain_name<T>(); }
};

template <template <class...> class Template, class First, class... Rest>
struct namer<Template<First, Rest...>> {
    static consteval auto make() {
        return concat(template_name<Template<First, Rest...>>(), "<", name_list<First, Rest...>(),
                      ">");
    }
};

template <template <auto...> class Template, auto First, auto... Rest>
struct namer<Template<First, Rest...>> {
    static consteval auto make() {
        return concat(template_name<Template<First, Rest...>>(), "<", value_list<First, Rest...>(),
                      ">");
    }
};

template <template <class, auto...> class Template, class T, auto First, auto... Rest>
struct namer<Template<T, First, Rest...>> {
    static consteval auto make() {
        return concat(template_name<Template<T, First, Rest...>>(), "<", name_text<T>, ",",
                      value_list<First, Rest...>(), ">");
    }
};

template <class T>
consteval auto extents_name() {
    if constexpr (std::is_array_v<T>) {
        return concat("[", number_text<std::extent_v<T>>(), "]",
                      extents_name<std::remove_extent_t<T>>());
    } else {
        return text<0>{};
    }
}

template <class T>
consteval auto make_name() {
    if constexpr (is_described<T>) {
        return as_text(described<T>::name);
    } else if constexpr (is_std_array<T>) {
        return concat("array<", name_text<typename T::value_type>, ",",
                      number_text<std::tuple_size_v<T>>(), ">");
    } else if constexpr (std::is_class_v<T>) {
        return namer<T>::make();
    } else if constexpr (!number_type_name<T>().empty()) {
        return to_text<number_type_name<T>().size()>(number_type_name<T>());
    } else if constexpr (std::is_array_v<T>) {
        return concat(name_text<std::remove_all_extents_t<T>>, extents_name<T>());
    } else {
        return namer<T>::make();
    }
}

/// A plain loop: with -fsanitize=undefined g++ 12 does not take string_view::find for a constant.
constexpr bool has_question_mark(const char* chars) {
    for (; *chars; ++chars)
        if (*chars == '?') return true;
    return false;
}

/// Whether the name is spelled the same everywhere.
template <class T>
inline constexpr bool has_name = !has_question_mark(name_text<T>.chars);

} // namespace kay::detail

namespace kay {

/// The canonical name of a type, in static storage.
template <class T>
constexpr std::string_view type_name() {
    return detail::name_text<std::remove_cv_t<T>>.view();
}

} // namespace kay
