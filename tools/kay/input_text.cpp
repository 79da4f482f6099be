// SPDX-License-Identifier: MIT
#include "input_text.hpp"

#include "../../src/persist/log_file.hpp"
#include "../../src/persist/value_text.hpp"

#include <cinttypes>
#include <cstdio>

namespace tool {
namespace {

using kay::detail::saved_field;
using kay::detail::saved_type;
using kay::detail::schema;
using kay::detail::value_kind;

std::string bytes_text(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

/// `Feed`, or `#0123abcd` where nobody has the name.
std::string name_of(const log_types::message* message, std::uint32_t key) {
    if (message) return message->name;
    char text[16];
    std::snprintf(text, sizeof text, "#%08" PRIx32, key);
    return text;
}

std::string recipient_of(const entered_message& m, const log_bounds& world) {
    std::string who;
    if (m.actor) {
        who = m.actor->name;
    } else {
        who = "that receive";
        for (std::size_t i = 0; i < m.trait_keys.size(); ++i)
            who += (i ? ", " : " ") +
                   name_of(world.types.find_message(m.trait_keys[i]), m.trait_keys[i]);
    }
    switch (m.whom) {
    case entered_message::target::one: return who + '@' + to_string(m.id);
    case entered_message::target::all_in_place:
        return "all " + who + " in place " + std::to_string(m.place);
    case entered_message::target::all: break;
    }
    return "all " + who;
}

std::string key_text(kay::detail::timer_key timer) {
    return std::to_string(timer.index) + ':' + std::to_string(timer.generation);
}

} // namespace

std::string text_of(const log_types::actor& type) {
    char layout[32];
    std::snprintf(layout, sizeof layout, "%016" PRIx64, type.layout_hash);
    std::string text = type.name + ", layout " + layout + ", receives ";
    for (std::size_t i = 0; i < type.messages.size(); ++i)
        text += (i ? ", " : "") + type.messages[i].name;
    return text;
}

input_line input_text::line_of(const kay::detail::logged_input& what, const log_bounds& world,
                               const kay::detail::log_identity& log) {
    using namespace kay::detail;
    input_line line;
    if (const auto* sent = std::get_if<sent_input>(&what)) {
        line.text = "message ";
        if (const auto m = message_of(*sent, world)) add_message(line, *m, world);
    } else if (const auto* timer = std::get_if<timer_input>(&what)) {
        line.text = "timer " + key_text(timer->made) + " due in turn " + std::to_string(timer->due);
        if (timer->period) line.text += ", then every " + std::to_string(timer->period);
        line.text += ": ";
        if (const auto m = message_of(*timer, world)) add_message(line, *m, world);
    } else if (const auto* spawned = std::get_if<spawned_input>(&what)) {
        const log_types::actor& type = world.types[spawned->type];
        line.actor = type.name;
        line.text = "spawn " + type.name + '@' + to_string(spawned->made);
        add_fields(line.text, type.name, type.layout_hash, spawned->block);
    } else if (const auto* spread = std::get_if<spread_input>(&what)) {
        line.actor = world.types[spread->type].name;
        line.text = "place chosen for " + line.actor;
    } else if (const auto* cancelled = std::get_if<cancelled_input>(&what)) {
        line.text = "timer " + key_text(cancelled->timer) + " cancelled";
    } else if (const auto* constant = std::get_if<constant_input>(&what)) {
        add_constant(line, *constant, log);
    } else {
        const log_types::actor& added = world.types[world.types.count() - 1];
        line.actor = added.name;
        line.text = "type " + text_of(added);
    }
    return line;
}

void input_text::add_message(input_line& to, const entered_message& m, const log_bounds& world) {
    if (m.actor) to.actor = m.actor->name;
    to.message = name_of(m.message, m.key);
    to.text += to.message + " to " + recipient_of(m, world);
    if (m.message)
        add_fields(to.text, m.message->name, m.message->layout_hash, m.bytes);
    else
        to.text += ": " + bytes_text(m.bytes.size());
}

bool input_text::is_sound(std::uint32_t type, std::span<const std::byte> bytes) {
    auto found = plans_.find(type);
    if (found == plans_.end()) found = plans_.emplace(type, known_->view.plan_for(type)).first;
    return found->second &&
           found->second->is_sound(bytes.data(), bytes.data(), bytes.data() + bytes.size());
}

void input_text::add_fields(std::string& to, const std::string& name, std::uint64_t layout_hash,
                            std::span<const std::byte> bytes) {
    const auto tell_bytes = [&](const char* why) { to += ": " + bytes_text(bytes.size()) + why; };
    if (!known_) return tell_bytes("");
    const schema& types = known_->view.types();
    const auto type = types.find(name);
    if (!type) return tell_bytes("");
    const saved_type& what = types[*type];
    if (what.layout_hash != layout_hash) return tell_bytes(" of another layout");
    if (what.kind == value_kind::structure && what.fields.empty()) return;
    if (!is_sound(*type, bytes)) return tell_bytes(" that make no sense");
    if (what.kind != value_kind::structure) {
        to += ' ';
        return kay::detail::add_text(to, types, *type, bytes.data());
    }
    for (const saved_field& field : what.fields) {
        to += ' ' + field.name + '=';
        kay::detail::add_text(to, types, field.type, bytes.data() + field.offset);
    }
}

/// A snapshot of the same world knows the fields of those that it has.
void input_text::add_constant(input_line& to, const kay::detail::constant_input& constant,
                              const kay::detail::log_identity& log) {
    to.message = constant.type_name;
    to.text = "constant " + std::to_string(constant.number) + ' ' + constant.type_name;
    if (known_ && is_of(log, *known_)) {
        const schema& types = known_->view.types();
        const auto type = types.find(constant.type_name);
        if (type && types[*type].layout_hash == constant.layout_hash &&
            is_sound(*type, constant.block)) {
            to.text += ' ';
            return kay::detail::add_text(to.text, types, *type, constant.block.data());
        }
    }
    to.text += ": " + bytes_text(constant.block.size());
}

} // namespace tool
