package io.headwater.bench.git;

import org.jspecify.annotations.Nullable;

/// A file in a commit.
///
/// @param blob what git calls its content; null if the file is not there any more, or is no regular
///   one
public record FileVersion(String path, @Nullable String blob) {}
