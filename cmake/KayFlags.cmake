# SPDX-License-Identifier: MIT
# What kay's own code is compiled with, beside what its users get.

# kay_own_code(target): warnings, private to the target.
function(kay_own_code target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
  if(KAY_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

if(KAY_SANITIZE)
  add_compile_options(-fsanitize=${KAY_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KAY_SANITIZE})
  if(KAY_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()
