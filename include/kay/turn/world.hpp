// SPDX-License-Identifier: MIT
//
// kay::world: the part of the actor system that a handler may use. There is one for each place; a
// handler gets that of its own place, uses it while it runs and keeps no reference to it.
#pragma once

#include <kay/core/duration.hpp>
#include <kay/core/id.hpp>
#include <kay/core/log.hpp>
#include <kay/core/random.hpp>
#include <kay/memory/block.hpp>
#include <kay/message/actor_type.hpp>
#include <kay/message/lane.hpp>
#include <kay/message/messages.hpp>
#include <kay/message/packet.hpp>
#include <kay/store/instance_store.hpp>
#include <kay/turn/constant.hpp>
#include <kay/turn/timer.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace kay {

/// Where a new actor is to live.
struct in_place {
    std::uint32_t number;
};

/// In the place of another actor.
struct beside {
    static constexpr std::uint32_t nobody = ~0u;
    std::uint32_t number;

    template <class A>
    constexpr beside(const id<A>& actor) : number(actor ? actor.place() : nobody) {}
};

namespace detail {

class place;
struct dispatch;

/// Deduced, so that a state in braces is never taken for one.
template <class T>
concept spot = std::same_as<T, in_place> || std::same_as<T, beside>;

/// Nobody has added this type.
inline constexpr std::uint16_t no_type = 0xffff;

/// Instead of a type, in timers: every type that receives the messages of a trait.
inline constexpr std::uint16_t any_implementor = 0xfffe;

/// Instead of a place, in timers: all of them.
inline constexpr std::uint32_t every_place = ~0u;

/// Begins the payload of a timer for any_implementor; the keys of the trait's messages follow, then
/// the message.
struct trait_head {
    std::uint32_t message_key;
    std::uint32_t keys;
};
constexpr std::size_t trait_head_bytes(std::size_t keys) {
    return sizeof(trait_head) + (keys * sizeof(std::uint32_t) + 7) / 8 * 8;
}

template <class M>
std::size_t content_bytes_of(const M& message) {
    if constexpr (has_containers<M>)
        return packed_bytes(message);
    else
        return std::is_empty_v<M> ? 0 : sizeof(M);
}

template <class M>
inline constexpr std::size_t payload_bytes = std::is_empty_v<M> ? 0 : sizeof(M);

/// M may be sent.
template <class M>
inline constexpr bool is_message = false;
template <sendable M>
inline constexpr bool is_message<M> = sizeof(M) <= message_bytes_max && alignof(M) <= 8;

/// What can be wrong with a message type, told one thing at a time.
template <class M>
constexpr void require_message() {
    kay::require_sendable<M>();
    if constexpr (sendable<M>)
        static_assert(sizeof(M) <= message_bytes_max,
                      "kay: this message is too large (4096 bytes are allowed): put what is long "
                      "into a kay::vector, or share it as a kay::constant");
}

} // namespace detail

class world {
public:
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    /// Sends a message to one actor: it is handled in the next round. One that is dead by then is
    /// counted as a dead letter. Cost: an append of 8 bytes and the message.
    template <class A, class M>
    void send(const id<A>& to, const M& message) {
        if constexpr (detail::is_trait<A>) {
            send_to_trait(to, message);
        } else {
            constexpr std::uint32_t tag = detail::checked_tag<A, M>();
            put(to.place(), lane_row_of<A>(), to.slot(), to.generation(), tag, message,
                &type_name<A>);
        }
    }
    template <class A, class M>
    void send(the_one<A>, const M& message) {
        static_assert(detail::is_singleton<A>,
                      "kay: kay::the<A> needs `static constexpr bool singleton = true` in A");
        send(id<A>(the<A>), message);
    }

