// SPDX-License-Identifier: MIT
//
// kay::poster: how another thread sends messages into a running system. Each thread has a poster of
// its own; posting never blocks and takes no lock. What was posted is taken in when the next turn
// begins, first in, first out for each poster, posters in the order in which they were made.
#pragma once

#include <kay/core/id.hpp>
#include <kay/memory/block.hpp>
#include <kay/message/messages.hpp>
#include <kay/message/outside_queue.hpp>
#include <kay/turn/world.hpp>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace kay {

enum class posted : bool {
    accepted,
    held_back, ///< the budget post_bytes_max is used up: try again later
};

namespace detail {

/// Begins the record of a posted message; the message follows.
struct post_head {
    std::uint64_t to;        ///< bits of the id, to_all or to_implementors
    std::uint32_t actor_key; ///< to_implementors: how many keys of the trait's messages lie before
                             ///< the message, padded to eight bytes
    std::uint32_t message_key;
};
/// No actor's ids: their generation is zero.
inline constexpr std::uint64_t to_all = raw_id{0, 0, broadcast_slot}.bits;
inline constexpr std::uint64_t to_implementors = raw_id{1, 0, broadcast_slot}.bits;

/// To whom a message goes that enters from outside: what is written before it.
struct post_form {
    post_head head;
    std::span<const std::uint32_t> trait_keys = {};

    std::size_t bytes_before() const { return sizeof head + round_up(trait_keys.size_bytes(), 8); }
    template <class M>
    std::size_t bytes_with(const M& message) const {
        return bytes_before() + content_bytes_of(message);
    }
    /// Head, keys and message to `at`, which has room for bytes_with and is aligned to eight.
    template <class M>
    void write(const M& message, std::byte* at) const {
        std::memcpy(at, &head, sizeof head);
        if (!trait_keys.empty())
            std::memcpy(at + sizeof head, trait_keys.data(), trait_keys.size_bytes());
        if constexpr (has_containers<M>)
            pack_copy(message, at + bytes_before());
        else if constexpr (payload_bytes<M> > 0)
            std::memcpy(at + bytes_before(), &message, sizeof(M));
    }
};

// Whether the recipient gets the message is checked by those who send.
template <class M, class A>
post_form post_form_of(const id<A>& to) {
    if constexpr (is_trait<A>)
        return {{to.bits, to.key, type_key<M>}};
    else
        return {{to.bits, type_key<A>, type_key<M>}};
}
template <class M, class A>
post_form post_form_of(the_one<A>) {
    return post_form_of<M>(id<A>(the<A>));
}
template <class M, class A>
post_form post_form_of(all_of<A>) {
    if constexpr (is_trait<A>)
        return {{to_implementors, A::messages::count, type_key<M>}, A::messages::keys};
    else
        return {{to_all, type_key<A>, type_key<M>}};
}
template <class M, class A>
post_form post_form_of(everywhere_of<A>) {
    return post_form_of<M>(all<A>); // peers subscribe in layer link
}

/// What posters share with their system, and keep when it is gone.
struct post_queue {
    explicit post_queue(std::size_t bytes_max) : queue(bytes_max) {}

    outside_queue<> queue;
    std::atomic<std::uint64_t> held_back{0};
};

} // namespace detail

class poster {
public:
    /// Moved from, a poster can only be assigned to or destroyed.
    poster(poster&&) noexcept = default;
    poster& operator=(poster&& other) noexcept {
        std::swap(queue_,
                  other.queue_); // the old writer ends with the old queue's owner, never after
        std::swap(writer_, other.writer_);
        return *this;
    }

    /// To one actor. Ids are checked when the message is taken in: what is dead or unknown then is
    /// counted as a dead letter.
    template <class A, class M>
    posted post(const id<A>& to, const M& message) {
        if constexpr (detail::is_trait<A>)
            static_assert(detail::lists<A, M>, "kay: the trait does not list this message");
        else
            static_cast<void>(detail::checked_tag<A, M>());
        return put(detail::post_form_of<M>(to), message);
    }
    template <class A, class M>
    posted post(the_one<A>, const M& message) {
        static_assert(detail::is_singleton<A>,
                      "kay: kay::the<A> needs `static constexpr bool singleton = true` in A");
        return post(id<A>(the<A>), message);
    }
    /// To every instance of A, or of every implementor of a trait.
    template <class A, class M>
    posted post(all_of<A> whom, const M& message) {
        static_cast<void>(detail::checked_tag<A, M>());
        return put(detail::post_form_of<M>(whom), message);
    }
    template <class A, class M>
    posted post(everywhere_of<A>, const M& message) {
        return post(all<A>, message); // peers subscribe in layer link
    }

private:
    friend class actor_system;
    explicit poster(std::shared_ptr<detail::post_queue> queue)
        : queue_(std::move(queue)), writer_(queue_->queue.make_writer()) {}

    template <class M>
    posted put(const detail::post_form& form, const M& message) {
        detail::require_message<M>();
        if constexpr (detail::is_message<M>) {
            std::byte* const at = writer_.reserve(form.bytes_with(message));
            if (!at) {
                queue_->held_back.fetch_add(1, std::memory_order_relaxed); // a count for people
                return posted::held_back;
            }
            form.write(message, at);
            writer_.commit();
        }
        return posted::accepted;
    }

    std::shared_ptr<detail::post_queue> queue_; ///< before writer_: it has to outlive it
    detail::outside_queue<>::writer writer_;
};

} // namespace kay
