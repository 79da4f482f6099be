// SPDX-License-Identifier: MIT
//
// The rounds of a turn. In a round every place that has something to handle handles it. What is
// sent meanwhile goes into outboxes, which are then handed over: it is what the next round handles.
//
// Places that one thread runs one after the other, in the order of their numbers, share an outbox.
// The calling thread runs a small round alone, with the first one. For several workers the active
// places are cut into stretches of about equal work, each with an outbox of its own. Outboxes are
// read in the order of the places that wrote them, so that what a place finds does not depend on
// who ran when, nor on how many workers there are.
//
// One object for all rounds of a world: its lists keep their memory. Used by one thread, which is
// worker 0.
#pragma once

#include "../message/outbox.hpp"
#include "place.hpp"
#include "shared_state.hpp"
#include "workers.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace kay::detail {

class rounds {
public:
    /// `worker_count` includes the calling thread.
    rounds(shared_state& shared, std::span<const std::unique_ptr<place>> places,
           std::uint32_t worker_count);

    /// Room for all types that there are.
    void lay_out();

    workers& threads() { return workers_; }
    const workers& threads() const { return workers_; }

    template <class F>
    void for_each_outbox(F&& f) const {
        for (const auto& o : outboxes_) f(*o);
        if (late_box_) f(*late_box_);
        f(outside_box_);
    }

    /// Something was sent from outside that the next turn takes in.
    bool has_sent_from_outside() const { return !outside_box_.touched.empty(); }

    /// Gives back chunks that are kept for the next packets. Between turns.
    void trim();

    // ---- before the first round of a turn

    /// What this place sends now is handled in the first round, before all else.
    void let_send_first(place& p) { p.use(*outboxes_[0], *caches_[0]); }
    /// After all else.
    void let_send_last(place& p) { p.use(outside_box_, *caches_[0]); }
    /// What was sent first and last is what the first round handles.
    void begin() { written_ = {outboxes_[0].get(), &outside_box_}; }

    // ---- the rounds

    /// Rounds in which all was sent to one type in one place: straight from lane to handler, on
    /// this thread. Up to `most`; ends earlier where a handler fails. Returns how many there were.
    std::uint64_t run_lonely(std::uint64_t most);

    /// Everything that was sent becomes what is handled next.
    void hand_over();
    /// Places that have something to handle in the next round, by number.
    std::span<place* const> active() const { return active_; }
    /// A round of all active places.
    void run();

    // ---- failures

    /// The place of the last round, the first by number, where a handler failed; null: none did.
    place* first_failed() const;
    /// Does what was left by the places that failed, before what others sent: again from the
    /// message that failed, or, of the first place, from the one after it. Of the others the next
    /// call is told. What they send comes after all else, however many workers there are. Returns
    /// how many messages were tried again, or skipped.
    std::uint32_t go_on(bool skip);

    // ---- saving, when no round is under way

    /// Packets wait that were sent, and not yet handled.
    bool has_waiting() const;
    /// All of them; where a turn has stopped, how far it was and what failed.
    void write_waiting(byte_writer& to) const;
    /// For rounds that have had nothing to do. False: this makes no sense.
    bool read_waiting(byte_reader& from);

private:
    /// Active places that one worker runs one after the other, into one outbox.
    struct stretch {
        std::uint32_t first; ///< in active_
        std::uint32_t end;
        std::uint64_t work;
    };

    void hand_over(outbox& from, std::uint32_t number);
    bool drop_if_empty(const inbox_segment& segment);
    bool read_packets(outbox& to, std::uint32_t target, std::uint32_t type,
                      std::span<const std::byte> packets);
    std::uint32_t run_alone();
    void run_in_parallel(std::uint32_t first);
    void cut_into_stretches(std::uint32_t first);

    shared_state& shared_;
    std::span<const std::unique_ptr<place>> places_;
    outbox outside_box_;                                    ///< what the outside sends
    std::unique_ptr<outbox> late_box_;                      ///< what is sent after a failure
    std::vector<std::unique_ptr<outbox>> outboxes_;         ///< the first is all that one needs
    std::vector<std::unique_ptr<lane_chunk_cache>> caches_; ///< by worker
    workers workers_;
    std::vector<place*> ran_;      ///< in the last round, in the order of their numbers
    std::vector<outbox*> written_; ///< in the last round, in the order in which they are read
    std::vector<place*> active_;   ///< have something to handle in this round; by number
    std::uint64_t active_work_ = 0;
    std::vector<stretch> stretches_;
    std::vector<std::uint32_t> order_; ///< of stretches: most loaded first
};

} // namespace kay::detail
