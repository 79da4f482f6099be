// SPDX-License-Identifier: MIT
//
// The table of trips, and their sums.
#include "city/report.hpp"
#include "city/trips.hpp"
#include "map_files.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>
#include <vector>

namespace {

using city::flows;
using city::purpose;
using city::trip;
using city::trip_record;
using city::write_trips_csv;
using city_test::bytes_of;
using city_test::scratch_folder;

trip to_work() {
    return {7, 28'800, 29'700.25, {-100.5f, 20}, {900, 0}, 1250.04, purpose::work, false};
}
trip stuck() { return {1'000'000, 90'000, 93'600, {0, 0}, {1, 2}, 30, purpose::shop, true}; }

TEST(trips, a_table_has_a_row_for_each) {
    const scratch_folder folder;
    const std::vector<trip> trips{to_work(), stuck()};
    const auto written = write_trips_csv(trips, folder / "trips.csv");
    ASSERT_TRUE(written) << written.error().text;
    EXPECT_EQ(bytes_of(folder / "trips.csv"),
              "person,purpose,departure_s,arrival_s,travel_s,from_x,from_y,to_x,to_y,distance_m,"
              "given_up\n"
              "7,work,28800.0,29700.2,900.2,-100.5,20.0,900.0,0.0,1250.0,0\n"
              "1000000,shop,90000.0,93600.0,3600.0,0.0,0.0,1.0,2.0,30.0,1\n");
    EXPECT_FALSE(std::filesystem::exists(folder / "trips.csv.part"));
}

TEST(trips, absurd_numbers_do_not_break_the_table) {
    const scratch_folder folder;
    trip t = to_work();
    t.person = ~0ull;
    t.departure_s = -1e300;
    t.arrival_s = std::numeric_limits<double>::quiet_NaN();
    t.distance_m = 1e300;
    t.from = t.to = {-3e38f, 3e38f};
    ASSERT_TRUE(write_trips_csv(std::vector<trip>(3, t), folder / "trips.csv"));
    const std::string text = bytes_of(folder / "trips.csv");
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
    EXPECT_EQ(std::count(text.begin(), text.end(), ','), 4 * 10);
}

TEST(trips, a_table_that_cannot_be_written_is_an_error_and_leaves_what_was_there) {
    const scratch_folder folder;
    const auto nowhere = write_trips_csv({}, folder / "not there" + "/trips.csv");
    ASSERT_FALSE(nowhere);
    EXPECT_NE(nowhere.error().text.find("the table of trips cannot be written"), std::string::npos);
    if (std::filesystem::exists("/dev/full")) {
        const auto one = write_trips_csv(std::vector<trip>(1, to_work()), "/dev/full");
        ASSERT_FALSE(one) << "found out when the file is closed";
        EXPECT_NE(one.error().text.find("No space left"), std::string::npos) << one.error().text;
        EXPECT_FALSE(write_trips_csv(std::vector<trip>(100'000, to_work()), "/dev/full"));
    }
    const std::string old = folder.file("trips.csv", "old");
    std::filesystem::create_directory(old + ".part"); // in the way of the new one
    EXPECT_FALSE(write_trips_csv({}, old));
    EXPECT_EQ(bytes_of(old), "old");
}

// Of runs that began at midnight.
trip_record record_to_work() {
    return {.person = 7,
            .departure = 288'000,
            .arrival = 297'005,
            .distance = 1250.5f,
            .what = purpose::work};
}
trip_record record_of_the_stuck() {
    return {.departure = 900'000,
            .arrival = 936'000,
            .distance = 30,
            .what = purpose::shop,
            .given_up = true};
}

TEST(trips, sums_are_by_hour_and_purpose) {
    flows sums;
    sums.add(record_to_work(), 0);
    trip_record second = record_to_work();
    second.departure = 12'000; // 20 minutes later
    second.arrival = 42'000;
    second.distance = 3000;
    sums.add(second, 8 * 3600);
    flows others;
    others.add(record_of_the_stuck(), 0);
    sums.merge(others);
    EXPECT_EQ(sums.departures[8], 2u);
    EXPECT_EQ(sums.departures[1], 1u) << "on the second day";
    EXPECT_EQ(sums.arrivals[8], 1u);
    EXPECT_EQ(sums.arrivals[9], 1u);
    EXPECT_EQ(sums.arrivals[2], 0u) << "it did not arrive";
    const flows::sums& work = sums.by_purpose[static_cast<std::size_t>(purpose::work)];
    EXPECT_EQ(work.trips, 2u);
    EXPECT_DOUBLE_EQ(work.mean_travel_s(), (900.5 + 3000) / 2);
    EXPECT_DOUBLE_EQ(work.mean_distance_m(), (1250.5 + 3000) / 2);
    EXPECT_EQ(sums.by_purpose[static_cast<std::size_t>(purpose::shop)].given_up, 1u);
    EXPECT_EQ(sums.all().trips, 2u);
    EXPECT_EQ(sums.all().given_up, 1u);
    EXPECT_EQ(flows{}.all().mean_travel_s(), 0);
}

TEST(trips, purposes_have_names_of_their_own) {
    std::set<std::string> names;
    for (std::uint32_t p = 0; p < city::purposes; ++p)
        names.insert(std::string(name_of(static_cast<purpose>(p))));
    EXPECT_EQ(names.size(), city::purposes);
}

TEST(trips, a_report_has_their_sums) {
    const scratch_folder folder;
    flows sums;
    sums.add(record_to_work(), 0);
    sums.add(record_of_the_stuck(), 0);
    const auto written = write_report(city::report{}, folder / "report.json", &sums);
    ASSERT_TRUE(written) << written.error().text;
    std::string text = bytes_of(folder / "report.json");
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    const auto has = [&](const std::string& part) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in " << text;
    };
    has("\"arrivals_by_hour\":[0,0,0,0,0,0,0,0,1,0,");
    has("\"departures_by_hour\":[0,1,0,0,0,0,0,0,1,0,");
    has("\"work\":{\"trips\":1,\"given_up\":0,\"mean_travel_s\":900.5,");
    has("\"shop\":{\"trips\":0,\"given_up\":1,");
}

} // namespace
