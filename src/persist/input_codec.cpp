// SPDX-License-Identifier: MIT
#include "input_codec.hpp"

#include "../turn/timer_packets.hpp"

#include <kay/message/packet.hpp>
#include <kay/turn/poster.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace kay::detail {
namespace {

enum class code : std::uint8_t { sent = 1, spawned, spread, timer, cancelled, constant, type };

void begin(code what, byte_writer& to) { to.number(static_cast<std::uint8_t>(what)); }

/// It has no fields, so that nothing of it is sent.
bool is_empty(const schema_node& type) {
    return type.kind == schema_kind::structure && type.fields.empty();
}

/// What is before the message of a post.
std::size_t bytes_before_message(const post_head& head) {
    if (head.to != to_implementors) return sizeof head;
    return sizeof head + round_up(std::size_t{head.actor_key} * sizeof(std::uint32_t), 8);
}

/// Any type that receives the message knows its fields; null: nobody does.
const schema_node* schema_of_message(const type_table& types, std::uint32_t message_key) {
    for (std::uint32_t t = 0; t < types.count(); ++t) {
        const std::uint32_t tag = tag_of(types[t], message_key);
        if (tag < types[t].handlers.size()) return types[t].handlers[tag].schema;
    }
    return nullptr;
}

/// To whom a post goes; null: to nobody.
const schema_node* schema_of_post(const type_table& types, const post_head& head) {
    if (head.to == to_implementors) return schema_of_message(types, head.message_key);
    const std::uint32_t type = types.by_key(head.actor_key);
    if (type >= types.count()) return nullptr;
    const std::uint32_t tag = tag_of(types[type], head.message_key);
    return tag < types[type].handlers.size() ? types[type].handlers[tag].schema : nullptr;
}

std::span<const std::byte> read_counted(byte_reader& from) {
    return from.bytes(from.number<std::uint32_t>());
}

} // namespace

// ---- types

void logged_type::write(const actor_type& type, byte_writer& to) {
    to.text(type.name);
    to.number(type.layout_hash);
    to.number(static_cast<std::uint32_t>(type.handlers.size()));
    for (const handler_record& h : type.handlers) {
        to.text(h.name);
        to.number(h.layout_hash);
    }
}

logged_type logged_type::read(byte_reader& from) {
    logged_type type;
    type.name = from.text();
    type.layout_hash = from.number<std::uint64_t>();
    const auto count = from.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && !from.failed(); ++i) {
        message m;
        m.name = from.text();
        m.layout_hash = from.number<std::uint64_t>();
        type.messages.push_back(std::move(m));
    }
    return type;
}

result<void> logged_type::check(const actor_type& type) const {
    const auto other = [](const std::string& text) { return error{error_code::bad_data, text}; };
    if (type.layout_hash != layout_hash)
        return other("the layout of " + name + " is another one than when it was recorded");
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (i >= type.handlers.size() || type.handlers[i].name != messages[i].name)
            return other("message " + std::to_string(i + 1) + " of " + name + " was " +
                         messages[i].name +
                         " when it was recorded: new ones go behind those that there were");
        if (type.handlers[i].layout_hash != messages[i].layout_hash)
            return other("the layout of " + messages[i].name +
                         " is another one than when it was recorded");
    }
    return {};
}

result<const actor_type*> input_bounds::add(const logged_type& logged) {
    const auto found = std::find_if(further.begin(), further.end(), [&](const actor_type* type) {
        return type->name == logged.name;
    });
    if (found == further.end())
        return error{error_code::not_found,
                     "the recorded world has the actor type " + logged.name +
                         ", which this program did not add: name it when the log is replayed"};
    const actor_type* const type = *found;
    if (auto same = logged.check(*type); !same) return same.error();
    further.erase(found);
    types.push_back(type);
    return type;
}

// ---- to bytes

bool input_encoder::write(const input& what, const type_table& types, byte_writer& to) {
    if (const auto* sent = std::get_if<sent_input>(&what)) return write_sent(*sent, types, to);
    if (const auto* spawned = std::get_if<spawned_input>(&what)) {
        begin(code::spawned, to);
        to.number(spawned->place);
        to.number(spawned->type);
        to.number(spawned->made.bits);
        to.number(static_cast<std::uint32_t>(spawned->block.size()));
        write_content(*types[spawned->type].schema, spawned->block, to);
    } else if (const auto* spread = std::get_if<spread_input>(&what)) {
        begin(code::spread, to);
        to.number(spread->type);
    } else if (const auto* timer = std::get_if<timer_input>(&what)) {
        begin(code::timer, to);
        to.number(timer->due);
        to.number(timer->period);
        to.number(timer->type);
        to.number(timer->target);
        to.number(timer->made.index);
        to.number(timer->made.generation);
        to.number(static_cast<std::uint32_t>(timer->packet.size()));
        write_packet(*timer, types, to);
    } else if (const auto* cancelled = std::get_if<cancelled_input>(&what)) {
        begin(code::cancelled, to);
        to.number(cancelled->timer.index);
        to.number(cancelled->timer.generation);
    } else if (const auto* constant = std::get_if<constant_input>(&what)) {
        begin(code::constant, to);
        to.number(constant->number);
        to.number(constant->hash);
        to.text(constant->type_name);
        to.number(constant->layout_hash);
        to.number(static_cast<std::uint64_t>(constant->block.size()));
        write_content(*constant->type, constant->block, to);
    } else if (const auto* added = std::get_if<type_input>(&what)) {
        begin(code::type, to);
        logged_type::write(*added->type, to);
    }
    return true;
}

