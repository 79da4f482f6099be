// SPDX-License-Identifier: MIT
//
// The one file that sees CLI11.
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <string_view>
#include <utility>

namespace tool {
namespace {

/// Digits and nothing else: CLI11 takes -3 for a very large one.
std::string whole_number(const std::string& text) {
    if (!text.empty() && text.size() < 19 &&
        text.find_first_not_of("0123456789") == std::string::npos)
        return {};
    return "must be a whole number, not '" + text + "'";
}

std::string some_text(const std::string& text) { return text.empty() ? "must not be empty" : ""; }

/// Words behind a -- are those of the program that replays; the others stay.
std::vector<std::string> take_program_words(int& count, const char* const* words) {
    std::vector<std::string> taken;
    if (count < 2 || std::string_view(words[1]) != "replay") return taken;
    int at = 2;
    while (at < count && std::string_view(words[at]) != "--") ++at;
    for (int i = at + 1; i < count; ++i) taken.emplace_back(words[i]);
    count = at;
    return taken;
}

void add_replay(CLI::App& app, options& o) {
    CLI::App* const made =
        app.add_subcommand("replay", "What entered a world turn by turn, as its input log has it; "
                                     "or, with --program, the world as it was at a turn");
    made->callback([&o] { o.what = command::replay; });
    made->footer(
        "kay replay LOG shows a log, as far as it goes without the program that wrote it.\n"
        "kay replay FILE LOG --to TURN --program PROGRAM [-- WORDS] runs\n"
        "  PROGRAM --load FILE@NAME --record LOG --replay-to TURN [--save OUT] [WORDS]\n"
        "once it is certain that snapshot and log belong together and reach that turn.");
    made->add_option("FILE", o.world,
                     "The log; with --program a file of saved worlds, and the log behind it")
        ->required();
    CLI::Option* const log = made->add_option("LOG", o.log, "The log, with --program");
    CLI::Option* const from =
        made->add_option("--from", o.from, "Show this turn and later ones only")
            ->type_name("TURN")
            ->check(whole_number);
    CLI::Option* const to =
        made->add_option("--to", o.to,
                         "Show this turn and earlier ones only; with --program, stop at its end")
            ->type_name("TURN")
            ->check(whole_number);
    CLI::Option* const inputs = made->add_flag("--inputs", o.inputs, "A line for each input");
    CLI::Option* const type =
        made->add_option("--type", o.type, "Only inputs of this actor or message type")
            ->type_name("NAME");
    CLI::Option* const with =
        made->add_option("--with", o.with,
                         "A saved world that knows the fields of messages and actors: a log has "
                         "their names and sizes only")
            ->type_name("FILE[@NAME]");
    CLI::Option* const program =
        made->add_option("--program", o.program, "The world's own program, which does the replay")
            ->type_name("PROGRAM")
            ->check(some_text)
            ->needs(log)
            ->needs(to);
    log->needs(program);
    made->add_option("--save", o.save, "With --program: where it saves the world")
        ->type_name("OUT[@NAME]")
        ->check(some_text)
        ->needs(program);
    for (CLI::Option* const other : {from, inputs, type, with}) other->excludes(program);
}

} // namespace

kay::result<options> read_options(int count, const char* const* words) {
    options o;
    o.program_words = take_program_words(count, words);
    CLI::App app("Looks at saved worlds, whatever program made them. FILE is a file of saved "
                 "worlds, FILE@NAME its snapshot of that name, else the one saved last.",
                 "kay");
    app.require_subcommand(1);
    const auto add = [&](const char* name, const char* about, command what) {
        CLI::App* const made = app.add_subcommand(name, about);
        made->callback([&o, what] { o.what = what; });
        made->add_option("FILE", o.world, "A file of saved worlds")->required();
        return made;
    };
    const auto add_limit = [&](CLI::App* to, const char* about) {
        to->add_option("--limit", o.limit, about)->type_name("N")->check(whole_number);
    };
    add("info", "What worlds a file has, and how many actors of each type", command::info);
    add("types", "Types with their fields, as the file describes them", command::types);
    CLI::App* const actors = add("actors", "All actors of a type, a line each", command::actors);
    actors->add_option("TYPE", o.type, "Name of an actor type")->required();
    actors
        ->add_option("--where", o.where,
                     "Only those of whom it is true: a field, one of = != < <= > >=, and a value, "
                     "as in 'where.x>=3' or 'name=\"Anna\"'")
        ->type_name("TEST");
    add_limit(actors, "So many of them");
    CLI::App* const show = add("show", "All fields of one actor", command::show);
    show->add_option("ID", o.id, "place:generation:slot, or Type@place:generation:slot")
        ->required();
    show->add_option("TYPE", o.type, "Its type, where several have actors with this id");
    CLI::App* const diff =
        add("diff", "How two worlds differ; ends with 1 when they do", command::diff);
    diff->add_option("OTHER", o.other, "The other world: FILE or FILE@SNAPSHOT")->required();
    add_limit(diff, "So many lines at most");
    add("check", "Reads everything and names what is damaged; ends with 1 when something is",
        command::check);
    CLI::App* const out = add("export", "All actors of a type as a table", command::export_to);
    out->add_option("TYPE", o.type, "Name of an actor type")->required();
    out->add_option("--format", o.format, "csv, jsonl (an object a line) or npy (for NumPy)")
        ->required()
        ->check(CLI::IsMember({"csv", "jsonl", "npy"}));
    out->add_option("-o", o.out, "Write it into a file")->type_name("OUT");
    add_replay(app, o);
    try {
        app.parse(count, words);
    } catch (const CLI::CallForHelp&) {
        o.what = command::help;
        const auto chosen = app.get_subcommands();
        o.help = (chosen.empty() ? &app : chosen[0])->help();
        return o;
    } catch (const CLI::ParseError& e) {
        if (app.get_subcommands().empty()) {
            std::string all;
            for (const CLI::App* one : app.get_subcommands(nullptr))
                all += (all.empty() ? "" : ", ") + one->get_name();
            const std::string word = count > 1 ? " '" + std::string(words[1]) + '\'' : "";
            return kay::error{kay::error_code::invalid_argument,
                              "there is no command" + word + "; there is " + all};
        }
        std::string text = e.what();
        for (char& c : text)
            if (c == '\n') c = ' ';
        return kay::error{kay::error_code::invalid_argument, text + "; kay --help says more"};
    }
    if (o.what == command::replay && o.program.empty()) {
        if (!o.program_words.empty())
            return kay::error{kay::error_code::invalid_argument,
                              "words behind -- are for a program, and --program names none"};
        std::swap(o.world, o.log);
    }
    return o;
}

} // namespace tool
