// SPDX-License-Identifier: MIT
//
// result<T>: a value, or the error that kept us from one. Shaped like std::expected of C++23, for
// everything that the world may get wrong: options, files, peers, foreign bytes.
#pragma once

#include <kay/core/assert.hpp>

#include <string>
#include <utility>
#include <variant>

namespace kay {

/// What kind of thing went wrong; the text says the rest.
enum class error_code : unsigned char {
    invalid_argument, ///< an option or argument that makes no sense
    not_found,        ///< a file, actor or name that is not there
    bad_data,         ///< bytes that are not what they should be
    out_of_memory,    ///< memory or a budget of it is used up
    exhausted,        ///< a bound of the design is reached: ids, places, rounds
    handler_failed,   ///< a handler threw or called fail()
    io,               ///< the operating system refused
};

/// An error: a code for programs, a text for people that says what to do.
struct error {
    error_code code = error_code::invalid_argument;
    std::string text;
};

/// A value or an error. Reading the one that is not there is a failed assert.
template <class T>
class result {
public:
    using value_type = T;

    result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    result(kay::error e) : state_(std::in_place_index<1>, std::move(e)) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() & { return *checked(); }
    const T& value() const& { return *const_cast<result*>(this)->checked(); }
    T&& value() && { return std::move(*checked()); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return checked(); }
    const T* operator->() const { return const_cast<result*>(this)->checked(); }

    const kay::error& error() const& {
        KAY_ASSERT(!has_value());
        return *std::get_if<1>(&state_);
    }

private:
    T* checked() {
        KAY_ASSERT(has_value());
        return std::get_if<0>(&state_);
    }

    std::variant<T, kay::error> state_;
};

/// Success without a value, or an error.
template <>
class result<void> {
public:
    using value_type = void;

    result() = default;
    result(kay::error e) : failed_(true), error_(std::move(e)) {}

    bool has_value() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return !failed_; }

    const kay::error& error() const& {
        KAY_ASSERT(failed_);
        return error_;
    }

private:
    bool failed_ = false;
    kay::error error_;
};

} // namespace kay
