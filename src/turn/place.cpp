// SPDX-License-Identifier: MIT
#include "place.hpp"

#include "control_packets.hpp"

#include <algorithm>
#include <cstring>

namespace kay::detail {
namespace {

/// Below this many bytes of blocks a store stays in the core's own cache: no prefetching.
constexpr std::size_t cached_bytes = std::size_t{32} << 10;

} // namespace

std::string no_such_place(std::uint32_t place, std::uint32_t places) {
    const std::string text = "there is no place " + std::to_string(place) + ": ";
    if (place == beside::nobody) return text + "the id is null beside which it should be";
    return text + "this world has places 0 to " + std::to_string(places - 1);
}

place::place(shared_state& shared, std::uint32_t number)
    : shared_(shared), timers_(shared.chunks, shared.epoch), leases_(number, shared.places) {
    place_ = number;
    places_ = open_places_ = shared.places;
    places_log2_ = shared.places_log2;
    turn_ = &shared.turn;
    step_ = shared.step;
    numbers_ = shared.types.numbers();
    lane_rows_ = shared.types.lane_rows();
}

place::~place() {
    for (const inbox_segment& s : incoming)
        release_spawned(shared_.types[s.type], s.first, s.begin, nullptr);
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
    const delivery single{packet, store_->find_to_handle(header.slot(), header.generation())};
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
        note_failure(b, {fail_text_, error_code::handler_failed});
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

/// Runs `work`, and notes what it throws as the failure of the batch's current message.
template <class F>
void place::guarded(const batch& b, F&& work) {
#if defined(__cpp_exceptions)
    try {
        work();
    } catch (...) {
        note_failure(b, reason_of_exception());
    }
#else
    static_cast<void>(b);
    work();
#endif
}

std::byte* place::scratch(std::size_t bytes) {
    scratch_.resize((bytes + 15) / 16);
    return reinterpret_cast<std::byte*>(scratch_.data());
}

void place::count_dead_letter(std::uint32_t type, std::uint32_t tag) {
    ++dead_letter_total;
    if (dead_letters.size() <= type) dead_letters.resize(types_);
    auto& tags = dead_letters[type];
    if (tags.size() <= tag) tags.resize(shared_.types[type].handlers.size());
    ++tags[tag];
}

// ---- blocks

/// Gives an instance a block that fits: larger when its containers spilled, smaller when less than
/// half of the block would do.
void place::settle_block(std::uint32_t slot) {
    const actor_type& type = shared_.types[running_type_];
    if (!type.has_containers || !store_->may_move()) return;
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
