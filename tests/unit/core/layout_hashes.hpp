// SPDX-License-Identifier: MIT
//
// Layout hashes as numbers: if one changes, every saved world and every peer is refused. That they
// are equal everywhere is checked by compiling this file alone, also for wasm32.
#pragma once

#include <kay/core/storable.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace layout_hashes {

enum class colour : std::uint8_t { red, green };

struct nothing {};
struct one_number {
    std::uint32_t count;
};
struct one_float {
    float count;
};
struct numbers {
    std::int8_t a;
    std::int16_t b;
    std::int32_t c;
    std::int64_t d;
    std::uint8_t e;
    std::uint16_t f;
    std::uint32_t g;
    std::uint64_t h;
};
struct others {
    bool yes;
    char letter;
    float narrow;
    double wide;
    colour paint;
};
struct arrays {
    float place[3];
    std::uint16_t grid[2][4];
    std::array<std::uint8_t, 5> marks;
};
struct nested {
    one_number first;
    others second[2];
    nothing third;
};
template <class T, int Count>
struct templated {
    T parts[Count];
};
struct of_templates {
    templated<unsigned, 2> a;
    templated<templated<double, 1>, 3> b;
};
struct defaults {
    std::int32_t speed = 3;
    const static int limit = 7;
    using other = nested;
    int faster() const { return speed + 1; }
};

static_assert(kay::layout_hash<nothing> == 0x80acea1695c32caau);
static_assert(kay::layout_hash<one_number> == 0x64e1f78a3dfffb22u);
static_assert(kay::layout_hash<one_float> == 0x7f3607ead7f474adu);
static_assert(kay::layout_hash<numbers> == 0xab115c0c46c04638u);
static_assert(kay::layout_hash<others> == 0xb6964e2f404fd348u);
static_assert(kay::layout_hash<arrays> == 0x14206442aa959715u);
static_assert(kay::layout_hash<nested> == 0x9cbb69e69b9d099bu);
static_assert(kay::layout_hash<templated<unsigned, 2>> == 0xae466795d098a1f5u);
static_assert(kay::layout_hash<of_templates> == 0xb50a78d682a21fd9u);
static_assert(kay::layout_hash<defaults> == 0x6b0bfe2d82fc205eu);

static_assert(kay::type_name<templated<unsigned, 2>>() == "layout_hashes::templated<u4,2>");
static_assert(kay::type_name<templated<templated<double, 1>, 3>>() ==
              "layout_hashes::templated<layout_hashes::templated<f8,1>,3>");

} // namespace layout_hashes
