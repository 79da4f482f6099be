// SPDX-License-Identifier: MIT
#include <kay/memory/content.hpp>

#include <algorithm>
#include <cstring>

namespace kay::detail {
namespace {

/// Gathers what is added to a hash, so that it comes in long pieces.
class gatherer {
public:
    explicit gatherer(hasher& to) : to_(to) {}
    ~gatherer() { flush(); }
    gatherer(const gatherer&) = delete;
    gatherer& operator=(const gatherer&) = delete;

    void add(const std::byte* at, std::size_t bytes) {
        if (bytes > sizeof buffer_ - used_) {
            flush();
            if (bytes > sizeof buffer_) return to_.add(std::span(at, bytes));
        }
        std::memcpy(buffer_ + used_, at, bytes);
        used_ += bytes;
    }

    /// Floating-point numbers, each as canonical_bits has it.
    template <class Bits, Bits infinity, Bits nan>
    void add_numbers(const std::byte* at, std::size_t count) {
        constexpr Bits sign = Bits{1} << (sizeof(Bits) * 8 - 1);
        for (std::size_t fit; count > 0; count -= fit) {
            if (sizeof buffer_ - used_ < sizeof(Bits)) flush();
            fit = std::min(count, (sizeof buffer_ - used_) / sizeof(Bits));
            std::byte* const to = buffer_ + used_;
            for (std::size_t i = 0; i < fit * sizeof(Bits); i += sizeof(Bits)) {
                Bits bits;
                std::memcpy(&bits, at + i, sizeof bits);
                if ((bits & ~sign) > infinity) bits = nan;
                std::memcpy(to + i, &bits, sizeof bits);
            }
            at += fit * sizeof(Bits);
            used_ += fit * sizeof(Bits);
        }
    }

private:
    void flush() {
        to_.add(std::span(buffer_, used_));
        used_ = 0;
    }

    hasher& to_;
    std::size_t used_ = 0;
    std::byte buffer_[1024];
};

} // namespace

void add_content(hasher& sink, const std::byte* first, std::size_t stride, std::size_t count,
                 std::span<const content_part> parts) {
    if (parts.size() == 1 && parts[0].kind == content_kind::bytes && parts[0].count == stride)
        return sink.add(std::span(first, count * stride)); // no padding and nothing to look at
    gatherer all(sink);
    for (; count > 0; --count, first += stride)
        for (const content_part& part : parts) {
            const std::byte* const at = first + part.offset;
            switch (part.kind) {
            case content_kind::bytes: all.add(at, part.count); break;
            case content_kind::float32:
                all.add_numbers<std::uint32_t, 0x7f800000u, 0x7fc00000u>(at, part.count);
                break;
            case content_kind::float64:
                all.add_numbers<std::uint64_t, 0x7ffull << 52, 0x7ff8ull << 48>(at, part.count);
                break;
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
