// SPDX-License-Identifier: MIT
//
// An engine as it is saved between turns: what is large lies in pages, saved as they are; the rest
// is a record.
#include "engine.hpp"

#include "../core/bytes.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace kay::detail {
namespace {

error makes_no_sense() {
    return {error_code::bad_data,
            "the saved world makes no sense: it was not written by kay, or is "
            "damaged in a way that checksums do not show"};
}

} // namespace

/// What a loaded world could not read: it cannot go on.
std::optional<error> engine::lost() const {
    if (source_)
        if (const auto failure = source_->failure())
            return error{failure->code, "the world has stopped: " + failure->text};
    return std::nullopt;
}

result<void> engine::can_be_saved() const {
    if (const auto e = lost()) return *e;
    if (failed_)
        return error{failed_->code,
                     "the world cannot be saved: it has stopped because " + text_of(*failed_)};
    if (in_turn_)
        return error{error_code::invalid_argument,
                     "the world cannot be saved: its turn has stopped in the middle"};
    if (rounds_.has_sent_from_outside())
        return error{error_code::invalid_argument,
                     "the world cannot be saved: something was sent or spawned from outside since "
                     "the last turn; save before, or after the next one"};
    return {};
}

template <class F>
void engine::each_directory(F&& f) {
    for (const auto& p : places_) {
        for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
            if (p->store_if_any(t)) p->store(t).each_directory(f);
        f(p->timers().pages());
    }
    f(outside_->timers().pages());
}

std::shared_ptr<frozen_world> engine::freeze(const snapshot_identity& base) {
    if (!has_begun()) begin();
    settle_frozen(true);
    const bool all = base == snapshot_identity{} || base != saved_as_;
    if (all && source_) read_all();
    std::size_t pages_max = shared_.constants.count();
    each_directory([&](const page_directory& d) { pages_max += d.freezes_at_most(all); });
    auto made = std::make_shared<frozen_world>(pages_max);
    frozen_pages& pages = made->pages;
    page_numbers& numbers = shared_.numbers;
    const auto freeze_timers = [&](place& p) {
        p.timers().pages().freeze(pages, numbers, all,
                                  [](std::uint32_t) { return page_content{}; });
    };
    for (const auto& p : places_) {
        for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
            if (p->store_if_any(t))
                p->store(t).freeze(pages, numbers, all, shared_.types[t].schema);
        freeze_timers(*p);
    }
    freeze_timers(*outside_);
    shared_.constants.freeze(pages, numbers, all, made->kept);
    byte_writer record;
    write(record);
    made->manifest.assign(record.written().begin(), record.written().end());
    made->numbers = numbers;
    shared_.epoch.frozen = &pages;
    ++shared_.epoch.number;
    return frozen_ = made;
}

/// Takes back the memory that is written, and ends the epoch's snapshot when it is finished.
void engine::settle_frozen(bool waits) {
    if (!frozen_) return;
    if (waits) frozen_->is_finished.wait(false, std::memory_order_acquire);
    const bool is_finished = frozen_->is_finished.load(std::memory_order_acquire);
    frozen_->pages.reap(shared_.chunks);
    if (!is_finished) return;
    if (frozen_->is_saved) {
        saved_as_ = frozen_->saved_as;
    } else {
        frozen_->pages.give_back();
        shared_.constants.thaw_unwritten();
    }
    shared_.epoch.frozen = nullptr;
    frozen_.reset();
}

void engine::write(byte_writer& to) {
    to.number(shared_.places);
    to.number(shared_.seed);
    to.number(static_cast<std::int64_t>(shared_.step.count()));
    to.number(shared_.turn);
    to.number(inputs_.kept());
    to.number(shared_.types.count());
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t) {
        const actor_type& type = shared_.types[t];
        to.text(type.name);
        to.number(type.layout_hash);
        to.number(spread_[t]);
    }
    shared_.constants.write(to);
    for (const auto& p : places_) p->write(to);
    outside_->write(to);
}

engine::identity engine::read_identity(byte_reader& from) {
    identity of;
    of.places = from.number<std::uint32_t>();
    of.seed = from.number<std::uint64_t>();
    of.step = std::chrono::nanoseconds(from.number<std::int64_t>());
    return of;
}

result<void> engine::read(byte_reader& from, std::shared_ptr<page_source> source,
                          const snapshot_identity& saved_as, bool all_now) {
    KAY_ASSERT(!has_begun());
    source_ = std::move(source);
    shared_.epoch.source = source_.get();
    const identity of = read_identity(from);
    if (of.places != shared_.places || of.seed != shared_.seed || of.step != shared_.step)
        return makes_no_sense();
    shared_.turn = from.number<std::uint64_t>();
    inputs_.set_kept(from.number<std::uint64_t>());
    const auto types = from.number<std::uint32_t>();
    if (types > type_table::types_max) return makes_no_sense();
    std::vector<std::string> names;
    std::vector<std::uint64_t> layouts;
    std::vector<std::uint32_t> spread;
    for (std::uint32_t t = 0; t < types && !from.failed(); ++t) {
        names.push_back(from.text());
        layouts.push_back(from.number<std::uint64_t>());
        spread.push_back(from.number<std::uint32_t>());
    }
    if (from.failed()) return makes_no_sense();
    if (auto begun = shared_.types.begin(names); !begun) return begun;
    lay_out();
    for (std::uint32_t t = 0; t < types; ++t) {
        if (shared_.types[t].layout_hash != layouts[t])
            return error{error_code::bad_data,
                         "the layout of " + names[t] + " is another one than when it was saved"};
        spread_[t] = spread[t];
    }
    if (!shared_.constants.read(from, source_.get())) return makes_no_sense();
    for (const auto& p : places_)
        if (!p->read(from, types)) return makes_no_sense();
    if (!outside_->read(from, types) || !from.is_at_end()) return makes_no_sense();
    if (!take_numbers()) return makes_no_sense();
    for (const auto& p : places_) p->read_tables();
    outside_->read_tables();
    const bool is_sound = !all_now || read_all();
    if (const auto failure = source_->failure()) return *failure;
    if (!is_sound) return makes_no_sense();
    saved_as_ = saved_as;
    // Types that were not there when the world was saved.
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        if (shared_.types[t].singleton && !places_[0]->store_if_any(t))
            places_[0]->make_singleton(t);
    if (options_.statistics) set_statistics(true);
    return {};
}

/// No two pages have the same number.
bool engine::take_numbers() {
    bool good = true;
    const auto take = [&](std::uint32_t first, std::uint32_t count) {
        good = good && shared_.numbers.take_these(first, count);
    };
    each_directory([&](const page_directory& d) {
        for (std::uint32_t page = 0; page < d.size(); ++page)
            if (d.has(page)) take(d.number(page), d.chunks(page));
    });
    shared_.constants.each_number(take);
    return good;
}

/// Reads what is unread. False: it makes no sense.
bool engine::read_all() {
    each_directory([](const page_directory& d) { d.read_all(); });
    for (std::uint32_t c = 0; c < shared_.constants.count(); ++c) shared_.constants.block(c);
    return std::all_of(places_.begin(), places_.end(),
                       [](const auto& p) { return p->is_sound(); }) &&
           outside_->is_sound();
}

} // namespace kay::detail
