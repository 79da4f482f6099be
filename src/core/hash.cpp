// SPDX-License-Identifier: MIT
//
// The one file that sees xxhash.h. Its code is compiled in here rather than linked, so that native
// programs and wasm run the same. It uses the widest vectors that this file is compiled for; the
// values do not depend on that.
#include <kay/core/hash.hpp>

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 warns of its own AVX-512 intrinsics, which start from undefined vectors on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>
#include <new>
#include <type_traits>

namespace kay {
namespace {

static_assert(sizeof(XXH3_state_t) <= 576 && alignof(XXH3_state_t) <= 64);
static_assert(std::is_trivially_copyable_v<XXH3_state_t>);

XXH3_state_t* state_in(std::byte* storage) {
    return std::launder(reinterpret_cast<XXH3_state_t*>(storage));
}

} // namespace

std::uint64_t hash_bytes(std::span<const std::byte> bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

hash128 hash_bytes128(std::span<const std::byte> bytes, std::uint64_t seed) {
    const XXH128_hash_t h = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
    return {h.low64, h.high64};
}

hasher::hasher(std::uint64_t seed) {
    XXH3_64bits_reset_withSeed(new (state_) XXH3_state_t{}, seed);
}

void hasher::add(const std::byte* bytes, std::size_t count) {
    if (count > sizeof pending_ - pending_count_) {
        flush();
        if (count > sizeof pending_) {
            XXH3_64bits_update(state_in(state_), bytes, count);
            return;
        }
    }
    if (count == 0) return;
    std::memcpy(pending_ + pending_count_, bytes, count);
    pending_count_ += count;
}

void hasher::flush() {
    XXH3_64bits_update(state_in(state_), pending_, pending_count_);
    pending_count_ = 0;
}

std::uint64_t hasher::value() const {
    hasher whole = *this;
    whole.flush();
    return XXH3_64bits_digest(state_in(whole.state_));
}

hash128 hasher::value128() const {
    hasher whole = *this;
    whole.flush();
    const XXH128_hash_t h = XXH3_128bits_digest(state_in(whole.state_));
    return {h.low64, h.high64};
}

} // namespace kay
