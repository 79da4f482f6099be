// SPDX-License-Identifier: MIT
//
// A place: a partition of the world with its stores, its inbox for the running round, its timers
// and its leases. One thread at a time runs it; places share nothing but
// what is immutable during a turn (shared_state).
#pragma once

#include "../message/inbox.hpp"
#include "../message/outbox.hpp"
#include "handler_failure.hpp"
#include "inputs.hpp"
#include "leases.hpp"
#include "shared_state.hpp"

#include <kay/store/migration.hpp>
#include <kay/turn/timer_wheel.hpp>
#include <kay/turn/world.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kay::detail {

/// Why nobody can be spawned there.
std::string no_such_place(std::uint32_t place, std::uint32_t places);

/// Counts of one place, by type and tag. There only while somebody asks for statistics.
struct place_statistics {
    struct type_counts {
        std::vector<std::uint64_t> handled; ///< by tag
        std::vector<std::uint64_t> sent;    ///< by tag: by this place to the type
        std::uint64_t nanoseconds = 0;      ///< in handlers of the type
    };
    std::vector<type_counts> types;
};

class place final : public world {
public:
    /// `number` is the place's; numbers from shared.places on only send, for the outside.
    place(shared_state& shared, std::uint32_t number);
    ~place();

    std::uint32_t number() const { return place_; }

    /// Of the outside: where its timers are told of. Null in all others.
    input_tap* inputs = nullptr;

    // ---- between turns

    /// Makes room for all types of the table.
    void lay_out();
    instance_store& store(std::uint32_t type) {
        return stores_[type] ? *stores_[type] : make_store(type);
    }
    const instance_store* store_if_any(std::uint32_t type) const {
        return type < stores_.size() ? stores_[type].get() : nullptr;
    }
    /// Builds the default instance of a singleton: slot 0 of place 0.
    void make_singleton(std::uint32_t type);
    void set_statistics(bool on);
    const place_statistics* statistics() const { return statistics_.get(); }
    /// Builds an instance's block in `home`, to be filled, and sends the reveal that it waits for.
    /// Throws out_of_memory, slots_exhausted, and changes nothing then.
    std::byte* spawn_hidden(place& home, std::uint32_t type, std::size_t bytes, raw_id& made) {
        lane& l = lane_to(home.place_, type);
        outbox_->make_reveal_room(l, *chunks_);
        lease_entry slot;
        std::byte* const block = home.store(type).create_hidden(bytes, slot);
        outbox_->put_reveal(l, slot);
        made = raw_id{home.place_, slot.generation, slot.slot};
        return block;
    }
    std::uint64_t hash() const;
    /// Between turns: all but what lies in pages. read is for a new place, and for so many types:
    /// there may be more by now.
    void write(byte_writer& to) const;
    /// `changes` says by type how instances of another layout become what they are by now; null:
    /// they are what they were.
    bool read(byte_reader& from, std::span<const migration* const> changes);
    /// What was read makes sense.
    bool is_sound() const;
    timer_wheel& timers() { return timers_; }
    const leases& held() const { return leases_; }
    void trim() {
        for (auto& s : stores_)
            if (s) s->trim();
    }
    void distrust() {
        for (auto& s : stores_)
            if (s) s->distrust();
    }
    std::size_t timer_count() const { return timers_.size(); }

    // ---- during a turn

    /// Begins to work for a worker, with its chunk cache, and to send through an outbox.
    void use(outbox& out, lane_chunk_cache& chunks) {
        outbox_ = &out;
        lanes_ = out.lanes();
        chunks_ = &chunks;
    }

    std::uint64_t next_timer() const { return timers_.next_due(); }
    /// Sends what is due in this turn, as `sender` would. One thread for all places.
    void fire_timers(place& sender, std::span<const std::unique_ptr<place>> places);

    /// Handles everything that was handed over. Stops at a handler that fails.
    void run_round();
    /// The same for a round that consists of one segment: often a single packet.
    void run_lonely(const inbox_segment& segment);

    /// What the next round handles, and an estimate of its work in bytes.
    std::vector<inbox_segment> incoming;
    std::uint64_t incoming_work = 0;

    /// A packet from outside: a message's bytes as they are.
    void put_bytes(raw_id to, std::uint32_t type, std::uint32_t tag,
                   std::span<const std::byte> message);
    /// The same to every instance of a trait's implementors in the places from `first` to `end`.
    void put_to_implementors(std::span<const std::uint32_t> trait_keys, std::uint32_t message_key,
                             std::uint32_t first, std::uint32_t end,
                             std::span<const std::byte> message);
    std::optional<std::string> take_fail_text();
    void count_dead_letter(std::uint32_t type, std::uint32_t tag);

