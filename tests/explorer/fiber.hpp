// SPDX-License-Identifier: MIT
//
// A fiber: a stack of its own, entered and left by name, so that one thread can play many and says
// itself where each is interrupted. Told to the address and thread sanitizers.
//
// A fiber may be given up in the middle: start() begins anew and what its frames owned is lost.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <memory>

#if defined(__SANITIZE_ADDRESS__)
#define EXPLORER_UNDER_ASAN
#elif defined(__SANITIZE_THREAD__)
#define EXPLORER_UNDER_TSAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EXPLORER_UNDER_ASAN
#elif __has_feature(thread_sanitizer)
#define EXPLORER_UNDER_TSAN
#endif
#endif

namespace explorer {

class fiber {
public:
    fiber();
    ~fiber();
    fiber(const fiber&) = delete;
    fiber& operator=(const fiber&) = delete;

    /// Lays `body(argument)` down to run when the fiber is entered first. It must not return.
    void start(void (*body)(void*), void* argument);

    /// Leaves `from`, the fiber that runs, for this one.
    void enter(fiber& from);

    /// A fiber for the stack that the caller is on. Never started, only entered.
    struct of_caller {};
    explicit fiber(of_caller);

private:
    static void run(unsigned high, unsigned low);
    void arrived();

    static constexpr std::size_t stack_bytes = std::size_t{64} << 10;

    ucontext_t context_{};
    std::unique_ptr<std::byte[]> stack_; ///< null: of the caller
    void (*body_)(void*) = nullptr;
    void* argument_ = nullptr;
    // Of the sanitizers, if any.
    [[maybe_unused]] const void* bottom_ = nullptr;
    [[maybe_unused]] std::size_t size_ = 0;
    [[maybe_unused]] void* fake_stack_ = nullptr;
    [[maybe_unused]] void* tsan_ = nullptr;
    [[maybe_unused]] std::size_t starts_ = 0;
};

} // namespace explorer
