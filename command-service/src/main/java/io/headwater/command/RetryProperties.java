package io.headwater.command;

import io.headwater.command.ledger.RetryLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long a command that lost a race is tried again.
///
/// @param attempts most times that it is decided; 1 to 1,000
/// @param within longest that it is tried; 0 to 1 minute
@ConfigurationProperties("headwater.retry")
record RetryProperties(@DefaultValue("100") int attempts, @DefaultValue("10s") Duration within) {
    RetryLimits limits() {
        return new RetryLimits(attempts, within);
    }
}
