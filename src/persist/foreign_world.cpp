// SPDX-License-Identifier: MIT
#include "foreign_world.hpp"

#include "../turn/timer_packets.hpp"
#include "content_plan.hpp"
#include "schema.hpp"

#include <kay/message/packet.hpp>
#include <kay/turn/world.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kay::detail {
namespace {

error leads_astray(const std::string& what) {
    return {error_code::bad_data, what + " is not what its type says: the file was not written by "
                                         "kay, or was changed on purpose"};
}

class checker {
public:
    explicit checker(engine& world) : world_(world) {
        for (std::uint32_t c = 0; c < constants().count(); ++c)
            constant_names_.add(std::string(constants().type_name(c)));
    }

    result<void> run() {
        const type_table& types = world_.shared().types;
        for (std::uint32_t c = 0; c < constants().count(); ++c)
            if (!is_sound_constant(c)) return leads_astray("constant " + std::to_string(c));
        for (std::uint32_t t = 0; t < types.count(); ++t)
            for (std::uint32_t p = 0; p < world_.shared().places; ++p)
                if (const instance_store* s = world_.store_if_any(p, t))
                    if (auto good = check_store(*s, types[t], p); !good) return good;
        if (!are_leases_sound()) return leads_astray("what a place may spawn elsewhere");
        result<void> timers;
        world_.each_timer([&](const timer_wheel::entry& timer) {
            if (timers && !is_sound_timer(timer)) timers = leads_astray("a timer's message");
        });
        return timers;
    }

private:
    const detail::constants& constants() { return world_.shared().constants; }

    /// Of a type that this program has.
    const content_plan& plan_of(const schema_node& type) {
        auto& plan = plans_[&type];
        if (!plan) {
            const std::uint32_t number = types_.add(type);
            plan = std::make_unique<content_plan>(types_, number);
        }
        return *plan;
    }
    bool is_sound(const schema_node& type, std::span<const std::byte> block) {
        return plan_of(type).is_sound(block.data(), block.data(), block.data() + block.size(),
                                      &constant_names_);
    }

    /// One that this program cannot read does no harm.
    bool is_sound_constant(std::uint32_t number) {
        const schema_node* const type = constants().type(number);
        return !type || is_sound(*type, {constants().block(number), constants().bytes(number)});
    }

    result<void> check_store(const instance_store& s, const actor_type& type, std::uint32_t place) {
        for (const instance_store::run& r : s.runs())
            for (std::uint32_t row = 0; row < r.count; ++row) {
                const std::byte* const block = s.chunk_base(r.chunks[row / r.rows_per_chunk]) +
                                               std::size_t{row % r.rows_per_chunk} * r.stride;
                if (!is_sound(*type.schema, {block, r.stride}))
                    return leads_astray("an actor of " + std::string(type.name) + " in place " +
                                        std::to_string(place));
            }
        return {};
    }

    /// What a place takes next in another one is nobody's there.
    bool are_leases_sound() {
        const std::uint32_t places = world_.shared().places;
        bool good = true;
        /// [source] by target and type
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> striped;
        std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> leased;
        world_.each_place([&](const place& p) {
            p.held().each_held([&](std::uint32_t target, std::uint32_t type,
                                   std::span<const lease_entry> entries, std::uint32_t used) {
                auto& of_all = striped[{target, type}];
                of_all.resize(places);
                of_all[p.number()] = used;
                const instance_store* const s = world_.store_if_any(target, type);
                for (const lease_entry& e : entries)
                    good = good && s && leased.insert({target, type, e.slot}).second &&
                           s->fate_of(e.slot, e.generation) == slot_fate::not_yet_born;
            });
        });
        for (std::uint32_t p = 0; p < places; ++p)
            for (std::uint32_t t = 0; t < world_.shared().types.count(); ++t)
                if (const instance_store* s = world_.store_if_any(p, t))
                    s->slots().each_used([&](std::uint32_t slot) {
                        if (slot < own_slots_of(places)) return;
                        const stripe_place at = stripe_of(slot, places);
                        const auto found = striped.find({p, t});
                        good = good && found != striped.end() && at.n < found->second[at.source];
                    });
        return good;
    }

    bool is_sound_timer(const timer_wheel::entry& timer) {
        const type_table& types = world_.shared().types;
        if (!is_waiting_packet(timer.type, timer.target, timer.packet, world_.shared().places))
            return false;
        if (timer.type == any_implementor) {
            const trait_packet all = read_trait_packet(timer.packet);
            for (std::uint32_t t = 0; t < types.count(); ++t)
                for (const handler_record& h : types[t].handlers)
                    if (h.key == all.message_key) return is_sound_message(h, all.message);
            return true; // nobody receives it
        }
        if (timer.type >= types.count()) return false;
        const auto handlers = types[timer.type].handlers;
        const std::uint32_t tag = read_header(timer.packet.data()).tag();
        return tag < handlers.size() &&
               is_sound_message(handlers[tag], waiting_message(timer.packet));
    }
    bool is_sound_message(const handler_record& h, std::span<const std::byte> payload) {
        const std::size_t least = payload_bytes_of(h);
        return least == 0 || (payload.size() >= least && is_sound(*h.schema, payload));
    }

    engine& world_;
    schema types_;
    constant_names constant_names_;
    std::unordered_map<const schema_node*, std::unique_ptr<content_plan>> plans_;
};

} // namespace

result<void> check_foreign(engine& world) { return checker(world).run(); }

} // namespace kay::detail
