// SPDX-License-Identifier: MIT
#include <kay/turn/actor_system.hpp>

#include "engine.hpp"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace kay {
namespace {

std::unique_ptr<detail::engine> make_engine(const system_options& options) {
    if (auto good = detail::engine::check(options); !good) {
#if defined(__cpp_exceptions)
        throw std::invalid_argument(good.error().text);
#else
        std::fprintf(stderr, "kay: %s\n", good.error().text.c_str());
        std::abort();
#endif
    }
    return std::make_unique<detail::engine>(options);
}

} // namespace

actor_system::actor_system(const system_options& options) : engine_(make_engine(options)) {}
actor_system::actor_system(std::unique_ptr<detail::engine> engine) : engine_(std::move(engine)) {}
actor_system::actor_system(actor_system&&) noexcept = default;
actor_system& actor_system::operator=(actor_system&&) noexcept = default;
actor_system::~actor_system() = default;

result<actor_system> actor_system::create(const system_options& options) {
    if (auto good = detail::engine::check(options); !good) return good.error();
    return actor_system(std::make_unique<detail::engine>(options));
}

result<turn_summary> actor_system::turn() {
    KAY_ASSERT(!engine_->is_in_handlers()); // a handler has its kay::world for what it wants to do
    return engine_->turn();
}
result<turn_summary> actor_system::resume(after_failure how) {
    return engine_->resume(how == after_failure::skip);
}
std::optional<error> actor_system::take_problem() { return engine_->take_problem(); }

std::uint64_t actor_system::turn_number() const { return engine_->shared().turn; }
std::chrono::nanoseconds actor_system::now() const { return engine_->outside().now(); }
std::uint32_t actor_system::places() const { return engine_->options().places; }
std::uint32_t actor_system::workers() const { return engine_->worker_count(); }
std::uint64_t actor_system::hash() { return engine_->hash(); }

poster actor_system::make_poster() { return poster(engine_->posts()); }
void actor_system::set_statistics(bool on) { engine_->set_statistics(on); }
system_statistics actor_system::statistics() const { return engine_->statistics(); }
std::size_t actor_system::bytes_reserved() const { return engine_->bytes_reserved(); }
std::vector<outbound_packet> actor_system::take_outbox() { return engine_->take_outbox(); }

void actor_system::begin() const {
    KAY_ASSERT(!engine_->is_in_handlers()); // a handler has its kay::world for what it wants to do
    if (!engine_->has_begun()) engine_->begin();
}
world& actor_system::outside() const { return engine_->outside(); }
result<void> actor_system::add_type(const detail::actor_type& type) { return engine_->add(type); }

std::uint32_t actor_system::spread(std::uint32_t type) { return engine_->next_spread_place(type); }

std::byte* actor_system::spawn_block(std::uint32_t place, std::uint32_t type, std::size_t bytes,
                                     raw_id& made, std::string_view type_name) {
    auto block = engine_->spawn(place, type, bytes, made, type_name);
    if (block) return *block;
    engine_->remember(block.error());
    return nullptr;
}

void actor_system::show_spawned(std::uint32_t place, std::uint32_t type, raw_id made,
                                std::span<const std::byte> block) {
    engine_->inputs().note_waiting();
    if (const auto& sink = engine_->inputs().sink())
        sink->take(detail::spawned_input{place, type, made, block});
}
bool actor_system::is_sending_shown() {
    engine_->inputs().note_waiting();
    return engine_->inputs().sink() != nullptr;
}
std::byte* actor_system::input_room(std::size_t bytes) { return engine_->input_room(bytes); }
void actor_system::show_sent(std::size_t bytes) { engine_->show_sent(bytes); }

bool actor_system::accepts_id(raw_id to, std::uint32_t type, std::string_view type_name) {
    auto good = engine_->accepts(to, type, type_name);
    if (!good) engine_->remember(good.error());
    return good.has_value();
}

bool actor_system::accepts_key(raw_id to, std::uint32_t key) {
    if (to.bits == 0) {
        engine_->remember({error_code::invalid_argument, "the id of a trait names nobody"});
        return false;
    }
    const std::uint32_t type = engine_->shared().types.by_key(key);
    const bool known = type < engine_->shared().types.count();
    return accepts_id(
        to, type, known ? engine_->shared().types[type].name : std::string_view("(a trait's id)"));
}

bool actor_system::refuse_memory() {
    engine_->remember({error_code::out_of_memory, "out of memory: the message was not sent; raise "
                                                  "memory_bytes_max, or run a turn"});
    return false;
}

bool actor_system::nothing_failed_outside() {
    auto problem = engine_->take_outside_failure();
    if (problem) engine_->remember({error_code::not_found, *problem});
    return !problem;
}

std::size_t actor_system::count_of(std::uint32_t type) const {
    std::size_t total = 0;
    for (std::uint32_t p = 0; p < places(); ++p)
        if (const detail::instance_store* s = store_if_any(p, type)) total += s->count();
    return total;
}

const detail::instance_store* actor_system::store_if_any(std::uint32_t place,
                                                         std::uint32_t type) const {
    return place < places() ? engine_->store_if_any(place, type) : nullptr;
}

std::byte* actor_system::room_for_constant(std::uint32_t number, std::size_t bytes) {
    KAY_ASSERT(!engine_->is_in_handlers());
    return engine_->shared().constants.room_for(number, bytes);
}

std::uint32_t actor_system::keep_constant(std::uint32_t number, std::byte* room, std::size_t bytes,
                                          std::uint64_t (*hash_of_block)(const std::byte* block),
                                          const detail::schema_node* type) {
    return engine_->keep_constant(number, room, bytes, hash_of_block, type);
}

bool actor_system::accepts_constant(std::uint32_t number, std::string_view type_name) {
    KAY_ASSERT(!engine_->is_in_handlers());
    if (number < engine_->shared().constants.count()) return true;
    engine_->remember(
        {error_code::invalid_argument, "the constant of " + std::string(type_name) +
                                           " that is to be set is null, or of another world"});
    return false;
}

} // namespace kay
