// SPDX-License-Identifier: MIT
//
// What stays of a run: the file in which the city is saved, and the log of what entered it; and how
// a city comes back from them.
#pragma once

#include "options.hpp"
#include "report.hpp"
#include "simulation.hpp"

#include <kay/kay.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace city {

class history {
public:
    explicit history(const options& o);

    /// Opens the file to save into, if there is to be one. Before anything else.
    kay::result<void> open();

    /// The city of --load, as it was saved.
    kay::result<std::unique_ptr<simulation>> load();

    /// The city stands at the end of its first turn, or was loaded: what is in the log is replayed,
    /// and from now on it is recorded. Says on standard output what was replayed.
    kay::result<void> begin(simulation& s);

    /// Saves when it is time to. What fails is told on standard error, and tried again the next
    /// time.
    void after_turn(simulation& s);

    /// How much of a save that is under way has been written; nothing: none is.
    std::optional<double> share_saved() const;

    /// The city has ended: saves it, and waits until all is durable.
    kay::result<void> end(simulation& s);

    /// Of all that was saved.
    const snapshot_figures& saved() const { return saved_; }

private:
    static constexpr const char* latest = "latest";

    void note(const kay::result<kay::save_summary>& saved);

    snapshot_name save_to_, load_from_;
    std::uint64_t save_every_; ///< turns; zero: at the end only
    std::string record_;
    std::uint64_t replay_to_;
    std::uint32_t workers_;
    std::optional<kay::world_file> file_; ///< to save into
    std::optional<kay::input_log> log_;
    std::optional<kay::autosave> autosave_;
    snapshot_figures saved_;
};

} // namespace city
