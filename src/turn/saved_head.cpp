// SPDX-License-Identifier: MIT
#include "saved_head.hpp"

#include "type_table.hpp"

#include <kay/message/packet.hpp>

#include <algorithm>

namespace kay::detail {

void saved_head::write(byte_writer& to) const {
    to.number(places);
    to.number(seed);
    to.number(static_cast<std::int64_t>(step.count()));
    to.number(turn);
    to.number(entered);
    to.number(static_cast<std::uint32_t>(types.size()));
    for (const saved_actor& type : types) {
        to.text(type.name);
        to.number(type.layout_hash);
        to.number(type.next_place);
        to.number(static_cast<std::uint32_t>(type.messages.size()));
        for (const message_type& m : type.messages) {
            to.text(m.name);
            to.number(m.layout_hash);
        }
    }
    to.number(static_cast<std::uint32_t>(constants.size()));
    for (const std::string& type : constants) to.text(type);
}

saved_head saved_head::read(byte_reader& from) {
    saved_head made;
    made.places = from.number<std::uint32_t>();
    made.seed = from.number<std::uint64_t>();
    made.step = std::chrono::nanoseconds(from.number<std::int64_t>());
    made.turn = from.number<std::uint64_t>();
    made.entered = from.number<std::uint64_t>();
    const auto types = from.number<std::uint32_t>();
    if (types > type_table::types_max) from.fail();
    for (std::uint32_t t = 0; t < types && !from.failed(); ++t) {
        saved_actor type;
        type.name = from.text();
        type.layout_hash = from.number<std::uint64_t>();
        type.next_place = from.number<std::uint32_t>();
        const auto messages = from.number<std::uint32_t>();
        if (messages >= first_control_tag) from.fail();
        for (std::uint32_t m = 0; m < messages && !from.failed(); ++m) {
            std::string name = from.text();
            type.messages.push_back({std::move(name), from.number<std::uint64_t>()});
        }
        made.types.push_back(std::move(type));
    }
    for (auto left = from.number<std::uint32_t>(); left > 0 && !from.failed(); --left)
        made.constants.push_back(from.text());
    return made;
}

changed_tags changes_of(const saved_head::saved_actor& saved, const actor_type& now) {
    changed_tags made;
    bool is_same = true;
    for (std::uint32_t tag = 0; tag < saved.messages.size(); ++tag) {
        const saved_head::message_type& m = saved.messages[tag];
        const auto found =
            std::find_if(now.handlers.begin(), now.handlers.end(), [&](const handler_record& h) {
                return h.name == m.name && h.layout_hash == m.layout_hash;
            });
        const bool is_there = found != now.handlers.end();
        made.now.push_back(is_there ? static_cast<std::uint32_t>(found - now.handlers.begin())
                                    : changed_tags::gone);
        is_same = is_same && made.now.back() == tag;
    }
    if (is_same) made.now.clear();
    return made;
}

} // namespace kay::detail
