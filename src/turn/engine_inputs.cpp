// SPDX-License-Identifier: MIT
//
// The inputs of an engine that were recorded, taken in once more. Each does what the call did that
// was recorded, and must come to the same end: where it does not, the recording is of another
// world.
#include "engine.hpp"

#include "float_mode.hpp"

#include <cstring>
#include <string>
#include <utility>

namespace kay::detail {
namespace {

error another_world(const std::string& what) {
    return {error_code::bad_data, "what was recorded does not fit this world: " + what};
}

} // namespace

result<std::vector<const actor_type*>> engine::begin_with(std::span<const std::string> names) {
    KAY_ASSERT(!has_begun());
    if (auto known = shared_.types.knows(names); !known) return known.error();
    std::vector<const actor_type*> others = shared_.types.take_all_but(names);
    const auto begun = shared_.types.begin(names);
    KAY_ASSERT(begun);
    begin_places();
    return others;
}

std::byte* engine::input_room(std::size_t bytes) {
    sent_.resize((bytes + 7) / 8);
    return reinterpret_cast<std::byte*>(sent_.data());
}

void engine::show_sent(std::size_t bytes) {
    inputs_.sink()->take(sent_input{{reinterpret_cast<const std::byte*>(sent_.data()), bytes}});
}

result<void> engine::take(const input& what) {
    const float_mode mode;
    // What was accepted once comes in, whatever the budget.
    shared_.lane_chunks.set_bounded(false);
    const auto taken = std::visit([&](const auto& one) { return take_one(one); }, what);
    shared_.lane_chunks.set_bounded(true);
    return taken;
}

result<void> engine::take_one(const sent_input& sent) {
    take_post(sent.post);
    return {};
}

result<void> engine::take_one(const spawned_input& spawned) {
    raw_id made;
    const auto block =
        spawn(spawned.place, spawned.type, spawned.block.size(), made, "(a recorded type)");
    if (!block) return block.error();
    std::memcpy(*block, spawned.block.data(), spawned.block.size());
    if (made.bits != spawned.made.bits)
        return another_world("a spawn that gave " + to_string(spawned.made) + " gives " +
                             to_string(made));
    return {};
}

result<void> engine::take_one(const spread_input& spread) {
    next_spread_place(spread.type);
    return {};
}

result<void> engine::take_one(const timer_input& timer) {
    if (timer.due <= shared_.turn) return another_world("a timer is due in the past");
    inputs_.keep([&] { return timer; });
    outside_->timers().reach(shared_.turn);
    const timer_key made =
        outside_->timers().add(timer.due, timer.period, timer.type, timer.target, timer.packet);
    if (made.index != timer.made.index || made.generation != timer.made.generation)
        return another_world("a timer has another number");
    return {};
}

result<void> engine::take_one(const cancelled_input& cancelled) {
    inputs_.keep([&] { return cancelled; });
    if (!outside_->timers().cancel(cancelled.timer))
        return another_world("a timer that was cancelled is not there");
    return {};
}

result<void> engine::take_one(const constant_input& constant) {
    if (constant.number > shared_.constants.count())
        return another_world("a constant that was set is not there");
    if (constant.number < shared_.constants.count() &&
        shared_.constants.type_name(constant.number) != constant.type_name)
        return another_world("constant " + std::to_string(constant.number) + " is of another type");
    inputs_.keep([&] { return constant; });
    std::byte* const room = shared_.constants.restore(constant.number, constant.block.size(),
                                                      constant.hash, constant.type_name);
    std::memcpy(room, constant.block.data(), constant.block.size());
    return {};
}

result<void> engine::take_one(const type_input& added) { return add(*added.type); }

result<void> engine::can_take(step_kind kind) const {
    const bool fits = kind == step_kind::begin   ? !in_turn_
                      : kind == step_kind::go_on ? in_turn_ && !failed_
                                                 : failed_.has_value();
    if (!fits)
        return another_world(kind == step_kind::begin ? "a turn ended that does not end now"
                                                      : "a turn stopped that does not stop now");
    return {};
}

result<turn_summary> engine::take_step(step_kind kind) {
    KAY_ASSERT(can_take(kind));
    const float_mode mode;
    if (kind == step_kind::begin) {
        start_turn(post_rule::wait);
        return run_rounds();
    }
    inputs_.begin_step(shared_.turn, kind);
    if (kind == step_kind::go_on) return run_rounds();
    return go_on_after_failure(kind == step_kind::skip);
}

} // namespace kay::detail
