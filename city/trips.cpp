// SPDX-License-Identifier: MIT
#include "trips.hpp"

#include "output_file.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

namespace city {
namespace {

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

trip trip_of(const trip_record& r, const road_map& map, std::uint32_t start_s) {
    trip t;
    t.person = r.person;
    t.departure_s = second_of(r.departure, start_s);
    t.arrival_s = second_of(r.arrival, start_s);
    t.from = point_at(map, r.from, r.from_position);
    t.to = point_at(map, r.to, r.to_position);
    t.distance_m = double{r.distance};
    t.what = r.what;
    t.given_up = r.given_up;
    return t;
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
