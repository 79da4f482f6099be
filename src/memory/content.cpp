// SPDX-License-Identifier: MIT
#include <kay/memory/content.hpp>

#include <kay/core/hash.hpp>

#include <cstring>

namespace kay::detail {
namespace {

template <class Number>
void add_numbers(hasher& sink, const std::byte* at, std::uint32_t count) {
    for (Number number; count > 0; --count, at += sizeof number) {
        std::memcpy(&number, at, sizeof number);
        sink.add(number);
    }
}

} // namespace

std::uint64_t hash_content(const std::byte* object, std::span<const content_part> parts,
                           std::uint64_t seed) {
    hasher sink(seed);
    for (const content_part& part : parts) {
        const std::byte* const at = object + part.offset;
        switch (part.kind) {
        case content_kind::bytes: sink.add(std::span(at, part.count)); break;
        case content_kind::float32: add_numbers<float>(sink, at, part.count); break;
        case content_kind::float64: add_numbers<double>(sink, at, part.count); break;
        }
    }
    return sink.value();
}

} // namespace kay::detail
