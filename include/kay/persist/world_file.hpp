// SPDX-License-Identifier: MIT
//
// kay::world_file: a file in which worlds are saved, and from which they are loaded. A snapshot has
// a name and is the whole state of a system at the end of a turn: a loaded system goes on with the
// very hashes of the one that was saved, with any number of workers. Snapshots of one file share
// what is the same in them. What has been saved survives whatever happens to the program or the
// machine (docs/formats/world.md).
//
// One thread at a time, the one that drives the system. Whatever needs the file waits for a save
// that is under way.
#pragma once

#include <kay/core/result.hpp>
#include <kay/turn/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kay {

class migrations;

namespace detail {
struct world_on_disk;
} // namespace detail

/// What a file says of a snapshot.
struct saved_world {
    std::string name;
    std::string parent;       ///< the snapshot from which it went on; empty: none in this file
    std::uint64_t number = 0; ///< of saves into this file, from 1 on
    std::uint64_t turn = 0;   ///< at whose end it was saved
    std::uint64_t bytes = 0;  ///< of its pages, shared ones included
    std::chrono::sys_time<std::chrono::milliseconds> saved; ///< by the machine's clock
};

/// What was done by a save.
struct save_summary {
    std::uint64_t bytes_changed = 0;      ///< of pages, since the last save into this file
    std::uint64_t bytes_written = 0;      ///< tables and records included
    std::chrono::nanoseconds pause{0};    ///< for which the world could not go on
    std::chrono::nanoseconds duration{0}; ///< until it was durable
};

/// How far a save has come; all zero: there is none.
struct save_progress {
    std::string name;
    std::uint64_t bytes_total = 0; ///< that changed since the world was saved or loaded last
    std::uint64_t bytes_done = 0;
    bool is_done = false; ///< finish_save does not wait
};

/// How a system is loaded and runs; what belongs to the world comes from the file.
struct load_options {
    std::uint32_t workers = 0; ///< as in system_options
    std::size_t memory_bytes_max = 0;
    std::size_t post_bytes_max = std::size_t{64} << 20;
    bool statistics = false;
    bool verify = false; ///< reads and looks at everything at once
    /// For actor types that have another layout than when they were saved. Their instances are read
    /// and made anew at once.
    const migrations* changes = nullptr;
};

class world_file {
public:
    /// To save into and to load from. Makes the file when it is not there. Errors: it cannot be
    /// opened, somebody else saves into it, or it is something else.
    static result<world_file> open(const std::string& path);
    /// To load from.
    static result<world_file> open_to_read(const std::string& path);

    world_file(world_file&&) noexcept;
    world_file& operator=(world_file&&) noexcept;
    ~world_file();

    /// The snapshots, in the order in which they were saved.
    std::vector<saved_world> list() const;
    /// What was found damaged when the file was opened and could be done without.
    std::optional<std::string> warning() const;

    /// Begins to save a system as it is between two turns, under a name; a snapshot of that name is
    /// replaced. Then the system may go on, while a thread of the file's own writes what was
    /// changed since the system was last saved into this file, or loaded from it; everything, if it
    /// was not. A save that is still under way is waited for first. Cost of the call: a look at
    /// each page of 64 KiB that was changed, and a copy of the numbers that say where they are.
    result<void> start_save(actor_system& system, const std::string& name);
    save_progress progress() const;
    /// Waits until the save that was started is durable, or has failed: then the file has what it
    /// had before, and the next save writes what this one could not.
    result<save_summary> finish_save();

    /// Both in one: waits for it.
    result<save_summary> save(actor_system& system, const std::string& name);

    /// The same world under another name too, to go on from it twice.
    result<void> branch(const std::string& name, const std::string& as);
    /// Its space is used again by later saves.
    result<void> remove(const std::string& name);

    /// A system as it was saved. All its actor types have to be among Actors, with the layout that
    /// they had; an error says which are not, and how. Other types are added to it.
    /// Cost: a few numbers for each page of 64 KiB. Pages are read, and checked, when they are
    /// needed first: an actor's when it gets a message, all of a type's tables in a place (12 bytes
    /// an instance) when one of them dies there. What is damaged is an error of the turn then,
    /// which names it, and the system stops. So the file has to stay; the system may live longer
    /// than this object.
    template <class... Actors>
    result<actor_system> load(const std::string& name, const load_options& options = {}) {
        return load_by<Actors...>(trust::full, name, options);
    }

    /// The same for a file of anybody's. All of it is read and looked at before anything is made
    /// of it: whatever is in it, neither kay nor handlers that stay inside of their own state are
    /// led outside of it. What values mean is not looked at: numbers may be absurd, ids may name
    /// nobody, enumerations have values without a name, sets be out of order. Nothing is migrated,
    /// and a world that has stopped, or in which messages wait, is refused. Takes at most twice the
    /// file's size of memory.
    template <class... Actors>
    result<actor_system> load_untrusted(const std::string& name, const load_options& options = {}) {
        return load_by<Actors...>(trust::none, name, options);
    }

private:
    friend struct detail::world_on_disk;
    enum class trust : bool { none, full };
    struct state;

    template <class... Actors>
    result<actor_system> load_by(trust whether, const std::string& name,
                                 const load_options& options) {
        if (auto good = check(whether, name); !good) return good.error();
        auto made = make_system(name, options);
        if (!made) return made.error();
        result<void> all;
        const auto keep = [&](const result<void>& one) {
            if (all && !one) all = one;
        };
        (keep(made->template add<Actors>()), ...);
        if (!all) return all.error();
        if (auto filled = fill(*made, whether, name, options); !filled) return filled.error();
        return made;
    }

    explicit world_file(std::unique_ptr<state> opened);
    result<actor_system> make_system(const std::string& name, const load_options& options);
    result<void> check(trust whether, const std::string& name);
    result<void> fill(actor_system& system, trust whether, const std::string& name,
                      const load_options& options);
    result<void> fill_in(actor_system& system, trust whether, const std::string& name,
                         const load_options& options);

    std::unique_ptr<state> state_;
};

} // namespace kay
