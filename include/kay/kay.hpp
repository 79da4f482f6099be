// SPDX-License-Identifier: MIT
//
// All of kay that programs use.
#pragma once

#include <kay/core/assert.hpp>
#include <kay/core/distributions.hpp>
#include <kay/core/duration.hpp>
#include <kay/core/hash.hpp>
#include <kay/core/id.hpp>
#include <kay/core/log.hpp>
#include <kay/core/math.hpp>
#include <kay/core/random.hpp>
#include <kay/core/result.hpp>
#include <kay/memory/external.hpp>
#include <kay/memory/map.hpp>
#include <kay/memory/optional.hpp>
#include <kay/memory/set.hpp>
#include <kay/memory/string.hpp>
#include <kay/memory/vector.hpp>
#include <kay/message/messages.hpp>
#include <kay/persist/autosave.hpp>
#include <kay/persist/input_log.hpp>
#include <kay/persist/migrations.hpp>
#include <kay/persist/recovery.hpp>
#include <kay/persist/world_file.hpp>
#include <kay/turn/actor_system.hpp>
#include <kay/turn/constant.hpp>
#include <kay/turn/pacer.hpp>
#include <kay/turn/poster.hpp>
#include <kay/turn/world.hpp>
