// SPDX-License-Identifier: MIT
//
// What a handler's world does out of line: the rare paths of sending, spawning, timers, and what is
// left to do when a handler has returned.
#include <kay/turn/world.hpp>

#include "control_packets.hpp"
#include "place.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace kay {

using detail::place;

namespace {
place& self(world& w) { return static_cast<place&>(w); }
const place& self(const world& w) { return static_cast<const place&>(w); }
} // namespace

void world::fail(std::string_view text) {
    after_ |= after_fail;
    self(*this).fail_text_ = text;
    self(*this).fail_actor_ = current_id(); // now: its block may move before this is told
}

std::uint16_t world::unknown_type(std::string_view name) {
    fail("actor type " + std::string(name) + " was not added to this system: call system.add<" +
         std::string(name) + ">() first");
    return detail::no_type;
}

void world::make_room(detail::lane& l, std::size_t bytes) {
    place& p = self(*this);
    p.outbox_->make_room(l, bytes, *p.chunks_);
}

void world::make_room_everywhere(std::uint32_t type, std::size_t bytes) {
    if (type >= types_) return;
    for (std::uint32_t p = 0; p < places_; ++p) make_room(self(*this).lane_to(p, type), bytes);
}

/// The lane's last chunk is full, or there is none yet.
std::byte* world::open_slowly(std::uint32_t target, std::uint32_t row, std::size_t bytes,
                              detail::packet_header header, name_function name) {
    place& p = self(*this);
    if (target >= open_places_ || row == detail::no_lane_row) [[unlikely]]
        return open_closed(target, row, bytes, header, name);
    return p.outbox_->open_in_new_chunk(lanes_[row + target], bytes, *p.chunks_);
}

/// The type was not added, the target is no place of this world, or sends are counted.
std::byte* world::open_closed(std::uint32_t target, std::uint32_t row, std::size_t bytes,
                              detail::packet_header header, name_function name) {
    place& p = self(*this);
    if (row == detail::no_lane_row) {
        if (name) unknown_type(name());
        return p.scratch(bytes);
    }
    const std::uint32_t type = p.outbox_->type_of(row);
    if (p.statistics_) ++p.statistics_->types[type].sent[header.tag()];
    if (target < places_) return open_in_lane(target, row, bytes);
    p.for_others.push_back({raw_id{target, header.generation(), header.slot()}, type, {}});
    p.for_others.back().packet.resize(bytes);
    return p.for_others.back().packet.data();
}

std::byte* world::open_in_lane(std::uint32_t target, std::uint32_t row, std::size_t bytes) {
    place& p = self(*this);
    detail::lane& l = lanes_[row + target];
    if (static_cast<std::size_t>(l.end - l.cursor) < bytes)
        return p.outbox_->open_in_new_chunk(l, bytes, *p.chunks_);
    return std::exchange(l.cursor, l.cursor + bytes);
}

void world::note_broadcast(std::uint32_t target, std::uint32_t type) {
    self(*this).outbox_->broadcasts.push_back({target, type});
}

std::uint32_t world::implementor(std::uint32_t actor_key, std::uint32_t message_key,
                                 std::uint32_t& tag) {
    place& p = self(*this);
    const std::uint32_t type = p.shared_.types.by_key(actor_key);
    if (type != detail::no_type) {
        tag = detail::tag_of(p.shared_.types[type], message_key);
        if (tag < p.shared_.types[type].handlers.size()) return type;
    }
    ++p.dead_letter_total; // null, or an id that was made from foreign text
    return detail::no_type;
}

world::implementor_list world::implementors(std::span<const std::uint32_t> message_keys,
                                            std::uint32_t message_key) {
    place& p = self(*this);
    std::uint64_t key = message_key;
    for (std::uint32_t k : message_keys) key = combine(key, k);
    auto& list = p.implementors_[combine(key, types_)];
    if (list.empty())
        for (std::uint32_t t = 0; t < types_; ++t) {
            const detail::actor_type& type = p.shared_.types[t];
            const std::uint32_t tag = detail::tag_of(type, message_key);
            if (tag < type.handlers.size() && detail::receives(type, message_keys))
                list.push_back({t, tag});
        }
    return list;
}

