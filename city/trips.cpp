// SPDX-License-Identifier: MIT
#include "trips.hpp"

#include "output_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

namespace city {
namespace {

std::size_t hour_of(double seconds) {
    constexpr double most = 1e15;
    return static_cast<std::size_t>(seconds > 0 && seconds < most ? seconds / 3600 : 0) % 24;
}

/// The text of one row.
class row {
public:
    row& add(std::uint64_t value) { return put(std::to_chars(next(), end(), value)); }
    row& add(double value) {
        constexpr double most = 1e15; // what is no number at all fits too
        const double bounded = value < -most ? -most : value > most ? most : value;
        return put(std::to_chars(next(), end(), bounded, std::chars_format::fixed, 1));
    }
    row& add(std::string_view word) {
        next();
        used_ += word.copy(text_.data() + used_, text_.size() - used_);
        return *this;
    }
    bool write(std::FILE* out) {
        text_[used_++] = '\n';
        return std::fwrite(text_.data(), 1, used_, out) == used_;
    }

private:
    /// After the comma that a further field needs.
    char* next() {
        if (used_ > 0) text_[used_++] = ',';
        return text_.data() + used_;
    }
    char* end() { return text_.data() + text_.size() - 1; }
    row& put(std::to_chars_result to) {
        used_ = static_cast<std::size_t>(to.ptr - text_.data());
        return *this;
    }

    std::array<char, 320> text_;
    std::size_t used_ = 0;
};

struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

bool write_rows(std::span<const trip> trips, std::FILE* out) {
    if (std::fputs("person,purpose,departure_s,arrival_s,travel_s,from_x,from_y,to_x,to_y,"
                   "distance_m,given_up\n",
                   out) == EOF)
        return false;
    for (const trip& t : trips) {
        row r;
        r.add(t.person).add(name_of(t.what));
        r.add(t.departure_s).add(t.arrival_s).add(t.travel_s());
        r.add(double{t.from.x}).add(double{t.from.y}).add(double{t.to.x}).add(double{t.to.y});
        r.add(t.distance_m).add(std::uint64_t{t.given_up});
        if (!r.write(out)) return false;
    }
    return std::fflush(out) == 0;
}

} // namespace

void flows::add(const trip& t) {
    ++departures[hour_of(t.departure_s)];
    sums& s = by_purpose[static_cast<std::size_t>(t.what)];
    if (t.given_up) {
        ++s.given_up;
        return;
    }
    ++arrivals[hour_of(t.arrival_s)];
    ++s.trips;
    s.travel_s += t.travel_s();
    s.distance_m += t.distance_m;
}

void flows::merge(const flows& other) {
    for (std::size_t hour = 0; hour < departures.size(); ++hour) {
        departures[hour] += other.departures[hour];
        arrivals[hour] += other.arrivals[hour];
    }
    for (std::size_t p = 0; p < by_purpose.size(); ++p) {
        by_purpose[p].trips += other.by_purpose[p].trips;
        by_purpose[p].given_up += other.by_purpose[p].given_up;
        by_purpose[p].travel_s += other.by_purpose[p].travel_s;
        by_purpose[p].distance_m += other.by_purpose[p].distance_m;
    }
}

flows::sums flows::all() const {
    sums total;
    for (const sums& s : by_purpose) {
        total.trips += s.trips;
        total.given_up += s.given_up;
        total.travel_s += s.travel_s;
        total.distance_m += s.distance_m;
    }
    return total;
}

kay::result<void> write_trips_csv(std::span<const trip> trips, const std::string& file) {
    return write_whole(file, "table of trips", [&](const std::string& path) -> std::string {
        const auto told = [] { return std::generic_category().message(errno); };
        std::unique_ptr<std::FILE, closer> out(std::fopen(path.c_str(), "w"));
        if (!out || !write_rows(trips, out.get())) return told();
        return std::fclose(out.release()) == 0 ? "" : told();
    });
}

} // namespace city
