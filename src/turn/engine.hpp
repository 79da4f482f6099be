// SPDX-License-Identifier: MIT
//
// The engine of an actor system: its places, what comes from outside, and the turn from its timers
// to its end. Used by one thread, which is worker 0; only the outside queue may be used by others
// at any time.
#pragma once

#include "frozen_world.hpp"
#include "inputs.hpp"
#include "place.hpp"
#include "rounds.hpp"
#include "saved_head.hpp"

#include <kay/core/result.hpp>
#include <kay/memory/page_source.hpp>
#include <kay/turn/options.hpp>
#include <kay/turn/poster.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kay::detail {

class engine {
public:
    explicit engine(const system_options& options);
    ~engine();

    [[nodiscard]] static result<void> check(const system_options& options);

    result<void> add(const actor_type& type);
    void begin();
    bool has_begun() const { return shared_.types.has_begun(); }
    /// Handlers run: the system's own functions are not for them.
    bool is_in_handlers() const { return in_handlers_; }

    world& outside() { return *outside_; }
    const system_options& options() const { return options_; }
    shared_state& shared() { return shared_; }
    const shared_state& shared() const { return shared_; }
    std::uint32_t worker_count() const { return rounds_.threads().count(); }

    /// Whether the outside may send to this id; an error says why not.
    [[nodiscard]] result<void> accepts(raw_id to, std::uint32_t type,
                                       std::string_view type_name) const;

    /// Builds an instance from outside: its block, to be filled. The next turn brings it to life.
    result<std::byte*> spawn(std::uint32_t target, std::uint32_t type, std::size_t bytes,
                             raw_id& made, std::string_view type_name);
    /// What the outside's own calls could not do since the last call.
    std::optional<std::string> take_outside_failure() { return outside_->take_fail_text(); }
    std::uint32_t next_spread_place(std::uint32_t type);
    std::uint32_t keep_constant(std::uint32_t number, std::byte* room, std::size_t bytes,
                                constant_hash compute, const schema_node* type);

    result<turn_summary> turn();
    result<turn_summary> resume(bool skip);
    const std::optional<handler_failure>& failure() const { return failed_; }
    /// A turn was stopped in the middle, by a failure or because it had too many rounds.
    bool is_in_turn() const { return in_turn_; }
    void remember(const error& e);
    std::optional<error> take_problem() { return std::exchange(problem_, std::nullopt); }

    // ---- what enters from outside, recorded and taken in once more: engine_inputs.cpp

    input_tap& inputs() { return inputs_; }
    const input_tap& inputs() const { return inputs_; }
    /// Something was sent or spawned from outside that the next turn takes in.
    bool has_sent_from_outside() const { return rounds_.has_sent_from_outside(); }
    /// Where a message goes that was sent from outside, to be shown to who records. Then show_sent.
    std::byte* input_room(std::size_t bytes);
    void show_sent(std::size_t bytes);
    /// Begins a world that has these types, in this order. Returns the others that were added. An
    /// error names what is missing and changes nothing.
    result<std::vector<const actor_type*>> begin_with(std::span<const std::string> names);
    /// Takes in what was recorded; not while somebody records. Posts of today wait. An error says
    /// that it does not fit, and leaves a world that is not to be gone on with.
    result<void> take(const input& what);
    /// The step comes next; an error says why it cannot.
    [[nodiscard]] result<void> can_take(step_kind kind) const;
    /// Requires can_take. Ends as turn and resume do.
    result<turn_summary> take_step(step_kind kind);
    /// Rounds in one turn, as in the options.
    void set_rounds_max(std::uint64_t most) { options_.rounds_max = most; }

    const instance_store* store_if_any(std::uint32_t place, std::uint32_t type) const {
        return places_[place]->store_if_any(type);
    }
    /// f(place) for all places, by number.
    template <class F>
    void each_place(F&& f) const {
        for (const auto& p : places_) f(std::as_const(*p));
    }
    template <class F>
    void each_timer(F&& f) {
        for (const auto& p : places_) p->timers().each(f);
        outside_->timers().each(f);
    }
    std::uint64_t hash();

    // ---- saving, between turns

