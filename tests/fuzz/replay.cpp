// SPDX-License-Identifier: MIT
//
// replay FILE-OR-FOLDER ...: gives each file to the entry point of a fuzzer, as libFuzzer does, but
// with any compiler. Ends with 1 if there was no file.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

int files = 0;

void replay(const fs::path& path) {
    std::printf("%s\n", path.filename().c_str());
    std::fflush(stdout); // so that the last name is the one that failed
    std::ifstream in(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++files;
}

} // namespace

int main(int count, char** words) {
    for (int i = 1; i < count; ++i)
        if (fs::is_directory(words[i])) {
            for (const auto& entry : fs::directory_iterator(words[i])) replay(entry.path());
        } else {
            replay(words[i]);
        }
    std::printf("%d files\n", files);
    return files > 0 ? 0 : 1;
}
