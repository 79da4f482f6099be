// SPDX-License-Identifier: MIT
//
// The description of types in a saved world, changed or cut off. It is refused, or makes sense:
// written again it is the same, it can be compared with the good one, and values of its types can
// be looked at.
#include "edits.hpp"

#include "../unit/persist/menagerie.hpp"

#include "../../src/persist/schema.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace {

using namespace kay::detail;

std::vector<std::byte> written(const schema& types) {
    byte_writer to;
    types.write(to);
    return to.take();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const schema good = [] {
        schema types;
        for (const kay::detail::actor_type* const type : {&type_record<menagerie::Beast>()}) {
            types.add(*type->schema);
            for (const handler_record& h : type->handlers)
                if (h.schema) types.add(*h.schema);
        }
        return types;
    }();
    std::vector<std::byte> bytes = written(good);
    const std::array<std::vector<std::byte>*, 1> parts{&bytes};
    kay::fuzz::edit(parts, data, size, true);

    byte_reader from(bytes);
    const auto read = schema::read(from);
    KAY_ASSERT(size > 0 || read.has_value());
    if (!read) return 0;
    const std::vector<std::byte> again = written(*read);
    KAY_ASSERT(again.size() <= bytes.size());
    KAY_ASSERT(std::equal(again.begin(), again.end(), bytes.begin()));
    for (std::uint32_t t = 0; t < read->count(); ++t) {
        KAY_ASSERT(difference(*read, t, *read, t).empty());
        if (const auto same = good.find((*read)[t].name))
            static_cast<void>(difference(*read, t, good, *same));
    }
    return 0;
}
