// SPDX-License-Identifier: MIT
#include "log_file.hpp"

#include "../core/bytes.hpp"

#include <kay/core/assert.hpp>
#include <kay/core/hash.hpp>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <utility>

namespace kay::detail {
namespace {

constexpr std::size_t sector_bytes = 512;
constexpr char log_magic[8] = {'k', 'a', 'y', 'i', 'n', 'p', 'u', 't'};
constexpr std::uint32_t log_version = 1;
constexpr std::size_t window_bytes = std::size_t{256} << 10;

constexpr std::size_t padded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

error no_log() { return {error_code::bad_data, "this is no input log"}; }

} // namespace

/// As it is written, before its own checksum.
struct log_file::frame_head {
    std::uint32_t payload_bytes = 0;
    frame_kind kind{};
    std::uint64_t turn = 0;
    std::uint32_t session = 0;
    std::uint32_t session_before = 0; ///< of a session frame; zero: none
    std::uint64_t durable = 0;
    std::uint64_t payload_hash = 0;
};

// ---- opening

result<std::unique_ptr<log_file>> log_file::make(std::unique_ptr<disk> below,
                                                 const log_identity& world) {
    std::unique_ptr<log_file> file(new log_file(std::move(below)));
    std::random_device entropy;
    for (std::uint64_t& part : file->uuid_) part = std::uint64_t{entropy()} << 32 | entropy();
    file->world_ = world;
    byte_writer to;
    to.bytes(std::as_bytes(std::span(log_magic)));
    to.number(log_version);
    to.number(world.places);
    to.bytes(std::as_bytes(std::span(file->uuid_)));
    to.number(world.seed);
    to.number(world.step_ns);
    to.number(world.first_turn);
    std::vector<std::byte> sector = to.take();
    sector.resize(sector_bytes - 8);
    const std::uint64_t hash = hash_bytes(sector);
    const auto sum = std::as_bytes(std::span(&hash, 1));
    sector.insert(sector.end(), sum.begin(), sum.end());
    for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{sector_bytes}})
        if (auto put = file->disk_->write(at, sector); !put) return put.error();
    if (auto durable = file->disk_->sync(); !durable) return durable.error();
    file->size_ = file->end_ = file->durable_ = header_bytes;
    return file;
}

result<std::unique_ptr<log_file>> log_file::open(std::unique_ptr<disk> below) {
    std::unique_ptr<log_file> file(new log_file(std::move(below)));
    if (auto read = file->read_header(); !read) return read.error();
    if (auto begun = file->rewind(); !begun) return begun.error();
    return file;
}

/// Either copy will do.
result<void> log_file::read_header() {
    const auto size = disk_->size();
    if (!size) return size.error();
    bool is_damaged = false;
    for (std::uint64_t at = 0; at < header_bytes && at + sector_bytes <= *size;
         at += sector_bytes) {
        std::array<std::byte, sector_bytes> sector;
        if (auto got = disk_->read(at, sector); !got) return got.error();
        if (std::memcmp(sector.data(), log_magic, sizeof log_magic) != 0) continue;
        const auto counted = std::span(sector).first(sector_bytes - 8);
        std::uint64_t hash;
        std::memcpy(&hash, sector.data() + counted.size(), sizeof hash);
        is_damaged = true;
        if (hash != hash_bytes(counted)) continue;
        byte_reader from(counted.subspan(sizeof log_magic));
        if (from.number<std::uint32_t>() != log_version)
            return error{error_code::bad_data,
                         "this input log was written by another version of kay"};
        world_.places = from.number<std::uint32_t>();
        for (std::uint64_t& part : uuid_) part = from.number<std::uint64_t>();
        world_.seed = from.number<std::uint64_t>();
        world_.step_ns = from.number<std::int64_t>();
        world_.first_turn = from.number<std::uint64_t>();
        return {};
    }
    if (is_damaged) return error{error_code::bad_data, "the header of this input log is damaged"};
    return no_log();
}

result<bool> log_file::is_unused(disk& below) {
    const auto size = below.size();
    if (!size) return size.error();
    // Frames come after a sync of the header, so that a short file has none. One without a header
    // is somebody else's, or was cut off while it was made: then it has nothing but zeros.
    if (*size == 0) return true;
    if (*size > header_bytes) return false;
    std::vector<std::byte> all(*size);
    if (auto got = below.read(0, all); !got) return got.error();
    for (std::size_t at = 0; at + sizeof log_magic <= all.size(); at += sector_bytes)
        if (std::memcmp(all.data() + at, log_magic, sizeof log_magic) == 0) return true;
    return std::all_of(all.begin(), all.end(), [](std::byte b) { return b == std::byte{0}; });
}

// ---- reading

std::uint64_t log_file::seed_at(std::uint64_t position) const {
    return combine(combine(uuid_[0], uuid_[1]), position);
}

result<void> log_file::rewind() {
    KAY_ASSERT(unwritten_.empty());
    const auto size = disk_->size();
    if (!size) return size.error();
    size_ = std::max<std::uint64_t>(*size, header_bytes);
    end_ = header_bytes;
    session_ = 0;
    window_.clear();
    return {};
}

