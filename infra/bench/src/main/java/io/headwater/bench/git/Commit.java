package io.headwater.bench.git;

import java.time.Instant;
import java.util.List;

/// One commit of the first-parent line, with what it changed against the one before it.
///
/// @param hash in full
/// @param time of the committer's clock, to the second
/// @param authored of the author's clock, to the second
/// @param email of the author, as `.mailmap` has it; may be empty
/// @param name of the author, as `.mailmap` has it; may be empty
/// @param changes regular files only, a path at most once; a move is a deletion and an addition
public record Commit(
        String hash,
        Instant time,
        Instant authored,
        String email,
        String name,
        List<FileVersion> changes) {
    public Commit {
        changes = List.copyOf(changes);
    }
}
