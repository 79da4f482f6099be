// SPDX-License-Identifier: MIT
//
// kay::migrations: what to do with saved actors whose type has another layout by now. Given to
// world_file::load, which otherwise refuses them. The file keeps what it has: the world that was
// made is another one, until it is saved.
#pragma once

#include <kay/core/result.hpp>
#include <kay/core/schema.hpp>
#include <kay/message/messages.hpp>
#include <kay/store/migration.hpp>
#include <kay/turn/dispatch.hpp>

#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

namespace kay {

class migrations {
public:
    /// Saved actors of the type that is called as Now is, with the layout of Before, become Now by
    /// convert(const Before&, Now&), which gets a default Now. Before is what the type was: a
    /// struct of any name. Ids stay what they are. What convert throws is the error of the load.
    ///     kay::migrations().add<CarOfMay, Car>([](const CarOfMay& old, Car& now) { ... })
    template <class Before, class Now, class F>
    migrations& add(F convert) {
        static_assert(std::is_invocable_v<F&, const Before&, Now&>,
                      "kay: a migration is a function of (const Before&, Now&)");
        detail::require_actor<Now>();
        require_storable<Before>();
        if constexpr (detail::is_actor<Now> && storable<Before>) {
            detail::migration one;
            one.type = type_name<Now>();
            one.before = &detail::schema_of<Before>;
            one.blocks_before = {sizeof(Before), detail::has_containers<Before>, nullptr, nullptr};
            one.make = [convert = std::move(convert)](const std::byte* before,
                                                      detail::instance_store& to,
                                                      detail::lease_entry slot, bool hidden) {
                Now made{};
                convert(*reinterpret_cast<const Before*>(before), made);
                std::size_t bytes = sizeof(Now);
                if constexpr (detail::has_containers<Now>) bytes = detail::packed_bytes(made);
                std::byte* const block = to.create(slot, bytes, hidden);
                if constexpr (detail::has_containers<Now>)
                    detail::pack_move(made, block, bytes);
                else
                    std::memcpy(block, static_cast<const void*>(&made), sizeof made);
            };
            all_.push_back(std::move(one));
        }
        return *this;
    }

private:
    friend class world_file;

    std::vector<detail::migration> all_;
};

} // namespace kay