std::byte* world::begin_spawn(std::uint32_t target, std::uint32_t type, std::size_t bytes,
                              raw_id& made) {
    place& p = self(*this);
    if (type >= types_) return p.scratch(bytes);
    if (target >= places_) {
        fail(detail::no_such_place(target, places_));
        return p.scratch(bytes);
    }
    if (target == place_) return p.spawn_hidden(p, type, bytes, made);
    const detail::lease_entry slot = p.leases_.peek(target, type);
    std::byte* const packet = open_in_lane(target, row_of(type), detail::spawn_packet_bytes(bytes));
    p.leases_.take(target, type);
    made = raw_id{target, slot.generation, slot.slot};
    return detail::begin_spawn_packet(packet, slot, place_, bytes);
}

random_stream world::random() {
    place& p = self(*this);
    if (p.draws_turn_ != *turn_) {
        p.draws_turn_ = *turn_;
        p.draws_ = 0;
    }
    return random_stream(combine(p.shared_.seed, *turn_), current_id().bits, p.draws_++);
}

bool world::cancel(timer_id timer) {
    if (timer.place != place_) return false;
    place& p = self(*this);
    const detail::timer_key key{timer.index, timer.generation};
    if (!p.timers_.cancel(key)) return false;
    if (p.inputs) p.inputs->keep([&] { return detail::cancelled_input{key}; });
    return true;
}

std::byte* world::timer_scratch(std::size_t bytes) { return self(*this).scratch(bytes); }

timer_id world::start_timer(std::uint64_t delay, std::uint64_t period, std::uint32_t target,
                            std::uint32_t type, std::size_t bytes) {
    place& p = self(*this);
    if (type >= types_ && type != detail::any_implementor) return {};
    const std::uint64_t sum = *turn_ + std::max<std::uint64_t>(delay, 1);
    const std::uint64_t due = sum < delay ? ~std::uint64_t{0} : sum;
    const std::span<const std::byte> packet(p.scratch(bytes), bytes);
    p.timers_.reach(*turn_);
    const auto key = p.timers_.add(due, period, type, target, packet);
    if (p.inputs)
        p.inputs->keep([&] { return detail::timer_input{due, period, type, target, key, packet}; });
    return {place_, key.index, key.generation};
}

std::uint64_t world::turns_in(std::chrono::nanoseconds time) const {
    if (time <= step_) return 1;
    return static_cast<std::uint64_t>((time - std::chrono::nanoseconds(1)) / step_) + 1;
}

const std::byte* world::constant_block(std::uint32_t number) const {
    const auto& constants = self(*this).shared_.constants;
    if (number < constants.count()) {
        const std::byte* const block = constants.block(number);
        if (constants.block_if_read(number)) [[likely]]
            return block;
#if defined(__cpp_exceptions)
        throw std::runtime_error("a kay::constant could not be read from the world's file");
#else
        return block;
#endif
    }
#if defined(__cpp_exceptions)
    throw std::out_of_range("a kay::constant that is null, or of another world, was read");
#else
    KAY_ASSERT(number < constants.count());
    return nullptr;
#endif
}

raw_id world::current_id() const {
    if (!block_) return {};
    const detail::packet_header header = detail::read_header(deliveries_->next->packet);
    if (!header.is_broadcast()) return {place_, header.generation(), header.slot()};
    const std::uint32_t slot = store_->slot_at(chunk_, detail::offset_in_chunk(block_));
    return raw_id{place_, store_->generation_of(slot), slot};
}

void world::log(log_level level, std::string_view text) const {
    if (!log_enabled(level)) return;
    const place& p = self(*this);
    const std::string actor = block_ ? to_string(current_id()) : std::string();
    write_log(level, *turn_, block_ ? p.shared_.types[p.running_type_].name : std::string_view(),
              actor, text);
}

// ---- after a handler

