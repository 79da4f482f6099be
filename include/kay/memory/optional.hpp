// SPDX-License-Identifier: MIT
//
// kay::optional<T>: a T or nothing, of known layout: the value's bytes, then a flag. The bytes are
// zero while there is nothing. Relocates with its block, whatever T holds.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/storable.hpp>
#include <kay/core/type_name.hpp>
#include <kay/memory/elements.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace kay {

template <class T>
class optional {
    static constexpr bool plain = std::is_trivially_copyable_v<T>;

public:
    using value_type = T;

    optional() = default;
    optional(std::nullopt_t) {}
    optional(T value) { emplace(std::move(value)); }

    optional(const optional&)
        requires plain
    = default;
    optional(const optional& other) {
        if (other) emplace(*other);
    }
    optional(optional&&)
        requires plain
    = default;
    optional(optional&& other) {
        if (other) emplace(std::move(*other));
        other.reset();
    }
    optional& operator=(const optional&)
        requires plain
    = default;
    optional& operator=(const optional& other) {
        if (this == &other) return *this;
        if (other)
            *this = T(*other);
        else
            reset();
        return *this;
    }
    optional& operator=(optional&&)
        requires plain
    = default;
    optional& operator=(optional&& other) {
        if (this == &other) return *this;
        if (!other) return *this = std::nullopt;
        T value(std::move(*other));
        other.reset();
        emplace(std::move(value));
        return *this;
    }
    /// A template, as in std: so `o = {}` means an optional without a value, not a value of {}.
    template <class U = T>
        requires(!std::same_as<std::remove_cvref_t<U>, optional> &&
                 !(std::is_scalar_v<T> && std::same_as<std::decay_t<U>, T>) &&
                 std::convertible_to<U, T>)
    optional& operator=(U&& value) {
        T made = std::forward<U>(value);
        emplace(std::move(made));
        return *this;
    }
    optional& operator=(std::nullopt_t) {
        reset();
        return *this;
    }
    ~optional()
        requires plain
    = default;
    ~optional() { reset(); }

    bool has_value() const { return has_ != 0; }
    explicit operator bool() const { return has_ != 0; }

    /// There is a value.
    T& operator*() {
        KAY_ASSERT(has_);
        return *address();
    }
    const T& operator*() const {
        KAY_ASSERT(has_);
        return *const_cast<optional*>(this)->address();
    }
    T* operator->() { return &**this; }
    const T* operator->() const { return &**this; }
    T value_or(T otherwise) const { return has_ ? **this : std::move(otherwise); }

    template <class... Args>
    T& emplace(Args&&... args) {
        T made = detail::make_value<T>(std::forward<Args>(args)...); // it may be an argument
        reset();
        ::new (static_cast<void*>(bytes_)) T(std::move(made));
        has_ = 1;
        return *address();
    }
    void reset() {
        if (!has_) return;
        std::destroy_at(address());
        std::memset(bytes_, 0, sizeof(T));
        has_ = 0;
    }

    friend bool operator==(const optional& a, const optional& b) {
        return a.has_value() == b.has_value() && (!a.has_value() || *a == *b);
    }
    friend bool operator==(const optional& a, const T& b) { return a.has_value() && *a == b; }

private:
    T* address() { return std::launder(reinterpret_cast<T*>(bytes_)); }

    alignas(T) std::byte bytes_[sizeof(T)]{};
    std::uint8_t has_ = 0;
    std::uint8_t zero_[alignof(T) > 1 ? alignof(T) - 1 : 1]{}; // no padding
};

namespace detail {

template <class T>
    requires(has_containers<T>)
struct packer<optional<T>> {
    static bool is_spilled(const optional<T>& o) { return o && detail::is_spilled(*o); }
    static std::size_t content_bytes(const optional<T>& o) {
        return o ? detail::content_bytes(*o) : 0;
    }
    static std::size_t weight(const optional<T>& o) { return o ? detail::weight(*o) : 0; }
    static void pack(optional<T>& from, optional<T>& to, packing& p) {
        if (from) pack_contents(*from, *to, p);
    }
    static void lift(optional<T>& o) {
        if (o) detail::lift(*o);
    }
    static void moved(optional<T>& o, std::ptrdiff_t by) {
        if (o) detail::moved(*o, by);
    }
    static void shifted(optional<T>& o, std::ptrdiff_t by) {
        if (o) detail::shifted(*o, by);
    }
    static void release(optional<T>& o) {
        if (o) detail::release(*o);
    }
    template <class Sink>
    static void visit(const optional<T>& o, Sink&& sink) {
        described<optional<T>>::visit(o, sink);
    }
};

template <class T>
struct described<optional<T>> {
    static constexpr auto name = concat("optional<", name_text<T>, ">");
    static constexpr std::uint64_t layout_hash = hash_layout("optional", layout_hash_of<T>);
    using elements = type_list<T>;
    static constexpr bool has_padding = find_padding<T>();

    template <class Sink>
    static void visit(const optional<T>& o, Sink&& sink) {
        sink(o.has_value());
        if (o) visit_content(*o, sink);
    }
};

} // namespace detail
} // namespace kay