    std::optional<handler_failure>& failure() { return failure_; }
    const std::optional<handler_failure>& failure() const { return failure_; }
    /// After a failure: containers of some actors have found no room in their blocks.
    bool has_unsettled_blocks() const { return !pending_.empty(); }
    /// Of a turn that has stopped in the middle: how far its random numbers are.
    void write_draws(byte_writer& to) const;
    void read_draws(byte_reader& from);

    /// After a failure: go on with the message that failed, or with the one after it.
    void skip_failed_message();

    // ---- counters, since the world began
    std::uint64_t messages_handled = 0;
    std::vector<std::vector<std::uint64_t>> dead_letters; ///< by type and tag; grown on demand
    std::uint64_t dead_letter_total = 0;

    /// Packets for places of other worlds: raw id, type and packet. Read and cleared by the system.
    struct outbound {
        raw_id to;
        std::uint32_t type;
        std::vector<std::byte> packet;
    };
    std::vector<outbound> for_others;

private:
    friend class kay::world;

    instance_store& make_store(std::uint32_t type);
    bool read_changed(byte_reader& from, std::uint32_t type, const migration& change);
    void run_type(std::span<const inbox_segment> segments);
    void settle_what_can_be();
    void enter(std::uint32_t type);
    void leave();
    bool handle(batch& b);
    bool handle_row(batch& b, std::uint32_t tag);
    void begin_row(const batch& b, std::uint32_t tag) {
        deliveries_ = &b;
        row_ = {b.next, tag, 0};
    }
    /// Counts what was handled of the row, if there is one: at its end, or where a handler failed.
    void end_row(const batch& b) {
        if (row_.tag == no_row) return;
        const auto handled = static_cast<std::uint64_t>(b.next - row_.first + row_.more);
        messages_handled += handled;
        if (statistics_) [[unlikely]]
            statistics_->types[running_type_].handled[row_.tag] += handled;
        row_.tag = no_row;
    }
    bool fire(std::uint32_t type, std::uint32_t target, std::span<const std::byte> packet,
              bool repeats, std::span<const std::unique_ptr<place>> places);
    template <class F>
    void guarded(const batch& b, F&& work);
    void control(const std::byte* packet);
    void grant_leases();
    /// The one without room where the type was not added.
    lane& lane_to(std::uint32_t target, std::uint32_t type) {
        return lanes_[row_of(type) + target];
    }
    std::byte* scratch(std::size_t bytes);
    void settle_block(std::uint32_t slot);
    void note_failure(const batch& b, failure_reason why);
    raw_id failing_actor() const;

    shared_state& shared_;
    outbox* outbox_ = nullptr;
    lane_chunk_cache* chunks_ = nullptr;
    std::vector<std::unique_ptr<instance_store>> stores_; ///< by type; null until there is one
    inbox_reader reader_;
    std::uint32_t running_type_ = 0;
    /// Equal messages that are being handled in one loop, and not yet counted.
    struct row {
        const delivery* first = nullptr;
        std::uint32_t tag = no_row;
        std::int64_t more =
            0; ///< than packets were handled: instances of broadcasts, less dead letters
    };
    static constexpr std::uint32_t no_row = ~0u;
    row row_;
    /// How far a broadcast has come.
    struct walk {
        std::size_t next_run = 0;
        std::size_t run_count = 0;
        std::size_t next_chunk = 0; ///< of the run before next_run
        std::uint32_t left = 0;     ///< instances of that run
        bool is_near = false;       ///< all of them: nothing has to be asked for early
    };
    /// What a core keeps close from one turn to the next, of all places together.
    static constexpr std::size_t near_bytes_max = std::size_t{256} << 10;
    walk walk_;
    static constexpr std::uint32_t dies_mark = 1u << 31;
    std::vector<std::uint32_t> pending_; ///< slots that a broadcast left to be settled, or to die
    std::size_t pending_done_ = 0;
    timer_wheel timers_;
    struct alignas(16) scratch_unit {
        std::byte bytes[16];
    };
    std::vector<scratch_unit> scratch_;
    std::uint64_t draws_ = 0; ///< calls of random() in the turn draws_turn_
    std::uint64_t draws_turn_ = 0;
    leases leases_;
    std::unordered_map<std::uint64_t, std::vector<implementor_entry>> implementors_;
    std::optional<handler_failure> failure_;
    std::string fail_text_;
    raw_id fail_actor_; ///< who called fail
    std::unique_ptr<place_statistics> statistics_;
    std::chrono::steady_clock::time_point entered_; ///< when the running type began, if counted
};

} // namespace kay::detail