bool world::after_handler() {
    place& p = self(*this);
    const detail::packet_header header = detail::read_header(deliveries_->next->packet);
    if (header.is_broadcast()) {
        after_in_broadcast();
        if (after_ & after_fail) after_broadcast();
        return after_ & after_fail;
    }
    const bool changed = detail::block_changes != 0;
    detail::block_changes = 0;
    if (after_ & after_die && !(after_ & after_fail)) {
        after_ = 0;
        if (!p.shared_.types[p.running_type_].singleton) {
            block_ = nullptr;
            store_->destroy(header.slot());
            return false;
        }
        fail("a singleton cannot die");
    }
    if (changed) p.settle_block(header.slot());
    return after_ & after_fail;
}

/// What dies or outgrows its block does so when all have had the message.
void world::after_in_broadcast() {
    place& p = self(*this);
    const std::uint32_t slot = store_->slot_at(chunk_, detail::offset_in_chunk(block_));
    if (after_ & after_die && p.shared_.types[p.running_type_].singleton)
        fail("a singleton cannot die");
    const bool dies = (after_ & after_die) && !(after_ & after_fail);
    if (dies || detail::block_changes) p.pending_.push_back(slot | (dies ? place::dies_mark : 0));
    after_ &= ~after_die;
    detail::block_changes = 0;
}

void world::after_broadcast() {
    place& p = self(*this);
    block_ = nullptr; // what it points at may move, or go with its chunk
    // Front to back: in the order in which the broadcast reached them.
    while (p.pending_done_ < p.pending_.size()) {
        const std::uint32_t entry = p.pending_[p.pending_done_];
        if (entry & place::dies_mark)
            store_->destroy(entry & ~place::dies_mark);
        else
            p.settle_block(entry);
        ++p.pending_done_; // not before: an attempt without memory is made again
    }
    p.pending_.clear();
    p.pending_done_ = 0;
}

// ---- who gets a packet

detail::recipients world::find_recipients(detail::packet_header header) {
    place& p = self(*this);
    if (header.is_broadcast()) {
        store_->close_gaps();
        // Handlers may add runs, all hidden.
        std::size_t bytes = 0;
        for (const detail::instance_store::run& r : store_->runs())
            bytes += std::size_t{r.visible} * r.stride;
        p.walk_ = {.run_count = store_->runs().size(),
                   .is_near = bytes <= place::near_bytes_max / p.shared_.places};
        after_ |= after_walk;
        return next_recipients();
    }
    const detail::block_address at = store_->find_to_handle(header.slot(), header.generation());
    if (at.block) return {.first = at.block, .last = at.block, .chunk = at.chunk};
    --p.row_.more; // it is among those that the row counts
    p.count_dead_letter(p.running_type_, header.tag());
    return {};
}

detail::recipients world::next_recipients() {
    if (!(after_ & after_walk)) return {}; // it was a single message
    place& p = self(*this);
    place::walk& at = p.walk_;
    for (;;) {
        while (at.left == 0) {
            if (at.next_run == at.run_count) {
                after_ &= ~after_walk;
                // One message for each instance; the row counts one of them.
                p.row_.more += static_cast<std::int64_t>(store_->count()) - 1;
                after_broadcast();
                return {};
            }
            at.left = store_->run_at(at.next_run++).visible;
            at.next_chunk = 0;
        }
        const detail::instance_store::run& r = store_->run_at(at.next_run - 1);
        const std::uint32_t rows = std::min(at.left, r.rows_per_chunk);
        at.left -= rows;
        const std::uint32_t chunk = r.chunks[at.next_chunk++];
        std::byte* const first = store_->chunk_base(chunk);
        if (store_->chunks().is_unread(chunk)) [[unlikely]] // who lived there is lost
            continue;
        return {.first = first,
                .last = first + std::size_t{rows - 1} * r.stride,
                .stride = r.stride,
                .ahead = at.is_near ? 0 : detail::recipients::ahead_at(r.stride),
                .chunk = chunk};
    }
}

} // namespace kay
