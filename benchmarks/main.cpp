// SPDX-License-Identifier: MIT
//
// The benchmarks' command line: --filter REGEX, --json FILE, --min-time SECONDS, --repetitions N,
// --list. Each benchmark is repeated; median and best are nanoseconds for each item.
#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

std::string machine() {
    std::ifstream cpus("/proc/cpuinfo");
    std::string line, model = "unknown processor";
    int count = 0;
    while (std::getline(cpus, line)) {
        if (line.rfind("model name", 0) != 0) continue;
        model = line.substr(line.find(':') + 2);
        ++count;
    }
    return model + ", " + std::to_string(count) + " cores, " +
#if defined(__clang__)
           "clang " + __clang_version__;
#else
           "g++ " + __VERSION__;
#endif
}

/// One row: name/size/impl/arguments, all repetitions.
struct row {
    std::vector<double> ns;
    double checksum = 0;
    std::string problem;
    std::map<std::string, double> counters;
};

class collector : public benchmark::BenchmarkReporter {
public:
    explicit collector(std::size_t repetitions) : repetitions_(repetitions) {}

    bool ReportContext(const Context&) override { return true; }

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            row& r = rows[run.run_name.function_name + '/' + run.run_name.args];
            if (r.ns.empty() && r.problem.empty())
                order.push_back(run.run_name.function_name + '/' + run.run_name.args);
            if (run.error_occurred) {
                r.problem = run.error_message;
                continue;
            }
            r.ns.push_back(1e9 / run.counters.at("items_per_second").value);
            r.checksum = run.counters.at("checksum").value;
            for (const auto& [name, counter] : run.counters)
                if (name != "items_per_second" && name != "checksum")
                    r.counters[name] = counter.value;
            if (r.ns.size() == repetitions_) print(order.back(), r);
        }
    }

    void print(const std::string& name, row& r) {
        std::sort(r.ns.begin(), r.ns.end());
        std::printf("%-32s %10.2f %10.2f", name.c_str(), r.ns[r.ns.size() / 2], r.ns.front());
        for (const auto& [counter, value] : r.counters)
            std::printf("   %s %.1f", counter.c_str(), value);
        std::printf("\n");
        std::fflush(stdout);
    }

    std::map<std::string, row> rows;
    std::vector<std::string> order;

private:
    std::size_t repetitions_;
};

/// "hop/1M/kay/1000000/2" is kay's hop/1M with two workers: the workers are the last argument of
/// all but ping-pong, where they are the first.
nlohmann::json as_json(const std::string& full, const row& r, const std::string& on) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= full.size();) {
        const std::size_t end = std::min(full.find('/', at), full.size());
        parts.push_back(full.substr(at, end - at));
        at = end + 1;
    }
    const std::string workers = parts[0] == "pingpong" ? parts[3] : parts.back();
    return {{"name", parts[0] + '/' + parts[1]},
            {"impl", parts[2]},
            {"workers", std::stoi(workers)},
            {"median_ns", r.ns[r.ns.size() / 2]},
            {"best_ns", r.ns.front()},
            {"checksum", r.checksum},
            {"machine", on}};
}

int usage(const char* problem) {
    std::fprintf(stderr,
                 "%s\nusage: kay_bench [--filter REGEX] [--json FILE] [--min-time SECONDS]\n"
                 "                 [--repetitions N] [--list]\n"
                 "  --filter REGEX      run only what matches, such as hop/1M\n"
                 "  --json FILE         write the results as a JSON array, too\n"
                 "  --min-time SECONDS  of each repetition (default 0.3)\n"
                 "  --repetitions N     of each row (default 5)\n"
                 "  --list              run nothing, only say what matches\n",
                 problem);
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    std::string filter = ".", json_file, min_time = "0.3", repetitions = "5";
    bool list = false;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--help") return usage(""), 0;
        if (option == "--list") {
            list = true;
            continue;
        }
        std::string* value = option == "--filter"        ? &filter
                             : option == "--json"        ? &json_file
                             : option == "--min-time"    ? &min_time
                             : option == "--repetitions" ? &repetitions
                                                         : nullptr;
        if (!value || i + 1 == argc) return usage(("what is " + option + "?").c_str());
        *value = argv[++i];
    }
    const int repeated = std::atoi(repetitions.c_str());
    if (repeated < 1) return usage("--repetitions wants a number from 1");
    std::vector<std::string> words{
        argv[0], "--benchmark_filter=" + filter, "--benchmark_min_time=" + min_time,
        "--benchmark_repetitions=" + std::to_string(repeated),
        "--benchmark_list_tests=" + std::string(list ? "true" : "false")};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (list) return benchmark::RunSpecifiedBenchmarks(), 0;
    const std::string on = machine();
    std::printf("%s\n%-32s %10s %10s\n", on.c_str(), "ns for each item", "median", "best");
    collector results(static_cast<std::size_t>(repeated));
    benchmark::RunSpecifiedBenchmarks(&results);
    bool good = !results.order.empty();
    if (!good) std::fprintf(stderr, "no benchmark matches %s\n", filter.c_str());
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& name : results.order) {
        const row& r = results.rows[name];
        if (!r.problem.empty() || r.ns.empty()) {
            std::fprintf(stderr, "%s: %s\n", name.c_str(), r.problem.c_str());
            good = false;
            continue;
        }
        all.push_back(as_json(name, r, on));
    }
    if (!json_file.empty()) {
        std::ofstream out(json_file);
        out << all.dump(1) << '\n';
        out.close();
        if (!out) return std::fprintf(stderr, "cannot write %s\n", json_file.c_str()), 2;
    }
    return good ? 0 : 1;
}
