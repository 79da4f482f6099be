// SPDX-License-Identifier: MIT
//
// kay::actor_system: the running whole. Made with options, told the actor types, then driven turn
// by turn. Its functions are for one thread, and not from within handlers; only posters are for
// others.
#pragma once

#include <kay/turn/constant.hpp>
#include <kay/turn/dispatch.hpp>
#include <kay/turn/options.hpp>
#include <kay/turn/poster.hpp>
#include <kay/turn/world.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#if defined(__FAST_MATH__)
#error "kay: -ffast-math changes results from build to build; compile without it"
#endif

namespace kay {

class input_log;
class world_file;

namespace detail {
class engine;

template <class To>
inline constexpr bool is_own_place = false;
template <class A>
inline constexpr bool is_own_place<local_of<A>> = true;
} // namespace detail

class actor_system {
public:
    /// Throws std::invalid_argument for options that make no sense (stops where there are no
    /// exceptions), std::bad_alloc and std::system_error when there is no memory or no thread.
    explicit actor_system(const system_options& options = {});
    /// The same with an error instead of std::invalid_argument.
    [[nodiscard]] static result<actor_system> create(const system_options& options);

    actor_system(actor_system&&) noexcept;
    actor_system& operator=(actor_system&&) noexcept;
    ~actor_system();

    /// Tells the system of an actor type. Types may be added in any order, also later. Fails when
    /// two types share a name; the error is logged and kept for take_problem too.
    template <class A>
    result<void> add() {
        detail::require_actor<A>();
        if constexpr (detail::is_actor<A>)
            return add_type(detail::type_record<A>());
        else
            return error{};
    }
    template <class... Actors>
        requires(sizeof...(Actors) > 1)
    result<void> add() {
        result<void> all; // or the first that failed
        const auto keep = [&](const result<void>& one) {
            if (all && !one) all = one;
        };
        (keep(add<Actors>()), ...);
        return all;
    }

    /// Makes an actor and returns its id at once; it lives from the next turn on. Without a place
    /// they are spread evenly. Null when there is no room or the type is unknown: the reason is
    /// logged and kept for take_problem.
    template <class A>
    id<A> spawn(A state = {}) {
        const std::uint32_t type = number_of<A>();
        return spawn_in<A>(spread(type), type, state);
    }
    template <class A>
    id<A> spawn(in_place where, A state) {
        return spawn_in<A>(where.number, number_of<A>(), state);
    }
    template <class A>
    id<A> spawn(beside other, A state) {
        return spawn_in<A>(other.number, number_of<A>(), state);
    }
    template <class A, detail::spot Spot>
    id<A> spawn(Spot where) {
        return spawn<A>(where, A{});
    }

    /// Sends a message, to be handled in the next turn. False for an id that this world never gave
    /// out, or without memory: the reason is logged and kept for take_problem.
    template <class A, class M>
    bool send(const id<A>& to, const M& message) {
        if (!accepts(to)) return false;
        return guarded([&] { outside().send(to, message); }) && show(to, message);
    }
    /// To kay::all<A>, kay::the<A>, kay::everywhere<A>.
    template <template <class> class Whom, class A, class M>
        requires(!std::same_as<Whom<A>, id<A>>)
    bool send(Whom<A> whom, const M& message) {
        require_no_place_of_its_own<Whom<A>>();
        begin();
        return guarded([&] { outside().send(whom, message); }) && show(whom, message);
    }

    /// As in world: from the end of the last turn on.
    /// No timer for an id that this world never gave out, or an unknown type.
    template <class Delay, class To, class M>
    timer_id after(Delay delay, const To& to, const M& message) {
        timer_id made;
        if (!may_be_target(to)) return made;
        guarded([&] { made = outside().after(delay, to, message); });
        return made;
    }
    template <class Period, class To, class M>
    timer_id every(Period period, const To& to, const M& message) {
        timer_id made;
        if (!may_be_target(to)) return made;
        guarded([&] { made = outside().every(period, to, message); });
        return made;
    }
    bool cancel(timer_id timer) { return outside().cancel(timer); }

    /// One turn: timers, what came from outside, rounds until no message is left. An error says
    /// which handler failed (then resume goes on), or that messages go round in circles (then the
    /// next turn() goes on); it is logged too. Nothing is lost either way. What comes in from
    /// outside and from timers is taken in whatever memory_bytes_max says; std::bad_alloc means
    /// that the machine itself has no memory for it, and the world is not to be gone on with.
    result<turn_summary> turn();

