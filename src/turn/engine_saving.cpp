// SPDX-License-Identifier: MIT
//
// An engine as it is saved between turns: what is large lies in pages, saved as they are; the rest
// is a record.
#include "engine.hpp"

#include "../core/bytes.hpp"
#include "saved_head.hpp"
#include "timer_packets.hpp"

#include <kay/message/packet.hpp>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::uint64_t turn_max = ~std::uint64_t{0} / 2; ///< of a world that is to go on

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
    for (const auto& p : places_)
        if (p->has_unsettled_blocks())
            return error{error_code::out_of_memory,
                         "the world cannot be saved: what an actor holds has found no room when it "
                         "stopped; raise memory_bytes_max and go on first"};
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

/// A frozen world of which there is no record for want of memory: it is given back.
struct engine::unfinished {
    engine& world;
    bool is_needed = true;

    ~unfinished() {
        if (!is_needed) return;
        world.frozen_->finish(nullptr);
        world.settle_frozen(false);
    }
};

std::shared_ptr<frozen_world> engine::freeze(const snapshot_identity& base) {
    if (!has_begun()) begin();
    settle_frozen(true);
    const bool all = base == snapshot_identity{} || base != saved_as_;
    if (all && source_) read_all();
    // All that can throw comes first: what is half frozen could not be given back.
    std::size_t pages_max = shared_.constants.count();
    std::size_t numbers_max = shared_.constants.chunks_at_most();
    std::size_t owners_max = 0;
    std::size_t pages = 0;
    each_directory([&](const page_directory& d) {
        ++owners_max;
        pages += d.count();
        pages_max += d.freezes_at_most(all);
        numbers_max += d.numbers_at_most(all);
    });
    if (!spare_frozen_ || spare_frozen_.use_count() > 1)
        spare_frozen_ = std::make_shared<frozen_world>();
    const std::shared_ptr<frozen_world> made = spare_frozen_;
    made->prepare(pages_max, owners_max);
    made->kept.reserve(shared_.constants.count());
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        made->actors.push_back(shared_.types[t].schema);
    for (std::uint32_t c = 0; c < shared_.constants.count(); ++c)
        made->constants.push_back(shared_.constants.type(c));
    page_numbers& numbers = shared_.numbers;
    numbers.reserve(numbers_max);
    for (const auto& p : places_) {
        for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
            if (p->store_if_any(t)) p->store(t).freeze(made->pages, numbers, all);
        p->timers().pages().freeze(made->pages, numbers, all);
    }
    outside_->timers().pages().freeze(made->pages, numbers, all);
    shared_.constants.freeze(made->pages, numbers, all, made->kept);
    shared_.epoch.frozen = &made->pages;
    ++shared_.epoch.number;
    frozen_ = made;
    constexpr std::uint64_t turns_at_least = 64;
    const std::uint64_t last = for_saves_.frozen_turn;
    const std::uint64_t between = last > 0 ? shared_.turn - last : 0;
    for_saves_.frozen_turn = shared_.turn;
    for_saves_.kept_until = shared_.turn + turns_at_least + 2 * between;
    unfinished guard{*this};
    byte_writer record(std::move(made->manifest));
    record.reserve(pages * 3 * sizeof(std::uint32_t)); // most of it
    write(record, made->late_hashes);
    made->manifest = record.take();
    made->numbers = numbers;
    made->ended_turn = shared_.turn - (in_turn_ ? 1 : 0);
    guard.is_needed = false;
    return made;
}

void engine::trim_chunks() {
    if (frozen_) for_saves_.peak = std::max(for_saves_.peak, shared_.chunks.bytes_in_use_max());
    if (shared_.turn > for_saves_.kept_until) for_saves_.bytes = 0;
    shared_.chunks.trim(for_saves_.bytes);
}

