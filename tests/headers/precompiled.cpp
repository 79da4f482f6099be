// SPDX-License-Identifier: MIT
//
// Nothing: its target compiles the headers that all tests share.