    enum class after_failure { retry, skip };
    /// Goes on with a turn that a handler's failure stopped: with the message that failed, or with
    /// the one after it. Of a broadcast, those who come before the one that failed have had the
    /// message: retry reaches them again, skip leaves out those who come after. Both are counted in
    /// statistics().
    result<turn_summary> resume(after_failure how);

    /// Something that spawn, send or add could not do, the oldest that was not yet taken.
    std::optional<error> take_problem();

    /// Number of the last turn; zero before the first.
    std::uint64_t turn_number() const;
    /// Simulated time at the end of the last turn.
    std::chrono::nanoseconds now() const;
    std::uint32_t places() const;
    std::uint32_t workers() const;

    /// Hash of the whole state as it is between turns; messages that wait to be handled, as in a
    /// turn that was stopped, are not part of it. The same for any number of workers, any compiler,
    /// any order of registration. Cost: reads the world once, on all workers.
    std::uint64_t hash();

    /// Instances of A that are alive.
    template <class A>
    std::size_t count() const {
        return count_of(number_of<A>());
    }

    /// Calls f(id<A>, const A&) for every instance: place by place, in each in the order in which a
    /// broadcast reaches them. Between turns. f may send and spawn; what it spawns is not visited.
    template <class A, class F>
    void each(F&& f) const {
        const std::uint32_t type = number_of<A>();
        for (std::uint32_t p = 0; p < places(); ++p) {
            const detail::instance_store* s = store_if_any(p, type);
            if (!s) continue;
            for (std::size_t i = 0, n = s->runs().size(); i < n; ++i) each_in_run<A>(*s, i, p, f);
        }
    }

    /// The state of an actor, between turns, also of one that was spawned and waits for the next
    /// turn; null when it is dead. Valid until the next call that is not const.
    template <class A>
    const A* find(id<A> actor) const {
        const detail::instance_store* s = store_if_any(actor.place(), number_of<A>());
        const std::byte* block = s ? s->find(actor.slot(), actor.generation()).block : nullptr;
        return reinterpret_cast<const A*>(block);
    }
    template <class A>
    const A& operator[](the_one<A> one) const {
        const A* state = find(id<A>(one));
        KAY_ASSERT(state);
        return *state;
    }

    /// Makes an immutable block that every handler may read through w[c]. Cost: the value is packed
    /// once, and hashed when hash() is asked for.
    template <class T>
    constant<T> make_constant(T value) {
        kay::require_storable<T>();
        if constexpr (storable<T>) {
            return constant<T>(put_constant(no_constant, value));
        } else {
            return constant<T>();
        }
    }
    /// Puts another value where a constant leads: from now on everybody who has the handle reads
    /// it. The old value's memory is given back. False for a handle that is null or of another
    /// world: the reason is logged and kept for take_problem. Costs what make_constant does.
    template <class T>
    bool set_constant(const constant<T>& c, T value) {
        if (!accepts_constant(c.number(), type_name<T>())) return false;
        put_constant(c.number(), value);
        return true;
    }
    template <class T>
    const T& operator[](const constant<T>& c) const {
        return outside()[c];
    }

    /// A poster for another thread. Posters may be used from now on, one thread each.
    poster make_poster();

    void set_statistics(bool on);
    system_statistics statistics() const;
    /// Memory for instances and messages, used and kept.
    std::size_t bytes_reserved() const;

    /// Messages to ids of places that are not of this world, since the last call.
    std::vector<outbound_packet> take_outbox();

private:
    friend class input_log;
    friend class world_file;
    explicit actor_system(std::unique_ptr<detail::engine> engine);

    template <class A>
    std::uint32_t number_of() const {
        begin();
        return outside().template number_of<A>();
    }

    template <class To>
    static constexpr void require_no_place_of_its_own() {
        static_assert(!detail::is_own_place<To>,
                      "kay: the outside is in no place, so that kay::local<A> "
                      "reaches nobody from there: send to kay::all<A>");
    }

    template <class A>
    bool accepts(const id<A>& to) {
        if constexpr (detail::is_trait<A>) {
            begin();
            return accepts_key(to.raw(), to.key);
        } else {
            return accepts_id(to.raw(), number_of<A>(), type_name<A>());
        }
    }

