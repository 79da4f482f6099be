// SPDX-License-Identifier: MIT
//
// The thread that writes an input log: what it acknowledges is on the disk, whatever becomes of the
// disk then, and turns do not wait.
#include "simulated_disk.hpp"

#include "../../../src/persist/log_writer.hpp"

#include <kay/core/distributions.hpp>
#include <kay/core/log.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace {

using namespace kay::test;
using namespace std::chrono_literals;
using kay::detail::disk;
using kay::detail::frame_kind;
using kay::detail::log_file;
using kay::detail::log_writer;

/// A disk whose power cut is an error, as other threads need it, and whose syncs can be held up.
class guarded_disk final : public disk {
public:
    guarded_disk(std::unique_ptr<disk> below, std::shared_future<void> gate)
        : below_(std::move(below)), gate_(std::move(gate)) {}
    kay::result<std::uint64_t> size() override { return below_->size(); }
    kay::result<void> read(std::uint64_t at, std::span<std::byte> to) override {
        return below_->read(at, to);
    }
    kay::result<void> write(std::uint64_t at, std::span<const std::byte> from) override {
        return guarded([&] { return below_->write(at, from); });
    }
    kay::result<void> sync() override {
        if (gate_.valid()) gate_.wait();
        return guarded([&] { return below_->sync(); });
    }

private:
    template <class F>
    kay::result<void> guarded(F&& f) {
        try {
            return f();
        } catch (const power_cut&) {
            return kay::error{kay::error_code::io, "the power is off"};
        }
    }
    std::unique_ptr<disk> below_;
    std::shared_future<void> gate_;
};

std::unique_ptr<log_file> begin_log(simulated_disk& below, std::shared_future<void> gate = {}) {
    auto file = log_file::make(below.open(), {4, 1, 1, 0});
    EXPECT_TRUE(file);
    auto opened =
        log_file::open(std::make_unique<guarded_disk>(below.open(), std::shared_future<void>()));
    EXPECT_TRUE((*opened)->read_next());
    EXPECT_TRUE((*opened)->begin_session());
    (*opened)->put(frame_kind::session, 0, {});
    EXPECT_TRUE((*opened)->sync());
    if (!gate.valid()) return std::move(*opened);
    // The same once more, with the gate.
    auto again = log_file::open(std::make_unique<guarded_disk>(below.open(), gate));
    while ((*again)->read_next().value()) {}
    return std::move(*again);
}

const std::vector<std::byte> record(40, std::byte{7});

/// The last turn that a log has.
std::uint64_t last_turn(simulated_disk& below) {
    auto file = log_file::open(below.open());
    std::uint64_t turn = 0;
    for (;;) {
        const auto frame = (*file)->read_next();
        EXPECT_TRUE(frame) << frame.error().text;
        if (!frame || !*frame) return turn;
        turn = (*frame)->turn;
    }
}

bool comes_true(const std::function<bool()>& what) {
    for (int i = 0; i < 2000 && !what(); ++i) std::this_thread::sleep_for(1ms);
    return what();
}

TEST(log_writer, acknowledges_a_turn_when_it_has_ended_and_is_durable) {
    simulated_disk below;
    log_writer writer(begin_log(below), 0, {});
    EXPECT_EQ(writer.acknowledged_turn(), 0u);
    writer.put(frame_kind::step, 1, record);
    ASSERT_TRUE(writer.sync());
    EXPECT_EQ(writer.acknowledged_turn(), 0u); // it is durable, and has not ended
    writer.end_turn(1);
    EXPECT_EQ(writer.acknowledged_turn(), 1u);
    writer.put(frame_kind::step, 2, record);
    writer.end_turn(2);
    EXPECT_TRUE(comes_true([&] { return writer.acknowledged_turn() == 2; }));
    ASSERT_TRUE(writer.close());
    EXPECT_EQ(last_turn(below), 2u);
}

