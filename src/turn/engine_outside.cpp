// SPDX-License-Identifier: MIT
//
// What comes into an engine from outside: instances and constants between turns, posts when a turn
// begins.
#include "engine.hpp"
#include "timer_packets.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace kay::detail {
namespace {

error not_added(std::string_view type_name) {
    return {error_code::not_found, "actor type " + std::string(type_name) +
                                       " was not added to this system: call system.add<" +
                                       std::string(type_name) + ">() first"};
}

} // namespace

// ---- between turns

result<void> engine::accepts(raw_id to, std::uint32_t type, std::string_view type_name) const {
    const auto bad = [&](error_code code, const std::string& text) {
        return error{code, std::string(type_name) + '@' + to_string(to) + ' ' + text};
    };
    if (type >= shared_.types.count()) return not_added(type_name);
    if (to.bits == 0) return bad(error_code::invalid_argument, "names nobody");
    if (to.place() >= shared_.places)
        return bad(error_code::invalid_argument,
                   "is from another world: this one has places 0 to " +
                       std::to_string(shared_.places - 1));
    const instance_store* s = places_[to.place()]->store_if_any(type);
    if (!s || s->fate_of(to.slot(), to.generation()) == instance_store::fate::never_issued)
        return bad(error_code::invalid_argument,
                   "is from another world: this one never gave it to anybody");
    return {};
}

std::uint32_t engine::next_spread_place(std::uint32_t type) {
    if (type >= spread_.size()) return 0;
    inputs_.keep([&] { return spread_input{type}; });
    return spread_[type]++ & (shared_.places - 1);
}

result<std::byte*> engine::spawn(std::uint32_t target, std::uint32_t type, std::size_t bytes,
                                 raw_id& made, std::string_view type_name) {
    if (type >= shared_.types.count()) return not_added(type_name);
    if (target >= shared_.places)
        return error{error_code::invalid_argument, no_such_place(target, shared_.places)};
#if defined(__cpp_exceptions)
    try {
        return outside_->spawn_hidden(*places_[target], type, bytes, made);
    } catch (const out_of_memory&) {
        return error{error_code::out_of_memory, "out of memory: no room for another " +
                                                    std::string(shared_.types[type].name) +
                                                    "; raise memory_bytes_max, or spawn less"};
    } catch (const std::bad_alloc&) {
        return error{error_code::out_of_memory, "out of memory"};
    } catch (const slots_exhausted&) {
        return error{error_code::exhausted,
                     std::string(shared_.types[type].name) + " has no ids left in place " +
                         std::to_string(target) + ": use more places, or spawn less"};
    }
#else
    return outside_->spawn_hidden(*places_[target], type, bytes, made);
#endif
}

std::uint32_t engine::keep_constant(std::uint32_t number, std::byte* room, std::size_t bytes,
                                    constant_hash compute, const schema_node* type) {
    const std::uint32_t kept = shared_.constants.keep(number, room, bytes, compute, type);
    inputs_.keep([&] {
        const std::uint64_t hash = shared_.constants.hash_of(kept);
        return constant_input{kept, {room, bytes},           type,
                              hash, std::string(type->name), type->layout_hash};
    });
    return kept;
}

// ---- posts

void engine::take_post(std::span<const std::byte> record) {
    post_head head;
    std::memcpy(&head, record.data(), sizeof head);
    std::span<const std::byte> message = record.subspan(sizeof head);
    if (head.to == to_implementors) {
        const auto keys = read_trait_keys(message.data(), head.actor_key);
        outside_->put_to_implementors(
            keys, head.message_key, 0, shared_.places,
            message.subspan(round_up(keys.size() * sizeof(std::uint32_t), 8)));
        return;
    }
    if (head.actor_key != last_post_.actor_key || head.message_key != last_post_.message_key)
        last_post_ = look_up(head);
    const std::uint32_t type = last_post_.type, tag = last_post_.tag;
    if (type >= shared_.types.count() || tag >= shared_.types[type].handlers.size()) {
        ++outside_->dead_letter_total;
        return;
    }
    if (head.to != to_all) {
        if (raw_id{head.to}.generation() == 0) // nobody
            return outside_->count_dead_letter(type, tag);
        return outside_->put_bytes(raw_id{head.to}, type, tag, message);
    }
    for (std::uint32_t p = 0; p < shared_.places; ++p)
        outside_->put_bytes(raw_id{p, 0, broadcast_slot}, type, tag, message);
}

engine::post_recipient engine::look_up(const post_head& head) const {
    const std::uint32_t type = shared_.types.by_key(head.actor_key);
    const std::uint32_t tag =
        type < shared_.types.count() ? tag_of(shared_.types[type], head.message_key) : ~0u;
    return {head.actor_key, head.message_key, type, tag};
}

} // namespace kay::detail