    /// To every instance of A, or of every implementor of a trait, that lives when the message is
    /// handled. Cost: one packet for each place.
    template <class A, class M>
    void send(all_of<A>, const M& message) {
        detail::require_message<M>();
        if constexpr (detail::is_message<M>) {
            // First the room, so that it reaches all or, without memory, nobody.
            const std::size_t bytes = detail::packet_bytes(detail::content_bytes_of(message));
            const auto make_room = [&](std::uint32_t type, std::uint32_t) {
                make_room_everywhere(type, bytes);
            };
            const auto put_all = [&](std::uint32_t type, std::uint32_t tag) {
                for (std::uint32_t p = 0; p < places_; ++p) put_broadcast(p, type, tag, message);
            };
            if constexpr (detail::is_trait<A>) {
                for_each_implementor<A, M>(make_room);
                for_each_implementor<A, M>(put_all);
            } else {
                constexpr std::uint32_t tag = detail::checked_tag<A, M>();
                const std::uint32_t type = known_number_of<A>();
                make_room(type, tag);
                put_all(type, tag);
            }
        }
    }
    template <class A, class M>
    void send(everywhere_of<A>, const M& message) {
        send(all<A>, message); // peers subscribe in layer link
    }

    /// To every instance in this place.
    template <class A, class M>
    void send(local_of<A>, const M& message) {
        if constexpr (detail::is_trait<A>) {
            for_each_implementor<A, M>([&](std::uint32_t type, std::uint32_t tag) {
                put_broadcast(place_, type, tag, message);
            });
        } else {
            put_broadcast(place_, known_number_of<A>(), detail::checked_tag<A, M>(), message);
        }
    }

    /// Makes an actor in this place and returns its id at once. Whatever is sent to the id finds
    /// it.
    template <class A>
    id<A> spawn(A state = {}) {
        return spawn<A>(in_place{place_}, std::move(state));
    }
    template <class A>
    id<A> spawn(beside other, A state) {
        return spawn<A>(in_place{other.number}, std::move(state));
    }
    template <class A, detail::spot Spot>
    id<A> spawn(Spot where) {
        return spawn<A>(where, A{});
    }
    template <class A>
    id<A> spawn(in_place where, A state) {
        static_assert(!detail::is_singleton<A>, "kay: a singleton is made when its type is added");
        std::byte* block;
        raw_id made;
        if constexpr (detail::has_containers<A>) {
            const std::size_t bytes = detail::packed_bytes(state);
            block = begin_spawn(where.number, known_number_of<A>(), bytes, made);
            detail::pack_move(state, block, bytes);
        } else {
            block = begin_spawn(where.number, known_number_of<A>(), sizeof(A), made);
            std::memcpy(block, static_cast<const void*>(&state), sizeof(A));
            detail::release(state);
        }
        return id<A>{made};
    }

    /// The actor whose handler runs dies when the handler returns (in a broadcast, after it).
    void die() { after_ |= after_die; }

    /// The handler gives up: the turn ends with an error that names actor, message and text. What
    /// the handler did so far stays. Works without exceptions too.
    void fail(std::string_view text);

    /// The id of the actor whose handler runs; `self` is *this there.
    template <class A>
    id<A> id_of(const A& self) const {
        KAY_ASSERT(reinterpret_cast<const std::byte*>(&self) == block_);
        return id<A>{current_id()};
    }

    /// Number of this turn, from 1 on.
    std::uint64_t turn() const { return *turn_; }
    /// Simulated time: turns times the step of the system.
    std::chrono::nanoseconds now() const { return step_ * static_cast<std::int64_t>(*turn_); }
    /// Simulated time from one turn to the next.
    std::chrono::nanoseconds step() const { return step_; }

    std::uint32_t place_number() const { return place_; }
    std::uint32_t place_count() const { return places_; }

    /// Random numbers of the actor whose handler runs: a stream for each call that depends on the
    /// seed, the actor, the turn and how often this place has asked in this turn; not on workers.
    random_stream random();

