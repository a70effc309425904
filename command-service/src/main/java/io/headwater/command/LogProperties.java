package io.headwater.command;

import io.headwater.eventstore.AppendLimits;
import io.headwater.eventstore.Patience;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the log is.
///
/// @param url JDBC URL; several hosts are allowed, of which the primary is taken
/// @param connections most connections for reading; one more is kept for appending; 1 to 100
/// @param outage longest that a command waits for a database that is away; 0 to 10 minutes
/// @param settle longest that is waited to learn how a commit ended; 0 to 10 minutes
@ConfigurationProperties("headwater.log")
record LogProperties(
        String url,
        String user,
        @DefaultValue("") String password,
        @DefaultValue("8") int connections,
        @DefaultValue("15s") Duration outage,
        @DefaultValue("20s") Duration settle) {

    // A batch of 10,000 operations, 10,000 records that its deletions reach, and the stored answer.
    private static final int MOST_EVENTS = 20_100;

    LogProperties {
        if (url == null || user == null) {
            throw new IllegalArgumentException(
                    "Set HEADWATER_LOG_URL, HEADWATER_LOG_USER and HEADWATER_LOG_PASSWORD");
        }
        if (connections < 1 || connections > 100) {
            throw new IllegalArgumentException(
                    "headwater.log.connections is %d, must be 1 to 100".formatted(connections));
        }
    }

    AppendLimits limits() {
        return AppendLimits.defaults().withEventsPerAppend(MOST_EVENTS);
    }

    Patience patience() {
        return Patience.defaults().withOutage(outage).withSettle(settle);
    }
}