    /// Whether the world can be saved now; an error says why not.
    [[nodiscard]] result<void> can_be_saved() const;
    /// The world as it is now, to be written by whoever gets it, who calls its finish then. Of what
    /// is as it was in the snapshot that the world was saved as last, or loaded from, nothing is
    /// written, if that is `base`. One at a time: waits for the one before. Throws std::bad_alloc,
    /// out_of_memory; whoever freezes next gets all that has changed, then.
    std::shared_ptr<frozen_world> freeze(const snapshot_identity& base);
    /// As what the world was saved last, or loaded from.
    const snapshot_identity& saved_as() {
        settle_frozen(false);
        return saved_as_;
    }

    /// Makes an engine that has its types and has not begun the world of a manifest, whose pages
    /// are in the source. Instances and constants are read when they are needed; or all is read
    /// now, and looked at whether it makes sense. An error leaves an engine that is of no use.
    result<void> read(byte_reader& manifest, std::shared_ptr<page_source> source,
                      const snapshot_identity& from, bool all_now,
                      std::span<const migration> migrations = {});

    /// What was read is refused: nothing in it is looked at any more, not even to end it.
    void distrust() {
        for (auto& p : places_) p->distrust();
    }

    void set_statistics(bool on);
    system_statistics statistics() const;
    std::size_t bytes_reserved() const;
    std::vector<outbound_packet> take_outbox();

    std::shared_ptr<post_queue> posts() { return posts_; }

private:
    struct unfinished;
    enum class post_rule : bool { come_in, wait };

    void write(byte_writer& to, std::vector<late_hash>& late);
    void settle_frozen(bool waits);
    void trim_chunks();
    template <class F>
    void each_directory(F&& f);
    bool take_numbers();
    result<void> take_changes(const saved_head& head, std::span<const changed_tags> changes);
    bool read_all();
    std::optional<error> lost() const;
    void lay_out();
    void begin_places();
    void start_turn(post_rule posts);
    result<turn_summary> go_on_after_failure(bool skip);
    result<void> take_one(const sent_input& sent);
    result<void> take_one(const spawned_input& spawned);
    result<void> take_one(const spread_input& spread);
    result<void> take_one(const timer_input& timer);
    result<void> take_one(const cancelled_input& cancelled);
    result<void> take_one(const constant_input& constant);
    result<void> take_one(const type_input& added);
    void take_post(std::span<const std::byte> record);
    /// What the keys of a post stand for.
    struct post_recipient {
        std::uint32_t actor_key;
        std::uint32_t message_key;
        std::uint32_t type;
        std::uint32_t tag;
    };
    post_recipient look_up(const post_head& head) const;
    result<turn_summary> run_rounds();
    result<turn_summary> run_until_quiet();
    result<turn_summary> finish_turn();
    result<turn_summary> stop_for_failures();
    result<turn_summary> stop_for_good(const error& e) const;
    error round_bound_reached() const;

    system_options options_;
    shared_state shared_;
    std::vector<std::unique_ptr<place>> places_;
    std::unique_ptr<place> clock_;   ///< sends what the outside's timers send; after all places
    std::unique_ptr<place> outside_; ///< only sends, the last of all
    std::shared_ptr<post_queue> posts_;
    post_recipient last_post_{}; ///< posters send much of the same
    rounds rounds_;
    std::uint64_t round_count_ = 0; ///< of this turn
    std::uint64_t messages_before_ = 0;
    bool in_turn_ = false; ///< a turn was stopped in the middle
    bool in_handlers_ = false;
    std::optional<handler_failure> failed_;
    std::optional<error> problem_;
    std::uint64_t skipped_ = 0; ///< messages whose handlers failed
    std::uint64_t retried_ = 0;
    std::vector<std::uint32_t> spread_;    ///< by type: where the next spawn from outside goes
    std::shared_ptr<frozen_world> frozen_; ///< that is being written
    std::shared_ptr<frozen_world> spare_frozen_; ///< that one, or the last one: for its memory
    /// What copies of pages that are being saved need is kept for the next save, as long as saves
    /// come: memory that the system has to find anew costs many times what a copy costs.
    struct memory_for_saves {
        std::uint64_t frozen_turn = 0; ///< of the last save
        std::uint64_t kept_until = 0;  ///< turn
        std::size_t bytes = 0; ///< in use at most, world included, while the last save went on
        std::size_t peak = 0;  ///< likewise, of the one that goes on
    };
    memory_for_saves for_saves_;
    std::shared_ptr<page_source> source_; ///< of a loaded world
    snapshot_identity saved_as_;
    input_tap inputs_;
    std::vector<std::uint64_t> sent_; ///< room for a message that is shown
};

} // namespace kay::detail
