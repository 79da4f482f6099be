// SPDX-License-Identifier: MIT
//
// A handler that failed: everything an error has to say.
#pragma once

#include "../core/bytes.hpp"

#include <kay/core/id.hpp>
#include <kay/core/result.hpp>

#include <cstdint>
#include <string>

namespace kay::detail {

struct handler_failure {
    std::uint32_t place = 0;
    std::string actor_type;
    raw_id actor; ///< null when it is not known
    std::string message_type;
    std::string text;
    error_code code = error_code::handler_failed;
};
std::string text_of(const handler_failure& failure);
void write(const handler_failure& failure, byte_writer& to);
handler_failure read_failure(byte_reader& from);

struct failure_reason {
    std::string text;
    error_code code;
};
#if defined(__cpp_exceptions)
/// Of the exception that is being caught.
failure_reason reason_of_exception();
#endif

} // namespace kay::detail
