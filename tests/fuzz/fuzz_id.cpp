// SPDX-License-Identifier: MIT
//
// Any text as an id: what is read is what was written, to the last character.
#include <kay/core/assert.hpp>
#include <kay/core/id.hpp>
#include <kay/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

struct Car;
struct Honk {};

namespace {

template <class Read>
void check(std::string_view text, const Read& read) {
    if (read)
        KAY_ASSERT(to_string(*read) == text);
    else
        KAY_ASSERT(!read.error().text.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(text, kay::parse_id(text));
    check(text, kay::parse<kay::id<Car>>(text));
    check(text, kay::parse<kay::id<kay::trait<Honk>>>(text));
    return 0;
}
