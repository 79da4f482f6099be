// SPDX-License-Identifier: MIT
//
// The city's command line: what it says, what it takes, and what it refuses in one line.
#include "city/options.hpp"
#include "map_files.hpp"

#include <initializer_list>
#include <vector>

namespace {

using city_test::scratch_folder;

kay::result<city::options> read(std::initializer_list<std::string> words) {
    std::vector<const char*> all{"city"};
    for (const std::string& w : words) all.push_back(w.c_str());
    return city::read_options(static_cast<int>(all.size()), all.data());
}

/// An error of one line, with `says` in it.
void expect_refused(std::initializer_list<std::string> words, const std::string& says) {
    std::string line;
    for (const std::string& w : words) line += w + " ";
    const auto options = read(words);
    ASSERT_FALSE(options) << line;
    EXPECT_EQ(options.error().code, kay::error_code::invalid_argument) << line;
    EXPECT_NE(options.error().text.find(says), std::string::npos)
        << line << ": " << options.error().text;
    EXPECT_EQ(options.error().text.find('\n'), std::string::npos) << line;
}

TEST(options, none_at_all_leave_the_number_of_people_to_the_map) {
    const auto o = read({});
    ASSERT_TRUE(o);
    EXPECT_EQ(o->map, "metropolis");
    EXPECT_EQ(o->people, 0u); // as suits the map
    EXPECT_EQ(o->turns, 6'000u);
    EXPECT_EQ(o->seed, 1u);
    EXPECT_EQ(o->workers, 0u);
    EXPECT_EQ(o->places, 16u);
    EXPECT_EQ(o->speed, 0);
    EXPECT_FALSE(o->headless);
    EXPECT_TRUE(o->picture.empty());
    EXPECT_TRUE(o->report.empty());
    EXPECT_TRUE(o->help.empty());
}

TEST(options, each_is_taken) {
    const scratch_folder folder;
    const std::string picture = folder / "a.png", report = folder / "b.json";
    const auto o = read({"--map", "x.osm", "--people", "5", "--turns", "0", "--seed=77",
                         "--workers", "3", "--places", "4096", "--speed", "2.5", "--headless",
                         "--picture", picture, "--report=" + report});
    ASSERT_TRUE(o) << o.error().text;
    EXPECT_EQ(o->map, "x.osm");
    EXPECT_EQ(o->people, 5u);
    EXPECT_EQ(o->turns, 0u);
    EXPECT_EQ(o->seed, 77u);
    EXPECT_EQ(o->workers, 3u);
    EXPECT_EQ(o->places, 4096u);
    EXPECT_EQ(o->speed, 2.5);
    EXPECT_TRUE(o->headless);
    EXPECT_EQ(o->picture, picture);
    EXPECT_EQ(o->report, report);
}

TEST(options, workers_0_means_one_for_each_core_and_speed_max_means_no_clock) {
    const auto o = read({"--workers", "0", "--speed", "max"});
    ASSERT_TRUE(o) << o.error().text;
    EXPECT_EQ(o->workers, 0u);
    EXPECT_EQ(o->speed, 0);
}

TEST(options, the_largest_and_the_smallest_numbers_are_taken) {
    EXPECT_TRUE(read(
        {"--people", "1", "--turns", "0", "--seed", "0", "--places", "1", "--speed", "0.001"}));
    EXPECT_TRUE(read({"--people", "100000000", "--turns", "1000000000000", "--workers", "1024",
                      "--seed", "9223372036854775807", "--speed", "1e6"}));
}

TEST(options, help_names_each_of_them) {
    for (const std::string word : {"--help", "-h"}) {
        const auto o = read({word});
        ASSERT_TRUE(o) << o.error().text;
        for (const char* name : {"--map", "--people", "--turns", "--seed", "--workers", "--places",
                                 "--speed", "--headless", "--picture", "--report"})
            EXPECT_NE(o->help.find(name), std::string::npos) << name;
    }
}

TEST(options, numbers_out_of_range_are_refused_with_the_range) {
    for (const std::string bad : {"-1", "0", "100000001", "1e3", "abc", "", " 5", "5 ", "0x10",
                                  "1.5", "+3", "18446744073709551616", "99999999999999999999999"})
        expect_refused({"--people", bad}, "--people: must be a whole number from 1 to 100000000");
    expect_refused({"--turns", "-5"}, "--turns: must be a whole number from 0 to 1000000000000");
    expect_refused({"--turns", "1000000000001"}, "--turns");
    expect_refused({"--seed", "-1"}, "--seed: must be a whole number");
    expect_refused({"--seed", "9223372036854775808"}, "--seed: must be a whole number");
    expect_refused({"--workers", "-1"}, "--workers: must be a whole number from 0 to 1024");
    expect_refused({"--workers", "1025"}, "--workers");
}

TEST(options, places_are_a_power_of_two) {
    for (const std::string bad : {"3", "6", "12", "1000", "4095"})
        expect_refused({"--places", bad}, "--places: must be a power of two");
    for (const std::string bad : {"0", "-4", "8192", "many"})
        expect_refused({"--places", bad}, "--places: must be a whole number from 1 to 4096");
}

TEST(options, a_speed_is_max_or_a_sensible_number) {
    for (const std::string bad :
         {"0", "-1", "abc", "", "nan", "inf", "1e7", "0.0001", "1x", "Max", "1,5", "1e999"})
        expect_refused({"--speed", bad}, "--speed: must be max, or a number");
}

TEST(options, unknown_words_values_that_lack_and_options_given_twice_are_refused) {
    expect_refused({"--cars", "5"}, "--cars");
    expect_refused({"-x"}, "-x");
    expect_refused({"metropolis"}, "metropolis");
    expect_refused({"--people"}, "--people");
    expect_refused({"--map"}, "--map");
    expect_refused({"--people", "5", "6"}, "6");
    expect_refused({"--people", "5", "--people", "6"}, "--people");
    expect_refused({"--bad\noption"}, "--bad option");
}

TEST(options, a_file_that_cannot_be_written_is_found_out_at_once) {
    const scratch_folder folder;
    for (const std::string option : {"--report", "--picture"}) {
        expect_refused({option, folder / "no/such/folder"}, "there is no directory");
        expect_refused({option, folder / ""}, "is a directory");
        expect_refused({option, folder.file("plain", "x") + "/file"}, "there is no directory");
        expect_refused({option, "/proc/no-such-file"}, "cannot be written");
        expect_refused({option, ""}, option + ": needs the name of a file");
    }
    expect_refused({"--map", ""}, "--map: needs the name of a file");
}

TEST(options, looking_whether_a_file_can_be_written_leaves_it_as_it_is) {
    const scratch_folder folder;
    const std::string old = folder.file("old.json", "precious"), fresh = folder / "new.json";
    ASSERT_TRUE(read({"--report", old, "--picture", fresh}));
    EXPECT_EQ(city_test::bytes_of(old), "precious");
    EXPECT_FALSE(std::filesystem::exists(fresh));
}

TEST(options, no_output_overwrites_the_map_or_another_output) {
    const scratch_folder folder;
    const std::string map = folder.file("map.osm", "precious"), fresh = folder / "new";
    std::filesystem::create_symlink(map, folder / "link.osm");
    expect_refused({"--map", map, "--report", map}, "is the map");
    expect_refused({"--map", map, "--picture", folder / "./map.osm"}, "is the map");
    expect_refused({"--map", folder / "link.osm", "--picture", map}, "is the map");
    expect_refused({"--report", fresh, "--picture", fresh}, "the same file");
    EXPECT_EQ(city_test::bytes_of(map), "precious");
    EXPECT_TRUE(read({"--report", "/dev/null", "--picture", "/dev/null"}));
}

} // namespace