/// Takes back the memory that is written, and ends the epoch's snapshot when it is finished.
void engine::settle_frozen(bool waits) {
    if (!frozen_) return;
    if (waits) frozen_->is_finished.wait(false, std::memory_order_acquire);
    const bool is_finished = frozen_->is_finished.load(std::memory_order_acquire);
    frozen_->pages.reap(shared_.chunks);
    if (!is_finished) return;
    for_saves_.bytes = std::max(for_saves_.peak, shared_.chunks.bytes_in_use_max());
    for_saves_.peak = 0;
    if (frozen_->is_saved) {
        saved_as_ = frozen_->saved_as;
        for (const late_hash& h : frozen_->late_hashes) shared_.constants.take_hash(h);
    } else {
        frozen_->pages.give_back();
        shared_.constants.thaw_unwritten();
    }
    shared_.epoch.frozen = nullptr;
    frozen_.reset();
}

void engine::write(byte_writer& to, std::vector<late_hash>& late) {
    saved_head head{
        shared_.places, shared_.seed, shared_.step, shared_.turn, inputs_.entered(), {}, {}};
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t) {
        const actor_type& type = shared_.types[t];
        head.types.push_back({std::string(type.name), type.layout_hash, spread_[t], {}});
        for (const handler_record& h : type.handlers)
            head.types.back().messages.push_back({std::string(h.name), h.layout_hash});
    }
    for (std::uint32_t c = 0; c < shared_.constants.count(); ++c)
        head.constants.emplace_back(shared_.constants.type_name(c));
    head.write(to);
    shared_.constants.write(to, late);
    for (const auto& p : places_) p->write(to);
    outside_->write(to);
    to.number(static_cast<std::uint8_t>(in_turn_));
    to.number(round_count_);
    rounds_.write_waiting(to);
}

result<void> engine::read(byte_reader& from, std::shared_ptr<page_source> source,
                          const snapshot_identity& saved_as, bool all_now,
                          std::span<const migration> migrations) {
    KAY_ASSERT(!has_begun());
    source_ = std::move(source);
    shared_.epoch.source = source_.get();
    const saved_head head = saved_head::read(from);
    if (from.failed() || head.places != shared_.places || head.seed != shared_.seed ||
        head.step != shared_.step || head.turn > turn_max)
        return makes_no_sense();
    shared_.turn = head.turn;
    inputs_.set_entered(head.entered);
    std::vector<std::string> names;
    names.reserve(head.types.size());
    for (const saved_head::saved_actor& type : head.types) names.push_back(type.name);
    if (auto begun = shared_.types.begin(names); !begun) return begun;
    lay_out();
    const auto types = static_cast<std::uint32_t>(head.types.size());
    std::vector<changed_tags> changes(types);
    std::vector<const migration*> migrated(types);
    for (std::uint32_t t = 0; t < types; ++t) {
        const std::uint64_t before = head.types[t].layout_hash;
        if (shared_.types[t].layout_hash != before) {
            const auto found =
                std::find_if(migrations.begin(), migrations.end(), [&](const migration& m) {
                    return m.type == names[t] && m.before->layout_hash == before;
                });
            if (found == migrations.end())
                return error{error_code::bad_data, "the layout of " + names[t] +
                                                       " is another one than when it was saved"};
            migrated[t] = &*found;
        }
        spread_[t] = head.types[t].next_place;
        changes[t] = changes_of(head.types[t], shared_.types[t]);
    }
    if (!shared_.constants.read(from, head.constants, source_.get())) return makes_no_sense();
    for (const auto& p : places_)
        if (!p->read(from, migrated)) {
            if (const auto failure = source_->failure()) return *failure;
            return makes_no_sense();
        }
    if (!outside_->read(from, migrated)) return makes_no_sense();
    in_turn_ = from.number<std::uint8_t>() != 0;
    round_count_ = from.number<std::uint64_t>();
    if (!rounds_.read_waiting(from) || !from.is_at_end()) return makes_no_sense();
    if (place* const failed = rounds_.first_failed()) failed_ = *failed->failure();
    if (!take_numbers()) return makes_no_sense();
    const bool is_sound = !all_now || read_all();
    if (const auto failure = source_->failure()) return *failure;
    if (!is_sound) return makes_no_sense();
    auto same = take_changes(head, changes);
    if (const auto failure = source_->failure()) return *failure;
    if (!same) return same;
    const bool is_as_saved = std::all_of(migrated.begin(), migrated.end(),
                                         [](const migration* m) { return m == nullptr; });
    if (is_as_saved) saved_as_ = saved_as;
    // Types that were not there when the world was saved.
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        if (shared_.types[t].singleton && !places_[0]->store_if_any(t))
            places_[0]->make_singleton(t);
    if (options_.statistics) set_statistics(true);
    return {};
}

