// SPDX-License-Identifier: MIT
//
// An engine as it is saved between turns: what is large is parts, saved as they lie in memory; the
// rest is a record.
#include "engine.hpp"

#include "../core/bytes.hpp"

#include <string>

namespace kay::detail {
namespace {

error makes_no_sense() {
    return {error_code::bad_data,
            "the saved world makes no sense: it was not written by kay, or is "
            "damaged in a way that checksums do not show"};
}

} // namespace

result<void> engine::can_be_saved() const {
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

void engine::write(byte_writer& to) {
    if (!has_begun()) begin();
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
    to.number(shared_.constants.count());
    for (std::uint32_t c = 0; c < shared_.constants.count(); ++c) {
        to.number(static_cast<std::uint64_t>(shared_.constants.bytes(c)));
        to.number(shared_.constants.hash_of(c));
    }
    for (const auto& p : places_) p->write(to);
    outside_->write(to);
}

result<void> engine::read(byte_reader& from) {
    KAY_ASSERT(!has_begun());
    const auto places = from.number<std::uint32_t>();
    const auto seed = from.number<std::uint64_t>();
    const auto step = from.number<std::int64_t>();
    if (places != shared_.places || seed != shared_.seed || step != shared_.step.count())
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
    const auto constants = from.number<std::uint32_t>();
    for (std::uint32_t c = 0; c < constants && !from.failed(); ++c) {
        const auto bytes = from.number<std::uint64_t>();
        const auto hash = from.number<std::uint64_t>();
        if (from.failed() || bytes % 16) return makes_no_sense();
        shared_.constants.restore(c, bytes, hash);
    }
    for (const auto& p : places_)
        if (!p->read(from, types)) return makes_no_sense();
    if (!outside_->read(from, types) || !from.is_at_end()) return makes_no_sense();
    return {};
}

result<void> engine::connect() {
    for (const auto& p : places_)
        if (!p->connect()) return makes_no_sense();
    if (!outside_->connect()) return makes_no_sense();
    // Types that were not there when the world was saved.
    for (std::uint32_t t = 0; t < shared_.types.count(); ++t)
        if (shared_.types[t].singleton && !places_[0]->store_if_any(t))
            places_[0]->make_singleton(t);
    if (options_.statistics) set_statistics(true);
    return {};
}

void engine::each_part(const std::function<void(const saved_part&)>& f) {
    const auto each_page = [&](place& p) {
        for (std::size_t i = 0; i < p.timers().page_count(); ++i)
            f({p.timers().page(i), chunk_bytes, nullptr, 0, 0});
    };
    for (const auto& p : places_) {
        for (std::uint32_t t = 0; t < shared_.types.count(); ++t) {
            if (!p->store_if_any(t)) continue;
            instance_store& s = p->store(t);
            s.each_chunk([&](std::byte* base, const instance_store::run& r, std::uint32_t rows) {
                f({base, std::size_t{r.chunk_count} * chunk_bytes, shared_.types[t].schema,
                   r.stride, rows});
            });
            for (std::uint32_t page = 0; page < s.slots().pages_end(); ++page)
                if (std::byte* const at = s.slots().page_bytes(page))
                    f({at, chunk_bytes, nullptr, 0, 0});
        }
        each_page(*p);
    }
    each_page(*outside_);
    for (std::uint32_t c = 0; c < shared_.constants.count(); ++c)
        f({const_cast<std::byte*>(shared_.constants.block(c)), shared_.constants.bytes(c),
           shared_.constants.type(c), static_cast<std::uint32_t>(shared_.constants.bytes(c)), 1});
}

} // namespace kay::detail
