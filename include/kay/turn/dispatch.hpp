// SPDX-License-Identifier: MIT
//
// The typed coat over the byte-level engine: for each actor type a record with its loops over
// packets and instances, in which the handlers are inlined. One loop handles a row of equal
// messages, of which each goes to one instance or, a broadcast, to all.
#pragma once

#include <kay/core/reflect.hpp>
#include <kay/core/storable.hpp>
#include <kay/turn/world.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kay::detail {

struct dispatch {
    /// A walk over instances asks early for the first bytes of each block: of a large one it may be
    /// that not all is needed.
    static constexpr std::uint32_t walk_bytes_max = 320;

    /// What is left to do when a handler has returned, 0 for nothing: a broadcast that goes on, a
    /// death, a failure, a block that may no longer fit.
    template <class A>
    static std::uint32_t left_to_do(const world& w) {
        if constexpr (has_containers<A>) return w.after_ | block_changes;
        return w.after_;
    }

    /// One loop over a row of packets with the same message: look up, call, go on. In it another
    /// one, over instances that lie in a row: those of a broadcast, or a single one. So there is
    /// one copy of the handler, for both.
    template <class A, class M>
    static void run(batch& b, world& w, std::uint32_t tag) {
        instance_store& store = *w.store_;
        const delivery* const end = b.end;
        for (const delivery* next = b.next; next != end; b.next = ++next) {
            const std::byte* packet = next->packet;
            const packet_header header = read_header(packet);
            if (header.tag() != tag) return;
            const M& message = *reinterpret_cast<const M*>(
                has_containers<M> ? payload_of(packet, header) : packet + sizeof header);
            recipients to{.first = next->to.block, .last = next->to.block, .chunk = next->to.chunk};
            if (!to.first || store.version() != b.version) [[unlikely]]
                to = w.find_recipients(header);
            for (bool more = to.first; more;) {
                if constexpr (!const_recipient<A, M>) {
                    const std::ptrdiff_t moved = store.mark_dirty(to.chunk);
                    to.first += moved;
                    to.last += moved;
                }
                w.chunk_ = to.chunk;
                for (std::byte* block = to.first;; block += stride_of<A>(to)) {
                    // Hides from the compiler that the blocks lie side by side: vectorising across
                    // instances costs up to ten times as much as it gives.
                    asm volatile("" : "+r"(block));
                    w.block_ = block;
                    call(*reinterpret_cast<A*>(block), message, w);
                    const std::uint32_t left = left_to_do<A>(w);
                    more = left != 0;
                    if (!more) [[likely]] // a single message, and nothing came of it
                        break;
                    if (left != world::after_walk) [[unlikely]]
                        if (w.after_handler()) return;
                    if (block == to.last) break;
                    ask_ahead<A>(block, to);
                }
                if (!more) [[likely]]
                    break;
                to = w.next_recipients();
                more = to.first;
            }
        }
    }

private:
    template <class A, class M>
    static void call(A& actor, const M& message, world& w) {
        if constexpr (const_recipient<A, M>)
            std::as_const(actor).on(message, w);
        else
            actor.on(message, w);
    }

    template <class A>
    static constexpr std::uint32_t stride_of_flat = (sizeof(A) + 15) / 16 * 16;

    template <class A>
    static std::uint32_t stride_of(const recipients& to) {
        return has_containers<A> ? to.stride : stride_of_flat<A>;
    }

    template <class A>
    static void ask_ahead(const std::byte* block, const recipients& to) {
        if (has_containers<A> && to.ahead == 0) return;
        block += has_containers<A> ? to.ahead : recipients::ahead_at(stride_of_flat<A>);
        constexpr std::uint32_t fixed = std::min(stride_of_flat<A>, walk_bytes_max);
        for (std::uint32_t line = 0; line < fixed; line += 64) __builtin_prefetch(block + line, 1);
        if constexpr (has_containers<A>) // and what they hold
            for (std::uint32_t line = (fixed + 63) / 64 * 64;
                 line < std::min(to.stride, walk_bytes_max); line += 64)
                __builtin_prefetch(block + line, 1);
    }
};

template <class A>
std::uint64_t hash_blocks(const std::byte* first, std::size_t stride, std::size_t count,
                          std::uint64_t seed) {
    hasher sum(seed);
    for (; count; --count, first += stride)
        visit_content(*reinterpret_cast<const A*>(first), hash_sink{sum});
    return sum.value();
}

template <class M>
concept complete = requires { sizeof(M); };