TEST(log_writer, says_how_far_the_world_went_without_inputs) {
    simulated_disk below;
    {
        log_writer writer(begin_log(below), 0, {.quiet_interval = 5ms});
        for (std::uint64_t turn = 1; turn <= 1000; ++turn) writer.end_turn(turn);
        EXPECT_TRUE(comes_true([&] { return writer.acknowledged_turn() == 1000; }));
        ASSERT_TRUE(writer.sync());
        EXPECT_EQ(last_turn(below), 1000u);
        for (std::uint64_t turn = 1001; turn <= 2000; ++turn) writer.end_turn(turn);
    }
    EXPECT_EQ(last_turn(below), 2000u);
    EXPECT_LT(below.bytes().size(), 4000u); // a frame now and then, not for each turn
}

TEST(log_writer, turns_do_not_wait_for_the_disk) {
    simulated_disk below;
    std::promise<void> opened;
    log_writer writer(begin_log(below, opened.get_future().share()), 0, {});
    for (std::uint64_t turn = 1; turn <= 500; ++turn) {
        writer.put(frame_kind::step, turn, record);
        writer.end_turn(turn);
    }
    EXPECT_EQ(writer.acknowledged_turn(), 0u);
    opened.set_value();
    ASSERT_TRUE(writer.sync());
    EXPECT_EQ(writer.acknowledged_turn(), 500u);
}

TEST(log_writer, what_waits_has_a_bound) {
    simulated_disk below;
    std::promise<void> opened;
    log_writer writer(begin_log(below, opened.get_future().share()), 0,
                      {.waiting_bytes_max = 10 * record.size()});
    std::atomic<std::uint64_t> turn{0};
    std::thread driver([&] {
        while (turn < 100) {
            writer.put(frame_kind::step, turn + 1, record);
            writer.end_turn(++turn);
        }
    });
    std::this_thread::sleep_for(50ms);
    EXPECT_LE(turn.load(), 21u); // ten that are being written, and ten that wait
    opened.set_value();
    driver.join();
    ASSERT_TRUE(writer.sync());
    EXPECT_EQ(writer.acknowledged_turn(), 100u);
}

TEST(log_writer, what_the_disk_refuses_is_told_and_never_acknowledged) {
    for (const auto what : {simulated_disk::operation::write, simulated_disk::operation::sync})
        for (const bool for_good : {false, true})
            for (std::uint64_t after = 0; after < 6; ++after) {
                simulated_disk below;
                const kay::log_capture lines(kay::log_level::error);
                log_writer writer(begin_log(below), 0, {});
                below.fail_after(what, after, for_good);
                for (std::uint64_t turn = 1; turn <= 20; ++turn) {
                    writer.put(frame_kind::step, turn, record);
                    writer.end_turn(turn);
                    static_cast<void>(writer.sync());
                }
                ASSERT_TRUE(writer.problem());
                EXPECT_EQ(writer.problem()->code, kay::error_code::io);
                EXPECT_EQ(lines.lines().size(), 1u);
                EXPECT_FALSE(writer.sync());
                EXPECT_EQ(writer.acknowledged_turn(), after);
                EXPECT_FALSE(writer.close());
                below.stop_failing();
                EXPECT_GE(last_turn(below), after);
            }
}

TEST(log_writer, acknowledged_turns_survive_power_cuts) {
    std::uint64_t acknowledged = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        simulated_disk below;
        kay::random_stream random(seed, 0, 0);
        const kay::log_capture lines(kay::log_level::off);
        std::uint64_t promised = 0;
        {
            log_writer writer(begin_log(below), 0, {.quiet_interval = 1ms});
            below.cut_power_after(kay::uniform_int(random, 1u, 30u));
            for (std::uint64_t turn = 1; !writer.problem() && turn < 100'000; ++turn) {
                if (turn % 3) writer.put(frame_kind::step, turn, record);
                if (turn % 7 == 0) std::this_thread::sleep_for(100us);
                writer.end_turn(turn);
            }
            promised = writer.acknowledged_turn();
        }
        below.restore_power(random);
        ASSERT_GE(last_turn(below), promised) << "seed " << seed;
        acknowledged += promised;
    }
    EXPECT_GT(acknowledged, 1000u);
}

} // namespace
