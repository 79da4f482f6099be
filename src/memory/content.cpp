// SPDX-License-Identifier: MIT
#include <kay/memory/content.hpp>

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

void add_content(hasher& sink, const std::byte* first, std::size_t stride, std::size_t count,
                 std::span<const content_part> parts) {
    if (parts.size() == 1 && parts[0].kind == content_kind::bytes && parts[0].count == stride)
        return sink.add(std::span(first, count * stride)); // no padding and nothing to look at
    for (; count > 0; --count, first += stride)
        for (const content_part& part : parts) {
            const std::byte* const at = first + part.offset;
            switch (part.kind) {
            case content_kind::bytes: sink.add(std::span(at, part.count)); break;
            case content_kind::float32: add_numbers<float>(sink, at, part.count); break;
            case content_kind::float64: add_numbers<double>(sink, at, part.count); break;
            }
        }
}

std::uint64_t hash_content(const std::byte* first, std::size_t stride, std::size_t count,
                           std::span<const content_part> parts, std::uint64_t seed) {
    hasher sink(seed);
    add_content(sink, first, stride, count, parts);
    return sink.value();
}

} // namespace kay::detail
