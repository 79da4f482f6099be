# SPDX-License-Identifier: MIT
# What kay's own code is compiled with, beside what its users get.

# kay_own_code(target): warnings, private to the target.
function(kay_own_code target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
  # A false alarm about additions of strings (GCC bug 105651).
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  # libstdc++ 12 uses what it deprecates itself in std::stable_sort, and clang says so at every use.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(${target} PRIVATE -Wno-deprecated-declarations)
  endif()
  # Another one, of g++ with sanitizers: it takes what a variant does not hold for uninitialized.
  if(KAY_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
  if(KAY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# kay_join(target BATCH [files that stay alone ...]): with sanitizers, which double what headers cost, several files
# are compiled at a time. They see each other's names then, and so the warning about that is off.
function(kay_join target batch)
  if(KAY_SANITIZE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${batch})
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
endfunction()

if(KAY_SANITIZE)
  add_compile_options(-fsanitize=${KAY_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KAY_SANITIZE})
  if(KAY_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

# Everything that a fuzzer runs tells it where it went; the programs themselves link its main.
if(KAY_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "kay: KAY_BUILD_FUZZERS needs clang; use the preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
