// SPDX-License-Identifier: MIT
#include "log_types.hpp"

#include <kay/message/packet.hpp>
#include <kay/turn/poster.hpp>

#include <algorithm>
#include <cstring>

namespace tool {
namespace {

using kay::detail::packet_header;
using kay::detail::post_head;
using kay::detail::trait_head;

constexpr std::uint32_t every_place = ~0u;

std::vector<std::uint32_t> read_keys(std::span<const std::byte> from, std::size_t count) {
    std::vector<std::uint32_t> keys(count);
    if (count) std::memcpy(keys.data(), from.data(), count * sizeof(std::uint32_t));
    return keys;
}

/// So that it does no harm to a terminal.
bool is_text(const std::string& name) {
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

} // namespace

bool log_types::add(const kay::detail::logged_type& type) {
    actor made{type.name, type.layout_hash, kay::detail::key_of_name(type.name), {}};
    bool good = is_text(type.name);
    for (const auto& m : type.messages) {
        made.messages.push_back({m.name, m.layout_hash, kay::detail::key_of_name(m.name)});
        good = good && is_text(m.name);
    }
    actors_.push_back(std::move(made));
    return good;
}

const log_types::actor* log_types::find_actor(std::uint32_t key) const {
    const auto found =
        std::find_if(actors_.begin(), actors_.end(), [&](const actor& a) { return a.key == key; });
    return found == actors_.end() ? nullptr : &*found;
}

const log_types::message* log_types::find_message(std::uint32_t key) const {
    for (const actor& a : actors_)
        if (const message* const found = find_message(a, key)) return found;
    return nullptr;
}

const log_types::message* log_types::find_message(const actor& in, std::uint32_t key) {
    const auto found = std::find_if(in.messages.begin(), in.messages.end(),
                                    [&](const message& m) { return m.key == key; });
    return found == in.messages.end() ? nullptr : &*found;
}

std::optional<entered_message> message_of(const kay::detail::sent_input& sent,
                                          const log_bounds& world) {
    post_head head;
    if (sent.post.size() < sizeof head) return {};
    std::memcpy(&head, sent.post.data(), sizeof head);
    auto rest = sent.post.subspan(sizeof head);
    entered_message found;
    found.key = head.message_key;
    if (head.to == kay::detail::to_implementors) {
        const std::size_t keys = head.actor_key;
        const std::size_t bytes = (keys * sizeof(std::uint32_t) + 7) / 8 * 8;
        if (rest.size() < bytes) return {};
        found.whom = entered_message::target::all;
        found.trait_keys = read_keys(rest, keys);
        found.message = world.types.find_message(head.message_key);
        found.bytes = rest.subspan(bytes);
        return found;
    }
    found.actor = world.types.find_actor(head.actor_key);
    if (!found.actor) return {};
    found.message = log_types::find_message(*found.actor, head.message_key);
    if (!found.message) return {};
    if (head.to == kay::detail::to_all)
        found.whom = entered_message::target::all;
    else
        found.id = kay::raw_id(head.to);
    found.bytes = rest;
    return found;
}

std::optional<entered_message> message_of(const kay::detail::timer_input& timer,
                                          const log_bounds& world) {
    const std::span<const std::byte> packet = timer.packet;
    if (packet.size() < sizeof(packet_header) || packet.size() % 8) return {};
    const packet_header header = kay::detail::read_header(packet.data());
    const std::size_t before = header.words() ? 8 : 16;
    if (packet.size() < before || whole_bytes(packet.data(), header) != packet.size()) return {};
    entered_message found;
    found.bytes = packet.subspan(before);
    found.place = timer.target;
    if (timer.target != every_place && timer.target >= world.places) return {};
    if (header.is_broadcast())
        found.whom = timer.target == every_place ? entered_message::target::all
                                                 : entered_message::target::all_in_place;
    else if (timer.target == every_place)
        return {};
    else
        found.id = kay::raw_id(timer.target, header.generation(), header.slot());
    if (timer.type != kay::detail::any_implementor) {
        if (timer.type >= world.types.count()) return {};
        found.actor = &world.types[timer.type];
        if (header.tag() >= found.actor->messages.size()) return {};
        found.message = &found.actor->messages[header.tag()];
        found.key = found.message->key;
        return found;
    }
    trait_head head;
    if (!header.is_broadcast() || found.bytes.size() < sizeof head) return {};
    std::memcpy(&head, found.bytes.data(), sizeof head);
    const std::size_t keys_end = kay::detail::trait_head_bytes(head.keys);
    if (found.bytes.size() < keys_end) return {};
    found.trait_keys = read_keys(found.bytes.subspan(sizeof head), head.keys);
    found.key = head.message_key;
    found.message = world.types.find_message(head.message_key);
    found.bytes = found.bytes.subspan(keys_end);
    return found;
}

bool take(const kay::detail::logged_input& what, log_bounds& world) {
    using namespace kay::detail;
    if (const auto* sent = std::get_if<sent_input>(&what))
        return message_of(*sent, world).has_value();
    if (const auto* timer = std::get_if<timer_input>(&what))
        return message_of(*timer, world).has_value();
    if (const auto* spawned = std::get_if<spawned_input>(&what))
        return spawned->place < world.places && spawned->type < world.types.count();
    if (const auto* spread = std::get_if<spread_input>(&what))
        return spread->type < world.types.count();
    if (const auto* constant = std::get_if<constant_input>(&what)) {
        if (constant->number > world.constants || constant->block.size() % 16) return false;
        if (constant->number == world.constants) ++world.constants;
        return true;
    }
    const auto* type = std::get_if<logged_type>(&what);
    return !type || world.types.add(*type);
}

} // namespace tool
