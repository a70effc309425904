package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How fresh an answer must be.
///
/// @param atLeast what it must have seen; null for whatever there is
/// @param patience how long to wait for that
public record Freshness(@Nullable ConsistencyToken atLeast, Duration patience) {}