/// Bytes of the file, or fewer where it ends. Valid until the next call.
result<std::span<const std::byte>> log_file::window(std::uint64_t at, std::size_t bytes) {
    const std::size_t there =
        at < size_ ? static_cast<std::size_t>(std::min<std::uint64_t>(bytes, size_ - at)) : 0;
    if (there == 0) return std::span<const std::byte>{};
    if (at < window_at_ || at + there > window_at_ + window_.size()) {
        window_.resize(static_cast<std::size_t>(
            std::min<std::uint64_t>(std::max(there, window_bytes), size_ - at)));
        window_at_ = at;
        if (auto got = disk_->read(at, window_); !got) return got.error();
    }
    return std::span<const std::byte>(window_.data() + (at - window_at_), there);
}

/// A head that was written to this position of this file.
std::optional<log_file::frame_head> log_file::parse(std::uint64_t at,
                                                    std::span<const std::byte> bytes) const {
    if (bytes.size() < frame_head_bytes) return {};
    const auto counted = bytes.first(frame_head_bytes - 8);
    std::uint64_t hash;
    std::memcpy(&hash, bytes.data() + counted.size(), sizeof hash);
    if (hash != hash_bytes(counted, seed_at(at))) return {};
    byte_reader from(counted);
    frame_head head;
    head.payload_bytes = from.number<std::uint32_t>();
    head.kind = static_cast<frame_kind>(from.number<std::uint16_t>());
    from.number<std::uint16_t>();
    head.turn = from.number<std::uint64_t>();
    head.session = from.number<std::uint32_t>();
    head.session_before = from.number<std::uint32_t>();
    head.durable = from.number<std::uint64_t>();
    head.payload_hash = from.number<std::uint64_t>();
    return head;
}

result<std::optional<log_frame>> log_file::read_next() {
    const auto bytes = window(end_, frame_head_bytes);
    if (!bytes) return bytes.error();
    const auto head = parse(end_, *bytes);
    if (!head) return end_here();
    // What another session left behind is not taken for the next frame of this one.
    const bool begins = head->kind == frame_kind::session;
    if ((begins ? head->session_before : head->session) != session_) return end_here();
    const auto payload = window(end_ + frame_head_bytes, padded(head->payload_bytes));
    if (!payload) return payload.error();
    if (payload->size() < padded(head->payload_bytes) ||
        hash_bytes(*payload, seed_at(end_)) != head->payload_hash)
        return end_here();
    session_ = head->session;
    end_ += frame_head_bytes + payload->size();
    return std::optional(
        log_frame{head->kind, head->turn, payload->first(head->payload_bytes), head->durable});
}

/// No whole frame follows: the end, unless a later one was written when this was durable.
result<std::optional<log_frame>> log_file::end_here() {
    for (std::uint64_t at = end_; at + frame_head_bytes <= size_; at += 8) {
        const auto bytes = window(at, frame_head_bytes);
        if (!bytes) return bytes.error();
        const auto head = parse(at, *bytes);
        if (head && head->kind != frame_kind::inputs && head->durable > end_)
            return error{error_code::bad_data,
                         "the input log is damaged at byte " + std::to_string(end_) +
                             ": what was recorded there is lost, and the frame at byte " +
                             std::to_string(at) + " is later"};
    }
    return std::optional<log_frame>{};
}

// ---- writing

result<void> log_file::begin_session() {
    // What was read may be in the system's memory only.
    if (auto durable = disk_->sync(); !durable) return durable;
    durable_ = end_;
    session_before_ = session_;
    std::random_device entropy;
    while (session_ == 0 || session_ == session_before_) session_ = entropy();
    return {};
}

void log_file::put(frame_kind kind, std::uint64_t turn, std::span<const std::byte> payload) {
    KAY_ASSERT(payload.size() <= payload_bytes_max);
    std::vector<std::byte> body(payload.begin(), payload.end());
    body.resize(padded(payload.size()));
    byte_writer head;
    head.number(static_cast<std::uint32_t>(payload.size()));
    head.number(static_cast<std::uint16_t>(kind));
    head.number(std::uint16_t{0});
    head.number(turn);
    head.number(session_);
    head.number(kind == frame_kind::session ? session_before_ : std::uint32_t{0});
    head.number(durable_);
    head.number(hash_bytes(body, seed_at(end_)));
    head.number(hash_bytes(head.written(), seed_at(end_)));
    KAY_ASSERT(head.written().size() == frame_head_bytes);
    unwritten_.insert(unwritten_.end(), head.written().begin(), head.written().end());
    unwritten_.insert(unwritten_.end(), body.begin(), body.end());
    end_ += frame_head_bytes + body.size();
}

result<void> log_file::sync() {
    if (broken_) return *broken_;
    const auto fail = [&](const error& e) {
        broken_ = error{e.code, e.text + "; the input log ends there"};
        return *broken_;
    };
    if (unwritten_.empty()) return {};
    const std::uint64_t at = end_ - unwritten_.size();
    if (auto put = disk_->write(at, unwritten_); !put) return fail(put.error());
    if (auto durable = disk_->sync(); !durable) return fail(durable.error());
    unwritten_.clear();
    durable_ = end_;
    return {};
}

} // namespace kay::detail
