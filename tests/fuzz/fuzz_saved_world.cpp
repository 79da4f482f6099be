// SPDX-License-Identifier: MIT
//
// A saved world that somebody has changed, and made its checksums right again. Whoever looks at it
// without its program, and the program that loads it as a file of anybody's and goes on with it,
// say what is wrong, or stay inside of it.
#include "edits.hpp"

#include "../unit/persist/menagerie.hpp"

#include "../../src/persist/saved_view.hpp"
#include "../../src/persist/value_text.hpp"

#include <string>
#include <vector>

namespace {

using namespace kay::detail;

void look_at(saved_view& view) {
    std::string text;
    for (std::uint32_t t = 0; t < view.manifest().head.types.size(); ++t) {
        const auto walked = view.each(t, [&](const saved_view::instance& i) {
            text.clear();
            add_text(text, view.types(), view.layout_of(t), i.block.data());
            add_json(text, view.types(), view.layout_of(t), i.block.data());
            return true;
        });
        if (!walked) return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const kay::test::forged_file good = [] {
        auto system = menagerie::make();
        return menagerie::saved(system);
    }();
    kay::test::forged_file what = good;
    std::vector<std::vector<std::byte>*> parts{&what.manifest, &what.schema};
    for (auto& page : what.pages) parts.push_back(&page);
    // Pages are as long as they are.
    kay::fuzz::edit(parts, data, size, false);

    kay::test::simulated_disk disk;
    what.write(disk);
    auto file = page_file::open(disk.open(), false);
    KAY_ASSERT(file.has_value());
    if (auto view = saved_view::open(**file, (*file)->find("a"))) look_at(*view);
    auto system = menagerie::load_untrusted(disk);
    if (system)
        menagerie::go_on(*system);
    else
        KAY_ASSERT(system.error().text.find(menagerie::file_name) == 0);
    // What was not touched is as it was.
    KAY_ASSERT(size > 0 || system.has_value());
    return 0;
}
