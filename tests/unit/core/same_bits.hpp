// SPDX-License-Identifier: MIT
//
// The promise of the same bits everywhere: for each function a hash over the results of 100,000
// calls, and the value that every compiler, option and platform must come to. Needs neither files
// nor GoogleTest nor exceptions, so that it runs in wasm too.
#pragma once

#include <kay/core/distributions.hpp>
#include <kay/core/hash.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <span>

namespace same_bits {

namespace math = kay::math;
using kay::random_stream;

constexpr int calls = 100000;

/// Arguments of all kinds: any bits at all (NaNs and subnormals too), or a size as in daily use.
inline double any_double(random_stream& random, int call) {
    if (call % 4 == 0) return std::bit_cast<double>(random.u64());
    constexpr double sizes[] = {1, 10, 1000};
    const double size = sizes[call % 4 - 1];
    return kay::uniform_real(random, -size, size);
}

template <class Next>
std::uint64_t hash_of(Next next) {
    random_stream random(1, 2, 3);
    kay::hasher sink;
    for (int i = 0; i < calls; ++i) sink.add(next(random, i));
    return sink.value();
}

template <auto Function>
std::uint64_t one() {
    return hash_of([](auto& random, int i) { return Function(any_double(random, i)); });
}

template <auto Function>
std::uint64_t two() {
    return hash_of([](auto& random, int i) {
        const double x = any_double(random, i);
        return Function(x, any_double(random, i / 4));
    });
}

template <auto Function>
std::uint64_t one_float() {
    return hash_of([](auto& random, int i) {
        return Function(i % 2 ? std::bit_cast<float>(random.u32())
                              : math::detail::narrow(any_double(random, i)));
    });
}

using d1 = double (*)(double);
using d2 = double (*)(double, double);
using f1 = float (*)(float);

struct item {
    const char* name;
    std::uint64_t expected;
    std::uint64_t (*compute)();
};

inline std::uint64_t bytes() {
    return hash_of([](auto& random, int i) {
        std::array<std::uint64_t, 40> words{};
        for (auto& w : words) w = random.u64();
        const auto all = std::as_bytes(std::span(words));
        const auto whole = kay::hash_bytes128(all.first(static_cast<std::size_t>(i % 320)), i % 3u);
        return kay::combine(kay::hash_bytes(all), whole.low ^ whole.high);
    });
}

inline std::uint64_t weighted() {
    return hash_of([](auto& random, int) {
        std::array<double, 8> weights{};
        for (double& w : weights) w = kay::exponential(random, 3);
        return static_cast<std::uint64_t>(kay::weighted_index(random, weights));
    });
}

inline std::uint64_t shuffled() {
    return hash_of([](auto& random, int) {
        std::array<std::uint64_t, 8> numbers = {0, 1, 2, 3, 4, 5, 6, 7};
        kay::shuffle(random, numbers);
        std::uint64_t digits = kay::pick(random, numbers);
        for (auto n : numbers) digits = digits * 8 + n;
        return digits;
    });
}

// clang-format off
inline const item items[] = {
    {"exp", 0x29e54b39521b42a4u, one<d1{math::exp}>},
    {"exp2", 0xdc37119fc8373915u, one<d1{math::exp2}>},
    {"log", 0x60d8fcb097a4495cu, one<d1{math::log}>},
    {"log2", 0xfb30e52eac4e245cu, one<d1{math::log2}>},
    {"log10", 0xd0f5735c80e23209u, one<d1{math::log10}>},
    {"tanh", 0xa5ca28b8ba5e2bf5u, one<d1{math::tanh}>},
    {"sin", 0xb303fc104bef1fe8u, one<d1{math::sin}>},
    {"cos", 0x4427b78cca37a695u, one<d1{math::cos}>},
    {"tan", 0x8f16edd3abf52443u, one<d1{math::tan}>},
    {"asin", 0x0edbfee2e52d16efu, one<d1{math::asin}>},
    {"acos", 0x3399559c892ddf07u, one<d1{math::acos}>},
    {"atan", 0x413cb7ee06aee0c0u, one<d1{math::atan}>},
    {"cbrt", 0xa81ec24c196cf187u, one<d1{math::cbrt}>},
    {"sqrt", 0x00f30c72e5eb59e8u, one<d1{math::sqrt}>},
    {"floor", 0x15f2df283246c728u, one<d1{math::floor}>},
    {"ceil", 0xfbc4ac83c132c6fau, one<d1{math::ceil}>},
    {"round", 0x5719f05111fae307u, one<d1{math::round}>},
    {"trunc", 0x5f63893f92d9ea0bu, one<d1{math::trunc}>},
    {"pow", 0xef271e98b4239ffdu, two<d2{math::pow}>},
    {"atan2", 0xbe82a7d64851a0b8u, two<d2{math::atan2}>},
    {"hypot", 0xa104212fe090f9fcu, two<d2{math::hypot}>},
    {"fmod", 0x9fdba1951b0d7956u, two<d2{math::fmod}>},
    {"sin_cos", 0x86ccdcff6dc2b513u, [] { return hash_of([](auto& random, int i) {
        const auto [s, c] = math::sin_cos(any_double(random, i));
        return kay::combine(kay::canonical_bits(s), kay::canonical_bits(c)); }); }},
    {"expf", 0xa23de11a5e29aac4u, one_float<f1{math::exp}>},
    {"logf", 0x52912fabcb7dde1fu, one_float<f1{math::log}>},
    {"sinf", 0x3bb22f668671c650u, one_float<f1{math::sin}>},
    {"tanf", 0xce3cbfba1eac6b93u, one_float<f1{math::tan}>},
    {"sqrtf", 0xff8ac17a3c95fb75u, one_float<f1{math::sqrt}>},
    {"roundf", 0xdd0276331cd76816u, one_float<f1{math::round}>},
    {"powf", 0x7588b70e21ac868eu, [] { return hash_of([](auto& random, int i) {
        const float x = math::detail::narrow(any_double(random, i));
        return math::pow(x, math::detail::narrow(any_double(random, i / 4))); }); }},
    {"hash_bytes", 0x1fe25449f20a6a63u, bytes},
    {"random_stream", 0x930d8c267ec7ac7au, [] { return hash_of([](auto& random, int i) {
        return i % 3 ? random.u64() : random.u32(); }); }},
    {"uniform01", 0x855251eaf9521ba7u, [] { return hash_of([](auto& random, int) {
        return kay::uniform01(random); }); }},
    {"uniform_real", 0x7d8c83e8fd5dbd96u, [] { return hash_of([](auto& random, int i) {
        return kay::uniform_real(random, -i, 0.1 * i); }); }},
    {"uniform_int", 0xe60b4e693a602b25u, [] { return hash_of([](auto& random, int i) {
        return kay::uniform_int<std::int64_t>(random, -3 * i, 5ll << i % 60); }); }},
    {"bernoulli", 0x3d5c7ae71d6654a4u, [] { return hash_of([](auto& random, int i) {
        return kay::bernoulli(random, i / 100000.0); }); }},
    {"normal", 0x715b9a033e6415e2u, [] { return hash_of([](auto& random, int i) {
        return kay::normal(random, i, 0.01 * i); }); }},
    {"exponential", 0x40bb33ac1319afdbu, [] { return hash_of([](auto& random, int i) {
        return kay::exponential(random, i + 1); }); }},
    {"poisson", 0xa1a3ac9782aeddd6u, [] { return hash_of([](auto& random, int i) {
        return kay::poisson(random, 1e-5 * i * i); }); }},
    {"weighted_index", 0xa7fb34505858626eu, weighted},
    {"shuffle_and_pick", 0xb703ad675d1a8c21u, shuffled},
};
// clang-format on

} // namespace same_bits
