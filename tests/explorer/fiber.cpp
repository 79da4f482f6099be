// SPDX-License-Identifier: MIT
#include "explorer/fiber.hpp"

#include <kay/core/assert.hpp>

#include <cstdint>
#include <cstdlib>

#ifdef EXPLORER_UNDER_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define EXPLORER_ASAN(...) __VA_ARGS__
#else
#define EXPLORER_ASAN(...)
#endif
#ifdef EXPLORER_UNDER_TSAN
#include <sanitizer/tsan_interface.h>
#define EXPLORER_TSAN(...) __VA_ARGS__
#else
#define EXPLORER_TSAN(...)
#endif

namespace explorer {
namespace {

thread_local fiber* entered = nullptr;
thread_local fiber* left = nullptr;

} // namespace

fiber::fiber() : stack_(new std::byte[stack_bytes]), bottom_(stack_.get()), size_(stack_bytes) {}

fiber::fiber(of_caller) { EXPLORER_TSAN(tsan_ = __tsan_get_current_fiber();) }

fiber::~fiber() {
    // The frames of a fiber that was given up left their marks on the stack.
    EXPLORER_ASAN(if (stack_) __asan_unpoison_memory_region(stack_.get(), stack_bytes);)
    EXPLORER_TSAN(if (stack_ && tsan_) __tsan_destroy_fiber(tsan_);)
}

void fiber::start(void (*body)(void*), void* argument) {
    KAY_ASSERT(stack_ != nullptr);
    body_ = body;
    argument_ = argument;
    fake_stack_ = nullptr;
    EXPLORER_ASAN(__asan_unpoison_memory_region(stack_.get(), stack_bytes);)
    // Frames that were given up stay on the sanitizer's own stack, too; a new one costs much.
    EXPLORER_TSAN(if (starts_++ % 40 == 0) {
        if (tsan_) __tsan_destroy_fiber(tsan_);
        tsan_ = __tsan_create_fiber(0);
    })
    KAY_ASSERT(getcontext(&context_) == 0);
    context_.uc_stack.ss_sp = stack_.get();
    context_.uc_stack.ss_size = stack_bytes;
    context_.uc_link = nullptr;
    // makecontext passes ints: the address goes in two halves.
    const auto self = reinterpret_cast<std::uint64_t>(this);
    makecontext(&context_, reinterpret_cast<void (*)()>(reinterpret_cast<void*>(&fiber::run)), 2,
                static_cast<unsigned>(self >> 32), static_cast<unsigned>(self));
}

void fiber::run(unsigned high, unsigned low) {
    auto* self = reinterpret_cast<fiber*>(std::uint64_t{high} << 32 | low);
    self->arrived();
    self->body_(self->argument_);
    std::abort(); // there is nowhere to return to
}

void fiber::enter(fiber& from) {
    left = &from;
    entered = this;
    EXPLORER_ASAN(__sanitizer_start_switch_fiber(&from.fake_stack_, bottom_, size_);)
    EXPLORER_TSAN(__tsan_switch_to_fiber(tsan_, 0);)
    KAY_ASSERT(swapcontext(&from.context_, &context_) == 0);
    from.arrived();
}

void fiber::arrived() {
    KAY_ASSERT(entered == this);
    // Where the caller's own stack lies is learnt when it is left first.
    EXPLORER_ASAN(__sanitizer_finish_switch_fiber(fake_stack_, &left->bottom_, &left->size_);)
}

} // namespace explorer
