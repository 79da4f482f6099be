// SPDX-License-Identifier: MIT
#include "input_recorder.hpp"

#include <new>

namespace kay::detail {
namespace {

/// What enters between two turns goes to the writer in pieces of about this size.
constexpr std::size_t piece_bytes = std::size_t{1} << 20;

/// Well below what a frame has room for.
constexpr std::size_t input_bytes_max = std::size_t{2} << 30;

} // namespace

void input_recorder::take(const input& what) {
    const shared_state& shared = world_->shared();
    guarded([&] {
        const std::size_t before = record_.written().size();
        encoder_.write(what, shared.types, record_);
        if (record_.written().size() - before > input_bytes_max) {
            record_.cut(before);
            return writer_->give_up(
                {error_code::exhausted, "an input of more than 2 GiB cannot be recorded"});
        }
        if (record_.written().size() < piece_bytes) return;
        const bool in_turn = world_->is_in_turn();
        put(frame_kind::inputs, shared.turn + (in_turn ? 0 : 1),
            in_turn ? step_kind::go_on : step_kind::begin);
        has_put_inputs_ = true;
    });
}

void input_recorder::begin_step(std::uint64_t turn, step_kind kind) {
    if (kind == step_kind::begin && !has_unfinished_step()) return;
    guarded([&] {
        put(frame_kind::step, turn, kind);
        has_put_inputs_ = false;
    });
}

void input_recorder::put(frame_kind kind, std::uint64_t turn, step_kind step) {
    record_.number(static_cast<std::uint8_t>(step));
    writer_->put(kind, turn, record_.written());
    record_.cut(0);
}

template <class F>
void input_recorder::guarded(F&& f) {
#if defined(__cpp_exceptions)
    try {
        f();
    } catch (const std::bad_alloc&) {
        record_.cut(0);
        writer_->give_up({error_code::out_of_memory, "out of memory: the input log ends here"});
    }
#else
    f();
#endif
}

} // namespace kay::detail