void input_encoder::write_content(const schema_node& type, std::span<const std::byte> value,
                                  byte_writer& to) {
    const content_plan& plan = plans_.of(type);
    if (plan.is_plain() && value.size() == plan.size()) return to.bytes(value);
    copy_.assign(value.size(), std::byte{0});
    if (!is_empty(type)) plan.copy(value.data(), copy_.data());
    to.bytes(copy_);
}

bool input_encoder::write_sent(const sent_input& sent, const type_table& types, byte_writer& to) {
    post_head head;
    std::memcpy(&head, sent.post.data(), sizeof head);
    const schema_node* const type = schema_of_post(types, head);
    if (!type) return false;
    begin(code::sent, to);
    to.number(static_cast<std::uint32_t>(sent.post.size()));
    to.bytes(sent.post.first(sizeof head));
    const std::size_t before = bytes_before_message(head);
    if (before > sizeof head) {
        const std::size_t keys = std::size_t{head.actor_key} * sizeof(std::uint32_t);
        to.bytes(sent.post.subspan(sizeof head, keys));
        for (std::size_t i = sizeof head + keys; i < before; ++i) to.number(std::uint8_t{0});
    }
    write_content(*type, sent.post.subspan(before), to);
    return true;
}

void input_encoder::write_packet(const timer_input& timer, const type_table& types,
                                 byte_writer& to) {
    const packet_header header = read_header(timer.packet.data());
    std::size_t before =
        static_cast<std::size_t>(payload_of(timer.packet.data(), header) - timer.packet.data());
    const schema_node* type = nullptr;
    to.bytes(timer.packet.first(before));
    if (timer.type == any_implementor) {
        const trait_packet all = read_trait_packet(timer.packet);
        to.number(all.message_key);
        to.number(static_cast<std::uint32_t>(all.trait_keys.size()));
        for (const std::uint32_t key : all.trait_keys) to.number(key);
        if (all.trait_keys.size() % 2) to.number(std::uint32_t{0});
        before += trait_head_bytes(all.trait_keys.size());
        type = schema_of_message(types, all.message_key);
    } else {
        type = types[timer.type].handlers[header.tag()].schema;
    }
    if (type) return write_content(*type, timer.packet.subspan(before), to);
    // Nobody knows its fields, and nobody gets it yet.
    to.bytes(timer.packet.subspan(before));
}

// ---- from bytes

std::optional<logged_input> read_logged_input(byte_reader& from) {
    std::optional<logged_input> read;
    switch (static_cast<code>(from.number<std::uint8_t>())) {
    case code::sent: read = sent_input{read_counted(from)}; break;
    case code::spawned: {
        spawned_input spawned{};
        spawned.place = from.number<std::uint32_t>();
        spawned.type = from.number<std::uint32_t>();
        spawned.made = raw_id{from.number<std::uint64_t>()};
        spawned.block = read_counted(from);
        read = spawned;
        break;
    }
    case code::spread: read = spread_input{from.number<std::uint32_t>()}; break;
    case code::timer: {
        timer_input timer{};
        timer.due = from.number<std::uint64_t>();
        timer.period = from.number<std::uint64_t>();
        timer.type = from.number<std::uint32_t>();
        timer.target = from.number<std::uint32_t>();
        timer.made.index = from.number<std::uint32_t>();
        timer.made.generation = from.number<std::uint32_t>();
        timer.packet = read_counted(from);
        read = timer;
        break;
    }
    case code::cancelled: {
        cancelled_input cancelled{};
        cancelled.timer.index = from.number<std::uint32_t>();
        cancelled.timer.generation = from.number<std::uint32_t>();
        read = cancelled;
        break;
    }
    case code::constant: {
        constant_input constant{};
        constant.number = from.number<std::uint32_t>();
        constant.hash = from.number<std::uint64_t>();
        constant.type_name = from.text();
        constant.layout_hash = from.number<std::uint64_t>();
        constant.block = from.bytes(from.number<std::uint64_t>());
        read = constant;
        break;
    }
    case code::type: read = logged_type::read(from); break;
    }
    if (from.failed()) return {};
    return read;
}

