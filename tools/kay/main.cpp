// SPDX-License-Identifier: MIT
//
// kay: looks at saved worlds and input logs.
#include "commands.hpp"

#include <cstdio>
#include <new>

namespace {

using namespace tool;

kay::result<int> run(const options& o) {
    auto out = output::open("");
    if (!out) return out.error();
    const auto done = [&]() -> kay::result<int> {
        switch (o.what) {
        case command::info: return show_info(o, *out);
        case command::types: return show_types(o, *out);
        case command::actors: return show_actors(o, *out);
        case command::show: return show_one(o, *out);
        case command::diff: return show_difference(o, *out);
        case command::check: return check_file(o, *out);
        case command::export_to: return export_actors(o, *out);
        case command::replay:
            if (!o.program.empty()) return replay_by_program(o);
            return show_log(o, *out);
        case command::help: break;
        }
        out->add(o.help);
        return 0;
    }();
    const auto written = out->finish();
    if (!done) return done;
    if (!written) return written.error();
    return done;
}

int fail(const std::string& text) {
    std::fprintf(stderr, "kay: %s\n", text.c_str());
    return 2;
}

} // namespace

int main(int count, char** words) {
    try {
        const auto o = read_options(count, words);
        if (!o) return fail(o.error().text);
        const auto done = run(*o);
        return done ? *done : fail(done.error().text);
    } catch (const std::bad_alloc&) {
        return fail("there is not enough memory");
    }
}