    /// Sends a message when so many turns, or so much simulated time, have gone by; in the order of
    /// turn, place and call, before anything from outside. `to` as in send. The timer is the
    /// place's: it outlives the actor that set it, and repeating ones end when their target is
    /// found dead.
    template <class To, class M>
    timer_id after(turns delay, const To& to, const M& message) {
        return add_timer(delay.count, 0, to, message);
    }
    template <class To, class M>
    timer_id after(std::chrono::nanoseconds delay, const To& to, const M& message) {
        return add_timer(turns_in(delay), 0, to, message);
    }
    template <class To, class M>
    timer_id every(turns period, const To& to, const M& message) {
        const std::uint64_t count = period.count ? period.count : 1;
        return add_timer(count, count, to, message);
    }
    template <class To, class M>
    timer_id every(std::chrono::nanoseconds period, const To& to, const M& message) {
        return add_timer(turns_in(period), turns_in(period), to, message);
    }
    /// Ends a timer of this place. False when it has fired, was cancelled, or is another place's.
    bool cancel(timer_id timer);

    /// What a constant holds. Any place may read it at any time. Throws std::out_of_range for one
    /// that is null or of another world, so that the handler fails (stops where there are no
    /// exceptions).
    template <class T>
    const T& operator[](const constant<T>& c) const {
        static_cast<void>(&detail::known_constant_of<T>);
        return *reinterpret_cast<const T*>(constant_block(c.number()));
    }

    /// Writes a line to the log, stamped with the turn and the actor whose handler runs.
    void log(log_level level, std::string_view text) const;

protected:
    world() = default;
    ~world() = default;

    /// Number of type A in this world; no_type when it was not added.
    template <class A>
    std::uint32_t number_of() const {
        // Partner: type_table. A thread that knows A got it after the number was stored.
        return numbers_[detail::process_index_of<A>.load(std::memory_order_relaxed)];
    }
    /// The same, telling when A was not added: for what handlers send and spawn.
    template <class A>
    std::uint32_t known_number_of() {
        const std::uint16_t number =
            numbers_[detail::process_index_of<A>.load(std::memory_order_relaxed)];
        if (number == detail::no_type) [[unlikely]]
            return unknown_type(type_name<A>());
        return number;
    }

private:
    friend class detail::place;
    friend struct detail::dispatch;
    friend class actor_system;

    static constexpr std::uint32_t after_die = 1;
    static constexpr std::uint32_t after_fail = 2;
    /// A broadcast goes on to the next instance. Beyond what counts changes of blocks.
    static constexpr std::uint32_t after_walk = 1u << 31;

    /// Tells a type's name, when it is needed to say that the type was not added.
    using name_function = std::string_view (*)();

    /// The type's row of lanes; the one without room when it was not added.
    template <class A>
    std::uint32_t lane_row_of() const {
        // Partner: type_table. A thread that knows A got it after the row was stored.
        return lane_rows_[detail::process_index_of<A>.load(std::memory_order_relaxed)];
    }
    std::uint32_t row_of(std::uint32_t type) const {
        return type < types_ ? detail::lane_row(type, places_log2_) : detail::no_lane_row;
    }

    /// Room for a packet in the lane to a place. The path of every message.
    std::byte* open_packet(std::uint32_t target, std::uint32_t row, std::size_t bytes,
                           detail::packet_header header, name_function name = nullptr) {
        if (target < open_places_) [[likely]] {
            detail::lane& l = lanes_[row + target];
            std::byte* const at = l.cursor;
            if (static_cast<std::size_t>(l.end - at) >= bytes) [[likely]] {
                l.cursor = at + bytes;
                return at;
            }
        }
        return open_slowly(target, row, bytes, header, name);
    }

    template <class M>
    void put(std::uint32_t target, std::uint32_t row, std::uint32_t slot, std::uint32_t generation,
             std::uint32_t tag, const M& message, name_function name = nullptr) {
        detail::require_message<M>();
        if constexpr (detail::is_message<M>) {
            if constexpr (detail::has_containers<M>) {
                const std::size_t content = detail::packed_bytes(message);
                const std::size_t bytes = detail::packet_bytes(content);
                const auto header = detail::packet_header::make(slot, generation, tag, 0);
                std::byte* at = open_packet(target, row, bytes, header, name);
                detail::pack_copy(message, detail::begin_packet(at, slot, generation, tag, bytes));
            } else {
                constexpr std::size_t content = detail::payload_bytes<M>;
                constexpr std::size_t bytes = detail::packet_bytes(content);
                const auto header = detail::packet_header::make(slot, generation, tag, bytes / 8);
                std::byte* at = open_packet(target, row, bytes, header, name);
                std::memcpy(at, &header, sizeof header);
                if constexpr (content > 0) std::memcpy(at + 8, &message, content);
            }
        }
    }
    template <class M>
    void put_broadcast(std::uint32_t target, std::uint32_t type, std::uint32_t tag,
                       const M& message) {
        note_broadcast(target, type);
        put(target, row_of(type), detail::broadcast_slot, 0, tag, message);
    }

