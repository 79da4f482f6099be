// SPDX-License-Identifier: MIT
//
// A handler of a place has failed: what is noted of it, and how the place goes on. The message
// stays where it is; blocks are made whole, as they are between handlers.
#include "place.hpp"

#include "control_packets.hpp"

#include <utility>

namespace kay::detail {

/// Whose handler failed, or whose block found no room after a broadcast. Null in the system's own
/// packets.
raw_id place::failing_actor() const {
    if (after_ & after_fail) return fail_actor_;
    if (block_ || pending_done_ == pending_.size()) return current_id();
    const std::uint32_t slot = pending_[pending_done_] & ~dies_mark;
    return raw_id{place_, store_->generation_of(slot), slot};
}

void place::note_failure(const batch& b, failure_reason why) {
    end_row(b);
    const actor_type& type = shared_.types[running_type_];
    const std::uint32_t tag = read_header(b.next->packet).tag();
    handler_failure f;
    f.place = place_;
    f.actor_type = type.name;
    f.actor = failing_actor();
    f.message_type = tag < type.handlers.size() ? std::string(type.handlers[tag].name) : "(spawn)";
    f.text = std::move(why.text);
    f.code = why.code;
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

void place::skip_failed_message() {
    KAY_ASSERT(!incoming.empty());
    inbox_segment& s = incoming.front();
    const std::byte* const end = s.begin + whole_bytes(s.begin, read_header(s.begin));
    release_if_spawn(shared_.types[s.type], s.begin);
    s.begin = end;
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

std::optional<std::string> place::take_fail_text() {
    if (!(after_ & after_fail)) return std::nullopt;
    after_ = 0;
    return std::move(fail_text_);
}

} // namespace kay::detail