result<input> input_decoder::read(byte_reader& from, input_bounds& bounds) {
    const error wrong{error_code::bad_data, "an input of the log makes no sense"};
    const auto logged = read_logged_input(from);
    if (!logged) return wrong;
    if (const auto* type = std::get_if<logged_type>(&*logged)) {
        const auto added = bounds.add(*type);
        if (!added) return added.error();
        return input(type_input{*added});
    }
    if (const auto* cancelled = std::get_if<cancelled_input>(&*logged)) return input(*cancelled);
    const auto checked = [&](const auto* what) -> result<input> {
        if (!is_sound(*what, bounds)) return wrong;
        return input(*what);
    };
    if (const auto* sent = std::get_if<sent_input>(&*logged)) return checked(sent);
    if (const auto* spawned = std::get_if<spawned_input>(&*logged)) return checked(spawned);
    if (const auto* spread = std::get_if<spread_input>(&*logged)) return checked(spread);
    if (const auto* timer = std::get_if<timer_input>(&*logged)) return checked(timer);
    constant_input constant = std::get<constant_input>(*logged);
    constant.type = known_constant::find(constant.type_name);
    if (constant.type && constant.type->layout_hash != constant.layout_hash)
        return error{error_code::bad_data, "the layout of the constant type " + constant.type_name +
                                               " is another one than when it was recorded"};
    return checked(&constant);
}

bool input_decoder::is_sound(const schema_node& type, std::span<const std::byte> value,
                             input_bounds& bounds) {
    if (is_empty(type)) return true;
    const content_plan& plan = plans_.of(type);
    if (!plan.is_sound(value.data(), value.data(), value.data() + value.size(), &bounds.constants))
        return false;
    // Whatever means nothing is zero: what a kay::external held would be taken for a pointer.
    copy_.assign(value.size(), std::byte{0});
    plan.copy(value.data(), copy_.data());
    return std::equal(copy_.begin(), copy_.end(), value.begin());
}

bool input_decoder::is_message(const actor_type& type, std::uint32_t tag,
                               std::span<const std::byte> bytes, input_bounds& bounds) {
    return tag < type.handlers.size() && is_sound(*type.handlers[tag].schema, bytes, bounds);
}

bool input_decoder::is_for_implementors(input_bounds& bounds, std::uint32_t message_key,
                                        std::span<const std::byte> message) {
    return std::all_of(bounds.types.begin(), bounds.types.end(), [&](const actor_type* type) {
        const std::uint32_t tag = tag_of(*type, message_key);
        return tag == type->handlers.size() || is_message(*type, tag, message, bounds);
    });
}

bool input_decoder::is_sound(const sent_input& sent, input_bounds& bounds) {
    post_head head;
    if (sent.post.size() < sizeof head) return false;
    std::memcpy(&head, sent.post.data(), sizeof head);
    const std::size_t before = bytes_before_message(head);
    if (sent.post.size() < before) return false;
    const auto message = sent.post.subspan(before);
    if (head.to == to_implementors) return is_for_implementors(bounds, head.message_key, message);
    const auto type = std::find_if(bounds.types.begin(), bounds.types.end(),
                                   [&](const actor_type* t) { return t->key == head.actor_key; });
    return type != bounds.types.end() &&
           is_message(**type, tag_of(**type, head.message_key), message, bounds);
}

bool input_decoder::is_sound(const spawned_input& spawned, input_bounds& bounds) {
    if (spawned.place >= bounds.places || spawned.type >= bounds.types.size()) return false;
    const actor_type& type = *bounds.types[spawned.type];
    return !type.singleton && spawned.block.size() >= type.bytes &&
           (is_empty(*type.schema) || is_sound(*type.schema, spawned.block, bounds));
}

bool input_decoder::is_sound(const spread_input& spread, input_bounds& bounds) {
    return spread.type < bounds.types.size();
}

bool input_decoder::is_sound(const constant_input& constant, input_bounds& bounds) {
    const std::uint32_t number = constant.number, count = bounds.constants.count();
    if (number > count || constant.block.empty() || constant.block.size() % 16) return false;
    if (constant.type && !is_sound(*constant.type, constant.block, bounds)) return false;
    return number < count ? bounds.constants[number] == constant.type_name
                          : bounds.constants.add(constant.type_name);
}

bool input_decoder::is_sound(const timer_input& timer, input_bounds& bounds) {
    if (!is_waiting_packet(timer.type, timer.target, timer.packet, bounds.places)) return false;
    if (timer.type == any_implementor) {
        const trait_packet all = read_trait_packet(timer.packet);
        return is_for_implementors(bounds, all.message_key, all.message);
    }
    return timer.type < bounds.types.size() &&
           is_message(*bounds.types[timer.type], read_header(timer.packet.data()).tag(),
                      waiting_message(timer.packet), bounds);
}

} // namespace kay::detail