/// Messages that wait are told by their position in a list, which may be another one by now.
result<void> engine::take_changes(const saved_head& head, std::span<const changed_tags> changes) {
    const bool are_same = std::all_of(changes.begin(), changes.end(),
                                      [](const changed_tags& c) { return c.now.empty(); });
    if (are_same) return {};
    if (rounds_.has_waiting())
        return error{error_code::bad_data, "messages wait to be handled, and the lists of messages "
                                           "are other ones than when the world was saved"};
    bool makes_sense = true;
    each_timer([&](const timer_wheel::entry& timer) {
        const bool is_packet =
            is_waiting_packet(timer.type, timer.target, timer.packet, shared_.places);
        makes_sense =
            makes_sense && is_packet &&
            (timer.type == any_implementor ||
             (timer.type < head.types.size() &&
              read_header(timer.packet.data()).tag() < head.types[timer.type].messages.size()));
    });
    if (!makes_sense) return makes_no_sense();
    // Messages that nobody receives any more as they were.
    std::unordered_map<std::uint32_t, std::string> gone;
    for (std::uint32_t t = 0; t < changes.size(); ++t)
        for (std::uint32_t tag = 0; tag < changes[t].now.size(); ++tag)
            if (changes[t].now[tag] == changed_tags::gone) {
                const std::string& name = head.types[t].messages[tag].name;
                gone.emplace(key_of_name(name), name);
            }
    std::string lost;
    const auto head_of = [&](const timer_wheel::entry& timer) {
        const packet_header header = read_header(timer.packet.data());
        if (timer.type == any_implementor) {
            const auto found = gone.find(read_trait_packet(timer.packet).message_key);
            if (found != gone.end()) lost = found->second;
            return header.bits;
        }
        if (changes[timer.type].now.empty()) return header.bits;
        const std::uint32_t now = changes[timer.type].now[header.tag()];
        if (now != changed_tags::gone) return header.with_tag(now).bits;
        lost = head.types[timer.type].messages[header.tag()].name;
        return header.bits;
    };
    for (const auto& p : places_) p->timers().change_heads(head_of);
    outside_->timers().change_heads(head_of);
    if (lost.empty()) return {};
    return error{error_code::bad_data,
                 "a timer waits with the message " + lost +
                     ", which is not received any more, or has another layout"};
}

/// No two pages have the same number, and all are there.
bool engine::take_numbers() {
    bool good = true;
    std::uint32_t first = 0, count = 0; // numbers mostly follow each other
    const auto take = [&](std::uint32_t next, std::uint32_t so_many) {
        if (next == first + count) {
            count += so_many;
            return;
        }
        good = good && source_->has(first, count) && shared_.numbers.take_these(first, count);
        first = next;
        count = so_many;
    };
    each_directory([&](const page_directory& d) {
        for (std::uint32_t page = 0; const std::uint32_t number : d.numbers()) {
            if (number != page_directory::no_number) take(number, d.chunks(page));
            ++page;
        }
    });
    shared_.constants.each_number(take);
    take(page_directory::no_number, 0);
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
