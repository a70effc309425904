package io.headwater.bench.mapping;

import io.headwater.contract.RecordRef;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a commit makes of one record.
///
/// @param before null if it was not there
/// @param after null if it is not there any more
public record Change(RecordRef record, @Nullable ObjectNode before, @Nullable ObjectNode after) {}