template <class A, class M>
constexpr handler_record make_handler() {
    handler_record h;
    if constexpr (!complete<M>) {
        static_assert(complete<M>,
                      "kay: an actor lists a message that is only declared where the type "
                      "is added: define the struct before");
    } else if constexpr (!recipient<A, M>) {
        static_assert(recipient<A, M>,
                      "kay: an actor lists a message in kay::messages<...> but has no "
                      "handler for it: add void on(const M&, kay::world&)");
    } else {
        require_message<M>();
        if constexpr (is_message<M>) {
            h.name = type_name<M>();
            h.key = type_key<M>;
            h.layout_hash = layout_hash<M>;
            h.bytes = sizeof(M);
            h.is_const = const_recipient<A, M>;
            h.schema = &schema_of<M>;
            if constexpr (is_flat<M>)
                h.parts = content_parts<M>();
            else
                h.hash = [](const std::byte* message, std::uint64_t seed) {
                    return hash_blocks<M>(message, 0, 1, seed);
                };
            h.run = &dispatch::run<A, M>;
        }
    }
    return h;
}

/// No type twice. A table of open addresses by key, because compilers bound a constant's steps.
template <class... Types>
consteval bool are_distinct() {
    constexpr std::size_t count = sizeof...(Types);
    constexpr std::array<std::uint32_t, count> keys{type_key<Types>...};
    constexpr std::array<std::string_view, count> names{type_name<Types>()...};
    std::array<std::size_t, 2 * count + 1> positions_plus_one{};
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t at = keys[i] % positions_plus_one.size();
        for (; positions_plus_one[at] != 0; at = (at + 1) % positions_plus_one.size())
            if (names[positions_plus_one[at] - 1] == names[i]) return false;
        positions_plus_one[at] = i + 1;
    }
    return true;
}

template <class A, class List>
struct handlers_of;
template <class A, class... Messages>
struct handlers_of<A, messages<Messages...>> {
    static_assert(sizeof...(Messages) <= tags_max, "kay: an actor type may list 1000 messages");
    static_assert(are_distinct<Messages...>(),
                  "kay: an actor lists the same message twice in kay::messages<...>");
    static inline const std::array<handler_record, sizeof...(Messages)> table{
        make_handler<A, Messages>()...};
};

/// A may be added: an actor type without fault.
template <class A>
inline constexpr bool is_actor = false;
template <class A>
    requires requires { typename A::messages; }
inline constexpr bool is_actor<A> = storable<A> && sizeof(A) <= actor_bytes_max;

/// What can be wrong with an actor type, told one thing at a time. Not consteval: clang would add
/// that the call is no constant.
template <class A>
constexpr void require_actor() {
    if constexpr (!requires { typename A::messages; })
        static_assert(
            requires { typename A::messages; },
            "kay: an actor type needs `using messages = kay::messages<...>`");
    else if constexpr (!storable<A>)
        kay::require_storable<A>();
    else
        static_assert(sizeof(A) <= actor_bytes_max,
                      "kay: this actor is too large (32768 bytes are allowed): put what is long "
                      "into a kay::vector");
}

/// The record of type A. Made on first use, the same for the whole process.
template <class A>
const actor_type& type_record() {
    static const actor_type record = [] {
        actor_type t;
        t.name = type_name<A>();
        t.key = type_key<A>;
        t.layout_hash = layout_hash<A>;
        t.bytes = sizeof(A);
        t.singleton = is_singleton<A>;
        t.has_containers = has_containers<A>;
        t.handlers = handlers_of<A, typename A::messages>::table;
        t.schema = &schema_of<A>;
        t.process_index = &process_index_of<A>;
        t.construct = [](std::byte* to) { ::new (static_cast<void*>(to)) A{}; };
        if constexpr (is_flat<A>)
            t.parts = content_parts<A>();
        else
            t.hash_blocks = &hash_blocks<A>;
        if constexpr (!std::is_trivially_destructible_v<A>)
            t.release = [](std::byte* block) { release(*reinterpret_cast<A*>(block)); };
        if constexpr (has_containers<A>) {
            t.moved = [](std::byte* b, std::ptrdiff_t by) { moved(*reinterpret_cast<A*>(b), by); };
            t.is_spilled = [](const std::byte* b) {
                return is_spilled(*reinterpret_cast<const A*>(b));
            };
            t.packed_bytes = [](const std::byte* b) {
                return packed_bytes(*reinterpret_cast<const A*>(b));
            };
            t.wanted_bytes = [](const std::byte* b) {
                return wanted_bytes(*reinterpret_cast<const A*>(b));
            };
            t.pack_move = [](std::byte* from, std::byte* to, std::size_t room) {
                pack_move(*reinterpret_cast<A*>(from), to, room);
            };
        }
        return t;
    }();
    return record;
}

} // namespace kay::detail
