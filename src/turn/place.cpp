// SPDX-License-Identifier: MIT
#include "place.hpp"

#include <kay/turn/constant.hpp>

#include <algorithm>
#include <cstring>
#include <exception>

namespace kay::detail {
namespace {

/// Below this many bytes of blocks a store stays in the core's own cache: no prefetching.
constexpr std::size_t cached_bytes = std::size_t{32} << 10;

struct lease_head {
    std::uint32_t source;
    std::uint32_t count;
};

template <class T>
T read(const std::byte* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

} // namespace

std::string no_such_place(std::uint32_t place, std::uint32_t places) {
    const std::string text = "there is no place " + std::to_string(place) + ": ";
    if (place == beside::nobody) return text + "the id is null beside which it should be";
    return text + "this world has places 0 to " + std::to_string(places - 1);
}

place::place(shared_state& shared, std::uint32_t number)
    : shared_(shared), leases_(number, shared.places) {
    place_ = number;
    places_ = open_places_ = shared.places;
    places_log2_ = shared.places_log2;
    turn_ = &shared.turn;
    step_ = shared.step;
    numbers_ = shared.types.numbers();
    lane_rows_ = shared.types.lane_rows();
}

place::~place() {
    for (const inbox_segment& s : incoming) release_spawned(s.type, s.first, s.begin, nullptr);
}

// ---- between turns

void place::lay_out() {
    types_ = shared_.types.count();
    stores_.resize(types_);
    if (statistics_) set_statistics(true);
}

instance_store& place::make_store(std::uint32_t type) {
    const actor_type& record = shared_.types[type];
    stores_[type] = std::make_unique<instance_store>(
        block_traits{record.bytes, record.has_containers, record.release, record.moved},
        shared_.chunks, shared_.epoch, own_slots_of(places_));
    return *stores_[type];
}

void place::make_singleton(std::uint32_t type) {
    instance_store& s = store(type);
    const lease_entry slot = s.take_slot();
    KAY_ASSERT(slot.slot == 0 && slot.generation == 1);
    shared_.types[type].construct(s.create(slot, shared_.types[type].bytes, false));
}

void place::set_statistics(bool on) {
    if (!on) {
        statistics_.reset();
        open_places_ = places_;
        return;
    }
    if (!statistics_) statistics_ = std::make_unique<place_statistics>();
    statistics_->types.resize(types_);
    for (std::uint32_t t = 0; t < types_; ++t) {
        statistics_->types[t].handled.resize(shared_.types[t].handlers.size());
        statistics_->types[t].sent.resize(shared_.types[t].handlers.size());
    }
    open_places_ = 0;
}

std::uint64_t place::hash() const {
    std::uint64_t h = mix(place_ + 1);
    for (std::uint32_t t = 0; t < stores_.size(); ++t) {
        const instance_store* s = stores_[t].get();
        if (!s) continue;
        const actor_type& type = shared_.types[t];
        h = s->hash_slots(combine(h, t));
        for (const instance_store::run& r : s->runs()) {
            h = combine(h, std::uint64_t{r.stride} << 32 | r.count);
            for (std::uint32_t done = 0, k = 0; done < r.count; done += r.rows_per_chunk, ++k) {
                const std::byte* const first = s->chunk_base(r.chunks[k]);
                const std::uint32_t rows = std::min(r.rows_per_chunk, r.count - done);
                h = type.hash_blocks ? type.hash_blocks(first, r.stride, rows, h)
                                     : hash_content(first, r.stride, rows, type.parts, h);
            }
        }
    }
    hasher sink(h);
    leases_.add_to(sink);
    timers_.add_keys_to(sink);
    timers_.each([&](const timer_wheel::entry& t) {
        sink.add(std::uint64_t{t.key.generation} << 32 | t.key.index);
        sink.add(t.due);
        sink.add(t.period);
        sink.add(t.type);
        sink.add(t.target);
        add_packet(sink, t.type, t.packet.data());
    });
    return sink.value();
}

/// By the fields of its message: the bytes between them are nobody's.
void place::add_packet(hasher& sink, std::uint32_t type, const std::byte* packet) const {
    const packet_header header = read_header(packet);
    const std::byte* payload = payload_of(packet, header);
    std::uint32_t tag = header.tag();
    if (type == any_implementor) {
        const auto head = read<trait_head>(payload);
        payload += sizeof head;
        for (std::uint32_t i = 0; i < head.keys; ++i)
            sink.add(read<std::uint32_t>(payload + i * sizeof(std::uint32_t)));
        payload += trait_head_bytes(head.keys) - sizeof head;
        // Any type that receives the message knows its fields.
        tag = ~0u;
        for (type = 0; type < types_; ++type)
            if (tag = tag_of(shared_.types[type], head.message_key);
                tag < shared_.types[type].handlers.size())
                break;
        sink.add(head.message_key);
        if (type == types_) return;
    } else {
        sink.add(header.bits & ~(std::uint64_t{packet_header::words_max} << 54));
    }
    const handler_record& h = shared_.types[type].handlers[tag];
    sink.add(h.hash ? h.hash(payload, 0) : hash_content(payload, 0, 1, h.parts, 0));
}

// ---- timers

void place::fire_timers(place& sender, std::span<const std::unique_ptr<place>> places) {
    timers_.advance(shared_.turn, [&](std::uint32_t type, std::uint32_t target,
                                      std::span<const std::byte> packet, bool repeats) {
        return sender.fire(type, target, packet, repeats, places);
    });
}

/// Sends a timer's packet. False: it would repeat and its target is dead.
bool place::fire(std::uint32_t type, std::uint32_t target, std::span<const std::byte> packet,
                 bool repeats, std::span<const std::unique_ptr<place>> places) {
    const packet_header header = read_header(packet.data());
    if (type == any_implementor) {
        const std::byte* at = payload_of(packet.data(), header);
        const auto head = read<trait_head>(at);
        std::vector<std::uint32_t> keys(head.keys);
        std::memcpy(keys.data(), at + sizeof head, keys.size() * sizeof(std::uint32_t));
        const std::byte* message = at + trait_head_bytes(head.keys);
        const bool everywhere = target == every_place;
        put_to_implementors(keys, head.message_key, everywhere ? 0 : target,
                            everywhere ? places_ : target + 1,
                            {message, packet.data() + packet.size()});
        return true;
    }
    const auto send_to = [&](std::uint32_t where) {
        if (header.is_broadcast()) note_broadcast(where, type);
        std::byte* at = open_packet(where, row_of(type), packet.size(), header);
        std::memcpy(at, packet.data(), packet.size());
    };
    if (target == every_place) {
        for (std::uint32_t p = 0; p < places_; ++p) send_to(p);
        return true;
    }
    if (repeats && target < places_ && !header.is_broadcast()) {
        // No handler runs now, so that other places may be looked at.
        const instance_store* s = places[target]->store_if_any(type);
        if (!s || !s->find(header.slot(), header.generation()).block) {
            count_dead_letter(type, header.tag());
            return false;
        }
    }
    send_to(target);
    return true;
}

// ---- the round

void place::run_round() {
    // Types run in the order of their numbers, each inbox in the order of sources.
    const auto first = [](const inbox_segment& a, const inbox_segment& b) {
        return a.type != b.type ? a.type < b.type : a.source < b.source;
    };
    if (!std::is_sorted(incoming.begin(), incoming.end(), first))
        std::sort(incoming.begin(), incoming.end(), first);
    std::size_t next = 0;
    while (next < incoming.size()) {
        std::size_t end = next + 1;
        while (end < incoming.size() && incoming[end].type == incoming[next].type) ++end;
        run_type({incoming.data() + next, end - next});
        if (failure_) {
            // What was not handled stays to be looked at, and to go on with.
            std::vector<inbox_segment> left;
            reader_.leave(left);
            left.insert(left.end(), incoming.begin() + static_cast<std::ptrdiff_t>(end),
                        incoming.end());
            incoming = std::move(left);
            return;
        }
        next = end;
    }
    incoming.clear();
    incoming_work = 0;
}

void place::run_lonely(const inbox_segment& segment) {
    lane_chunk* const chunk = segment.first;
    const std::byte* const packet = segment.begin;
    const packet_header header = read_header(packet);
    if (chunk->next || packet + whole_bytes(packet, header) != chunk->data() + chunk->used) {
        run_type({&segment, 1});
        if (failure_) reader_.leave(incoming);
        return;
    }
    // A single packet needs no pipeline.
    enter(segment.type);
    const delivery single{packet, store_->find(header.slot(), header.generation())};
    batch one{&single, &single + 1, store_->version()};
    guarded(one, [&] { handle_row(one, header.tag()); });
    if (failure_)
        incoming.push_back(segment);
    else
        chunks_->give(chunk);
    leave();
}

void place::run_type(std::span<const inbox_segment> segments) {
    enter(segments.front().type);
    const bool is_small = store_->count() * shared_.types[running_type_].bytes < cached_bytes;
    if (reader_.open(segments, *chunks_, *store_, !is_small)) {
        guarded(reader_.deliveries(), [&] {
            if (!pending_.empty()) world::after_broadcast();
            for (bool more = true; more && handle(reader_.deliveries()); more = reader_.advance()) {
            }
        });
    } else {
        settle_what_can_be();
    }
    leave();
}

/// The type's last message was skipped: what still finds no room stays on the heap until it changes
/// again.
void place::settle_what_can_be() {
    while (!pending_.empty()) {
#if defined(__cpp_exceptions)
        try {
            world::after_broadcast();
        } catch (...) {
            ++pending_done_;
        }
#else
        world::after_broadcast();
#endif
    }
}

void place::enter(std::uint32_t type) {
    running_type_ = type;
    store_ = &store(type);
    after_ = 0;
    block_ = nullptr;
    block_changes = 0;
    if (statistics_) [[unlikely]]
        entered_ = std::chrono::steady_clock::now();
}

void place::leave() {
    if (statistics_) [[unlikely]]
        statistics_->types[running_type_].nanoseconds += static_cast<std::uint64_t>(
            std::chrono::nanoseconds(std::chrono::steady_clock::now() - entered_).count());
    store_->close_gaps();
    if (!failure_ && leases_.is_grant_due()) grant_leases();
    block_ = nullptr;
    store_ = nullptr;
}

/// Handles packets with the same message, or one of the system's own. False: a handler failed, and
/// was noted.
[[gnu::always_inline]] inline bool place::handle_row(batch& b, std::uint32_t tag) {
    if (tag >= first_control_tag) {
        block_ = nullptr; // no handler runs
        control(b.next->packet);
        ++b.next;
        return true;
    }
    const actor_type& type = shared_.types[running_type_];
    KAY_ASSERT(tag < type.handlers.size());
    begin_row(b, tag);
    type.handlers[tag].run(b, *this, tag);
    end_row(b);
    if (after_ & after_fail) [[unlikely]] {
        note_failure(b, fail_text_, error_code::handler_failed);
        return false;
    }
    return true;
}

/// Handles a batch to its end. False: a handler failed, and was noted.
bool place::handle(batch& b) {
    while (b.next != b.end)
        if (!handle_row(b, read_header(b.next->packet).tag())) return false;
    return true;
}

/// Counts what was handled of the row, if there is one: at its end, or where a handler failed.
void place::end_row(const batch& b) {
    if (row_.tag == no_row) return;
    const auto handled = static_cast<std::uint64_t>(b.next - row_.first + row_.more);
    messages_handled += handled;
    if (statistics_) [[unlikely]]
        statistics_->types[running_type_].handled[row_.tag] += handled;
    row_.tag = no_row;
}

/// Runs `work`, and notes what it throws as the failure of the batch's current message.
template <class F>
void place::guarded(const batch& b, F&& work) {
#if defined(__cpp_exceptions)
    try {
        work();
    } catch (...) {
        note_exception(b);
    }
#else
    static_cast<void>(b);
    work();
#endif
}

#if defined(__cpp_exceptions)
/// What is being caught is the failure of the batch's current message.
void place::note_exception(const batch& b) {
    try {
        throw;
    } catch (const out_of_memory& e) {
        note_failure(b,
                     "out of memory: " + std::to_string(e.bytes_wanted) + " bytes are wanted and " +
                         std::to_string(e.bytes_used) + " of " +
                         (e.bytes_max ? std::to_string(e.bytes_max) : "the machine's") +
                         " are used: raise memory_bytes_max, or spawn less",
                     error_code::out_of_memory);
    } catch (const std::bad_alloc&) {
        note_failure(b, "out of memory", error_code::out_of_memory);
    } catch (const slots_exhausted&) {
        note_failure(b, "this type has no ids left in a place: use more places, or spawn less",
                     error_code::exhausted);
    } catch (const std::exception& e) {
        note_failure(b, e.what(), error_code::handler_failed);
    } catch (...) {
        note_failure(b, "an exception that is no std::exception", error_code::handler_failed);
    }
}
#endif

/// Whose handler failed, or whose block found no room after a broadcast. Null in the system's own
/// packets.
raw_id place::failing_actor() const {
    if (after_ & after_fail) return fail_actor_;
    if (block_ || pending_done_ == pending_.size()) return current_id();
    const std::uint32_t slot = pending_[pending_done_] & ~dies_mark;
    return raw_id{place_, store_->generation_of(slot), slot};
}

void place::note_failure(const batch& b, std::string text, error_code code) {
    end_row(b);
    const actor_type& type = shared_.types[running_type_];
    const std::uint32_t tag = read_header(b.next->packet).tag();
    handler_failure f;
    f.place = place_;
    f.actor_type = type.name;
    f.actor = failing_actor();
    f.message_type = tag < type.handlers.size() ? std::string(type.handlers[tag].name) : "(spawn)";
    f.text = std::move(text);
    f.code = code;
    // The block may have outgrown itself before the handler failed; blocks are whole between
    // handlers.
    if (type.has_containers && block_ && f.actor.bits)
        if (type.is_spilled(block_)) pending_.push_back(f.actor.slot());
    failure_ = std::move(f);
    after_ = 0;
    block_changes = 0;
#if defined(__cpp_exceptions)
    try {
        world::after_broadcast();
    } catch (...) { // still no memory: pending_ keeps what is left for the next attempt
    }
#else
    world::after_broadcast();
#endif
}

void place::count_dead_letter(std::uint32_t type, std::uint32_t tag) {
    ++dead_letter_total;
    if (dead_letters.size() <= type) dead_letters.resize(types_);
    auto& tags = dead_letters[type];
    if (tags.size() <= tag) tags.resize(shared_.types[type].handlers.size());
    ++tags[tag];
}

void place::skip_failed_message() {
    KAY_ASSERT(!incoming.empty());
    inbox_segment& s = incoming.front();
    const std::byte* const end = s.begin + whole_bytes(s.begin, read_header(s.begin));
    release_if_spawn(s.type, s.begin);
    s.begin = end;
}

// ---- packets of the system's own

void place::control(const std::byte* packet) {
    const packet_header header = read_header(packet);
    const std::byte* payload = payload_of(packet, header);
    switch (header.tag()) {
    case reveal_tag: store_->reveal(payload, header.words() - 1); break;
    case spawn_tag: {
        const auto head = read<spawn_head>(payload);
        const lease_entry slot{header.slot(), header.generation()};
        leases::account& account = leases_.account_of(head.source, running_type_);
        std::byte* block = store_->create(slot, head.bytes, false);
        std::memcpy(block, payload + sizeof head, head.bytes);
        leases_.note_spawn(account, slot);
        break;
    }
    default: {
        KAY_ASSERT(header.tag() == lease_tag);
        const auto head = read<lease_head>(payload);
        std::vector<lease_entry> granted(head.count);
        std::memcpy(granted.data(), payload + sizeof head, head.count * sizeof(lease_entry));
        leases_.receive(head.source, running_type_, granted);
        break;
    }
    }
}

/// Whoever spawned here in this round gets slots for the next ones.
void place::grant_leases() {
    const auto bytes_for = [](std::size_t count) {
        return sizeof(lease_head) + count * sizeof(lease_entry);
    };
    const auto grant = [&](std::uint32_t source, std::uint32_t count) {
        make_room(outbox_->lane_to(source, running_type_), packet_bytes(bytes_for(count)));
        std::vector<lease_entry> granted;
        store_->lease(count, granted);
        if (granted.empty()) return 0u;
        const lease_head head{place_, static_cast<std::uint32_t>(granted.size())};
        std::byte* payload;
        put_control(source, running_type_, lease_tag, bytes_for(granted.size()), payload);
        std::memcpy(payload, &head, sizeof head);
        std::memcpy(payload + sizeof head, granted.data(), granted.size() * sizeof(lease_entry));
        return head.count;
    };
    leases_.grant([&](std::uint32_t source, std::uint32_t count) {
#if defined(__cpp_exceptions)
        try {
            return grant(source, count);
        } catch (...) { // out of memory: it takes striped slots, then
            return 0u;
        }
#else
        return grant(source, count);
#endif
    });
}

void place::put_control(std::uint32_t target, std::uint32_t type, std::uint32_t tag,
                        std::size_t bytes, std::byte*& payload, std::uint32_t slot,
                        std::uint32_t generation) {
    const std::size_t whole = packet_bytes(bytes);
    payload = begin_packet(open_in_lane(target, row_of(type), whole), slot, generation, tag, whole);
}

void place::put_bytes(raw_id to, std::uint32_t type, std::uint32_t tag,
                      std::span<const std::byte> message) {
    const std::size_t bytes = packet_bytes(message.size());
    const auto header = packet_header::make(to.slot(), to.generation(), tag, 0);
    if (header.is_broadcast()) note_broadcast(to.place(), type);
    std::byte* at = open_packet(to.place(), row_of(type), bytes, header);
    std::memcpy(begin_packet(at, to.slot(), to.generation(), tag, bytes), message.data(),
                message.size());
}

void place::put_to_implementors(std::span<const std::uint32_t> trait_keys,
                                std::uint32_t message_key, std::uint32_t first, std::uint32_t end,
                                std::span<const std::byte> message) {
    for (const implementor_entry& e : implementors(trait_keys, message_key))
        for (std::uint32_t p = first; p < end; ++p)
            put_bytes(raw_id{p, 0, broadcast_slot}, e.type, e.tag, message);
}

std::optional<std::string> place::take_fail_text() {
    if (!(after_ & after_fail)) return std::nullopt;
    after_ = 0;
    return std::move(fail_text_);
}

void place::release_if_spawn(std::uint32_t type, const std::byte* packet) const {
    const packet_header header = read_header(packet);
    const auto release = shared_.types[type].release;
    if (release && header.tag() == spawn_tag)
        release(const_cast<std::byte*>(payload_of(packet, header)) + sizeof(spawn_head));
}

void place::release_spawned(std::uint32_t type, lane_chunk* first, const std::byte* begin,
                            const std::byte* end_of_last) const {
    if (!shared_.types[type].release) return;
    for_each_packet(first, begin, end_of_last,
                    [&](const std::byte* packet) { release_if_spawn(type, packet); });
}

// ---- spawning

std::byte* place::scratch(std::size_t bytes) {
    scratch_.resize((bytes + 15) / 16);
    return reinterpret_cast<std::byte*>(scratch_.data());
}

// ---- blocks

/// Gives an instance a block that fits: larger when its containers spilled, smaller when less than
/// half of the block would do.
void place::settle_block(std::uint32_t slot) {
    const actor_type& type = shared_.types[running_type_];
    if (!type.has_containers) return;
    std::byte* block = store_->block_of(slot);
    const std::size_t room = store_->block_bytes(slot);
    const bool spilled = type.is_spilled(block);
    std::size_t wanted = type.wanted_bytes(block);
    if (!spilled) {
        wanted += (wanted - std::min<std::size_t>(wanted, type.bytes)) / 4;
        if (size_class_bytes(size_class_of(wanted)) > room / 2) return;
    }
    const std::size_t fitting = size_class_bytes(size_class_of(wanted));
    if (fitting > room || fitting <= room / 2) {
        std::byte* larger = store_->begin_move(slot, wanted);
        type.pack_move(store_->block_of(slot), larger, fitting); // others may have moved
        store_->finish_move(slot);
    } else {
        std::byte* copy = scratch(room);
        type.pack_move(block, copy, room);
        std::memcpy(block, copy, room);
    }
    if (block_ == block) block_ = nullptr;
}

} // namespace kay::detail
