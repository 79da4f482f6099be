// SPDX-License-Identifier: MIT
//
// Names that headers may use without their definitions.
#pragma once

namespace kay {

class actor_system;
class world;

template <class A>
struct id;

template <class... Messages>
struct messages;

template <class... Messages>
struct trait;

} // namespace kay
