// SPDX-License-Identifier: MIT
#include "log_session.hpp"

namespace kay::detail {

std::vector<std::byte> log_session::write(engine& world) {
    const shared_state& shared = world.shared();
    byte_writer to;
    to.number(world.inputs().entered());
    to.number(world.options().rounds_max);
    to.number(world.hash());
    to.number(shared.constants.count());
    to.number(shared.types.count());
    for (std::uint32_t t = 0; t < shared.types.count(); ++t)
        logged_type::write(shared.types[t], to);
    return to.take();
}

result<log_session> log_session::read(std::span<const std::byte> payload) {
    byte_reader from(payload);
    log_session session;
    session.entered = from.number<std::uint64_t>();
    session.rounds_max = from.number<std::uint64_t>();
    session.hash = from.number<std::uint64_t>();
    session.constants = from.number<std::uint32_t>();
    const auto types = from.number<std::uint32_t>();
    for (std::uint32_t t = 0; t < types && !from.failed(); ++t)
        session.types.push_back(logged_type::read(from));
    if (!from.is_at_end() || session.types.size() > type_table::types_max)
        return error{error_code::bad_data, "what the log says of the world makes no sense"};
    return session;
}

} // namespace kay::detail