    template <class To>
    bool may_be_target(const To& to) {
        require_no_place_of_its_own<To>();
        begin();
        if constexpr (requires { accepts(to); })
            return accepts(to);
        else
            return true;
    }

    static constexpr std::uint32_t no_constant = ~0u;
    /// The value of a constant, or of a new one; returns its number.
    template <class T>
    std::uint32_t put_constant(std::uint32_t number, T& value) {
        const std::size_t bytes = (detail::packed_bytes(value) + 15) / 16 * 16;
        std::byte* room = room_for_constant(number, bytes);
        if constexpr (detail::has_containers<T>)
            detail::pack_move(value, room, bytes);
        else
            std::memcpy(room, static_cast<const void*>(&value), sizeof(T));
        return keep_constant(
            number, room, bytes,
            [](const std::byte* block) { return detail::hash_blocks<T>(block, 0, 1, type_key<T>); },
            &detail::schema_of<T>);
    }

    template <class A>
    id<A> spawn_in(std::uint32_t place, std::uint32_t type, A& state) {
        static_assert(!detail::is_singleton<A>, "kay: a singleton is made when its type is added");
        raw_id made;
        const std::size_t bytes =
            detail::has_containers<A> ? detail::packed_bytes(state) : sizeof(A);
        std::byte* block = spawn_block(place, type, bytes, made, type_name<A>());
        if (!block) return {};
        if constexpr (detail::has_containers<A>)
            detail::pack_move(state, block, bytes);
        else
            std::memcpy(block, static_cast<const void*>(&state), sizeof(A));
        show_spawned(place, type, made, {block, bytes});
        return id<A>{made};
    }

    /// Shows what was sent to whoever records it. True.
    template <class To, class M>
    bool show(const To& to, const M& message) {
        if constexpr (detail::is_message<M> && !detail::is_own_place<To>) {
            if (is_sending_shown()) [[unlikely]] {
                const detail::post_form form = detail::post_form_of<M>(to);
                const std::size_t bytes = form.bytes_with(message);
                form.write(message, input_room(bytes));
                show_sent(bytes);
            }
        }
        return true;
    }

    template <class A, class F>
    static void each_in_run(const detail::instance_store& s, std::size_t run, std::uint32_t place,
                            F& f) {
        const std::uint32_t visible = s.runs()[run].visible;
        for (std::uint32_t row = 0; row < visible; ++row) {
            const detail::instance_store::run& r = s.runs()[run];
            const std::uint32_t chunk = r.chunks[row / r.rows_per_chunk];
            const std::size_t offset = std::size_t{row % r.rows_per_chunk} * r.stride;
            const std::uint32_t slot = s.slot_at(chunk, offset);
            f(id<A>{raw_id{place, s.generation_of(slot), slot}},
              *reinterpret_cast<const A*>(s.chunk_base(chunk) + offset));
        }
    }

    template <class F>
    bool guarded(F&& f) {
#if defined(__cpp_exceptions)
        try {
            f();
        } catch (const out_of_memory&) {
            return refuse_memory();
        } catch (const std::bad_alloc&) {
            return refuse_memory();
        }
#else
        f();
#endif
        return nothing_failed_outside();
    }

    void begin() const;
    world& outside() const;
    result<void> add_type(const detail::actor_type& type);
    std::uint32_t spread(std::uint32_t type);
    std::byte* spawn_block(std::uint32_t place, std::uint32_t type, std::size_t bytes, raw_id& made,
                           std::string_view type_name);
    bool accepts_id(raw_id to, std::uint32_t type, std::string_view type_name);
    bool accepts_key(raw_id to, std::uint32_t key);
    void show_spawned(std::uint32_t place, std::uint32_t type, raw_id made,
                      std::span<const std::byte> block);
    bool is_sending_shown();
    std::byte* input_room(std::size_t bytes);
    void show_sent(std::size_t bytes);
    bool refuse_memory();
    bool nothing_failed_outside();
    std::size_t count_of(std::uint32_t type) const;
    const detail::instance_store* store_if_any(std::uint32_t place, std::uint32_t type) const;
    std::byte* room_for_constant(std::uint32_t number, std::size_t bytes);
    std::uint32_t keep_constant(std::uint32_t number, std::byte* room, std::size_t bytes,
                                std::uint64_t (*hash)(const std::byte* block),
                                const detail::schema_node* type);
    bool accepts_constant(std::uint32_t number, std::string_view type_name);

    std::unique_ptr<detail::engine> engine_;
};

} // namespace kay
