// SPDX-License-Identifier: MIT
//
// Records the inputs of an engine: encodes them as they enter and hands the writer a record for
// each step that has any. Of the thread that drives the system.
#pragma once

#include "../turn/engine.hpp"
#include "input_codec.hpp"
#include "log_writer.hpp"

#include <memory>

namespace kay::detail {

class input_recorder final : public input_sink {
public:
    input_recorder(engine& world, std::unique_ptr<log_writer> writer)
        : world_(&world), writer_(std::move(writer)) {}

    void take(const input& what) override;
    void begin_step(std::uint64_t turn, step_kind kind) override;
    void end_turn(std::uint64_t turn) override { writer_->end_turn(turn); }
    void leave() override { world_ = nullptr; }
    void await(std::uint64_t turn) override { writer_->await(turn); }

    /// Whose inputs are recorded; null: nobody's any more.
    engine* world() const { return world_; }
    log_writer& writer() { return *writer_; }
    /// Inputs have entered since the last step.
    bool has_unfinished_step() const { return has_put_inputs_ || !record_.written().empty(); }

private:
    template <class F>
    void guarded(F&& f);
    /// Hands over what has come together, and the step that it comes before.
    void put(frame_kind kind, std::uint64_t turn, step_kind step);

    engine* world_;
    std::unique_ptr<log_writer> writer_;
    input_encoder encoder_;
    byte_writer record_;
    bool has_put_inputs_ = false; ///< frames before the one of the step
};

} // namespace kay::detail
