// SPDX-License-Identifier: MIT
// Little-endian access to byte ranges and alignment arithmetic. Every native
// MicroPython target is little endian. Callers check bounds before they call.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace mpylink {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;
using ByteSpan = std::span<uint8_t>;

static_assert(std::endian::native == std::endian::little, "the host must be little endian");

template <std::integral T> T readLe(ByteView at) {
  T value;
  std::memcpy(&value, at.data(), sizeof(T));
  return value;
}

template <std::integral T> void writeLe(ByteSpan at, T value) {
  std::memcpy(at.data(), &value, sizeof(T));
}

/// Reads an unsigned little-endian number of 1 to 8 bytes: all of `at`.
inline uint64_t readUint(ByteView at) {
  uint64_t value = 0;
  if (!at.empty())
    std::memcpy(&value, at.data(), at.size());
  return value;
}

/// Writes the low bytes of `value` over all of `at` (1 to 8 bytes).
inline void writeUint(ByteSpan at, uint64_t value) {
  if (!at.empty())
    std::memcpy(at.data(), &value, at.size());
}

/// `alignment` is a power of two.
constexpr uint64_t alignTo(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/// The low `bits` (1..64) of `value`, sign extended.
constexpr int64_t signExtend(uint64_t value, unsigned bits) {
  return static_cast<int64_t>(value << (64 - bits)) >> (64 - bits);
}

constexpr bool fitsSigned(int64_t value, unsigned bits) {
  return signExtend(static_cast<uint64_t>(value), bits) == value;
}

constexpr bool fitsUnsigned(int64_t value, unsigned bits) {
  return bits >= 64 || (static_cast<uint64_t>(value) >> bits) == 0;
}

} // namespace mpylink
