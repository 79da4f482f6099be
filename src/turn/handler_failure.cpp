// SPDX-License-Identifier: MIT
#include "handler_failure.hpp"

#include <kay/memory/chunk_pool.hpp>
#include <kay/store/instance_store.hpp>

#include <exception>
#include <new>

namespace kay::detail {

std::string text_of(const handler_failure& f) {
    return f.actor_type + (f.actor.bits ? '@' + to_string(f.actor) : std::string()) +
           " failed in the handler of " + f.message_type + ": " + f.text;
}

#if defined(__cpp_exceptions)
failure_reason reason_of_exception() {
    try {
        throw;
    } catch (const out_of_memory& e) {
        return {"out of memory: " + std::to_string(e.bytes_wanted) + " bytes are wanted and " +
                    std::to_string(e.bytes_used) + " of " +
                    (e.bytes_max ? std::to_string(e.bytes_max) : "the machine's") +
                    " are used: raise memory_bytes_max, or spawn less",
                error_code::out_of_memory};
    } catch (const std::bad_alloc&) {
        return {"out of memory", error_code::out_of_memory};
    } catch (const slots_exhausted&) {
        return {"this type has no ids left in a place: use more places, or spawn less",
                error_code::exhausted};
    } catch (const std::exception& e) {
        return {e.what(), error_code::handler_failed};
    } catch (...) {
        return {"an exception that is no std::exception", error_code::handler_failed};
    }
}
#endif

void write(const handler_failure& f, byte_writer& to) {
    to.number(f.place);
    to.text(f.actor_type);
    to.number(f.actor.bits);
    to.text(f.message_type);
    to.text(f.text);
    to.number(static_cast<std::uint8_t>(f.code));
}

handler_failure read_failure(byte_reader& from) {
    handler_failure f;
    f.place = from.number<std::uint32_t>();
    f.actor_type = from.text();
    f.actor.bits = from.number<std::uint64_t>();
    f.message_type = from.text();
    f.text = from.text();
    f.code = static_cast<error_code>(from.number<std::uint8_t>());
    return f;
}

} // namespace kay::detail