    template <class... Messages, class M>
    void send_to_trait(const id<trait<Messages...>>& to, const M& message) {
        static_assert((std::is_same_v<M, Messages> || ...),
                      "kay: the trait does not list this message");
        std::uint32_t tag = 0;
        const std::uint32_t type = implementor(to.key, type_key<M>, tag);
        put(to.place(), row_of(type), to.raw().slot(), to.raw().generation(), tag, message);
    }

    /// Calls f(type, tag of M) for each type that receives all messages of the trait.
    template <class Trait, class M, class F>
    void for_each_implementor(F&& f) {
        static_cast<void>(detail::checked_tag<Trait, M>());
        for (const implementor_entry& e : implementors(Trait::messages::keys, type_key<M>))
            f(e.type, e.tag);
    }
    struct implementor_entry {
        std::uint32_t type;
        std::uint32_t tag;
    };
    using implementor_list = std::span<const implementor_entry>;

    template <class A, class M>
    timer_id add_timer(std::uint64_t delay, std::uint64_t period, const id<A>& to,
                       const M& message) {
        if constexpr (detail::is_trait<A>) {
            std::uint32_t tag = 0;
            const std::uint32_t type = implementor(to.key, type_key<M>, tag);
            return add_timer_packet(delay, period, to.place(), type, to.raw().slot(),
                                    to.raw().generation(), tag, message);
        } else {
            return add_timer_packet(delay, period, to.place(), known_number_of<A>(), to.slot(),
                                    to.generation(), detail::checked_tag<A, M>(), message);
        }
    }
    template <class A, class M>
    timer_id add_timer(std::uint64_t delay, std::uint64_t period, the_one<A>, const M& message) {
        return add_timer(delay, period, id<A>(the<A>), message);
    }
    template <class A, class M>
    timer_id add_timer(std::uint64_t delay, std::uint64_t period, all_of<A>, const M& message) {
        return add_broadcast_timer<A>(delay, period, detail::every_place, message);
    }
    template <class A, class M>
    timer_id add_timer(std::uint64_t delay, std::uint64_t period, everywhere_of<A>,
                       const M& message) {
        return add_broadcast_timer<A>(delay, period, detail::every_place, message);
    }
    template <class A, class M>
    timer_id add_timer(std::uint64_t delay, std::uint64_t period, local_of<A>, const M& message) {
        return add_broadcast_timer<A>(delay, period, place_, message);
    }
    /// A trait's implementors are looked up when the timer fires.
    template <class A, class M>
    timer_id add_broadcast_timer(std::uint64_t delay, std::uint64_t period, std::uint32_t target,
                                 const M& message) {
        constexpr std::uint32_t tag = detail::checked_tag<A, M>();
        detail::require_message<M>();
        if constexpr (!detail::is_trait<A>) {
            return add_timer_packet(delay, period, target, known_number_of<A>(),
                                    detail::broadcast_slot, 0, tag, message);
        } else if constexpr (detail::is_message<M>) {
            const std::span<const std::uint32_t> keys = A::messages::keys;
            const detail::trait_head head{type_key<M>, static_cast<std::uint32_t>(keys.size())};
            const std::size_t head_bytes = detail::trait_head_bytes(keys.size());
            const std::size_t bytes =
                detail::packet_bytes(head_bytes + detail::content_bytes_of(message));
            std::byte* at =
                detail::begin_packet(timer_scratch(bytes), detail::broadcast_slot, 0, 0, bytes);
            std::memcpy(at, &head, sizeof head);
            std::memcpy(at + sizeof head, keys.data(), keys.size_bytes());
            copy_content(message, at + head_bytes);
            return start_timer(delay, period, target, detail::any_implementor, bytes);
        } else {
            return {};
        }
    }
    template <class M>
    timer_id add_timer_packet(std::uint64_t delay, std::uint64_t period, std::uint32_t target,
                              std::uint32_t type, std::uint32_t slot, std::uint32_t generation,
                              std::uint32_t tag, const M& message) {
        detail::require_message<M>();
        if constexpr (detail::is_message<M>) {
            const std::size_t bytes = detail::packet_bytes(detail::content_bytes_of(message));
            std::byte* packet = timer_scratch(bytes);
            copy_content(message, detail::begin_packet(packet, slot, generation, tag, bytes));
            return start_timer(delay, period, target, type, bytes);
        } else {
            return {};
        }
    }
    template <class M>
    static void copy_content(const M& message, std::byte* to) {
        if constexpr (detail::has_containers<M>)
            detail::pack_copy(message, to);
        else if constexpr (!std::is_empty_v<M>)
            std::memcpy(to, &message, sizeof(M));
    }

