// SPDX-License-Identifier: MIT
//
// A test of one field of an actor, such as speed>=3: numbers are compared as numbers, all else as
// the text that is shown, of which it may be left out that texts are quoted.
#pragma once

#include "../../src/persist/schema.hpp"
#include "../../src/persist/value_text.hpp"

#include <kay/core/result.hpp>

#include <cstddef>
#include <string>

namespace tool {

class filter {
public:
    /// An empty text is true of everybody. An error says which fields there are.
    static kay::result<filter> parse(const std::string& text, const kay::detail::schema& types,
                                     std::uint32_t type);

    bool is_true_of(const kay::detail::schema& types, const std::byte* actor) const;

private:
    enum class comparison { none, equal, unequal, less, at_most, more, at_least };

    template <class T>
    bool compares(const T& a, const T& b) const;

    comparison what_ = comparison::none;
    kay::detail::flat_field field_;
    std::string value_;
    bool is_number_ = false; ///< value_ is
    long double number_ = 0;
};

} // namespace tool