    // The rare paths and what is not a template: src/turn/world.cpp.
    void make_room(detail::lane& l, std::size_t bytes);
    void make_room_everywhere(std::uint32_t type, std::size_t bytes);
    std::byte* open_slowly(std::uint32_t target, std::uint32_t row, std::size_t bytes,
                           detail::packet_header header, name_function name);
    std::byte* open_closed(std::uint32_t target, std::uint32_t row, std::size_t bytes,
                           detail::packet_header header, name_function name);
    std::byte* open_in_lane(std::uint32_t target, std::uint32_t row, std::size_t bytes);
    std::uint16_t unknown_type(std::string_view name);
    void note_broadcast(std::uint32_t target, std::uint32_t type);
    std::uint32_t implementor(std::uint32_t actor_key, std::uint32_t message_key,
                              std::uint32_t& tag);
    implementor_list implementors(std::span<const std::uint32_t> message_keys,
                                  std::uint32_t message_key);
    std::byte* begin_spawn(std::uint32_t target, std::uint32_t type, std::size_t bytes,
                           raw_id& made);
    std::byte* timer_scratch(std::size_t bytes);
    timer_id start_timer(std::uint64_t delay, std::uint64_t period, std::uint32_t target,
                         std::uint32_t type, std::size_t bytes);
    std::uint64_t turns_in(std::chrono::nanoseconds time) const;
    const std::byte* constant_block(std::uint32_t number) const;
    raw_id current_id() const;

    /// What a handler left to do: death, failure, a block that no longer fits. True: stop here.
    bool after_handler();
    void after_in_broadcast();
    void after_broadcast();

    /// Who gets a packet: a live instance, the first row of a broadcast's, or nobody.
    detail::recipients find_recipients(detail::packet_header header);
    /// The next row of the broadcast; none: all have had it.
    detail::recipients next_recipients();

    // What send needs.
    detail::lane* lanes_ = nullptr;            ///< by row of the type + target place
    const std::uint32_t* lane_rows_ = nullptr; ///< by process-wide number of the type
    const std::uint16_t* numbers_ = nullptr;   ///< by process-wide number of the type
    std::uint32_t places_log2_ = 0;
    std::uint32_t places_ = 0;
    std::uint32_t types_ = 0;
    std::uint32_t place_ = 0;
    std::uint32_t open_places_ = 0; ///< places_, or zero while sends are counted

    // What the running handler needs.
    std::uint32_t after_ = 0;
    const detail::batch* deliveries_ = nullptr; ///< the first one is being handled
    std::uint32_t chunk_ = 0;                   ///< that holds block_
    const std::byte* block_ = nullptr;          ///< of the actor whose handler runs
    detail::instance_store* store_ = nullptr;   ///< of the type whose inbox is handled
    const std::uint64_t* turn_ = nullptr;
    std::chrono::nanoseconds step_{0};
};

} // namespace kay
