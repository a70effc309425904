package io.headwater.command;

import io.headwater.eventstore.EventLog;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/// Whether commands can be taken: the database answers as the primary.
@Component("log")
class LogHealth extends AbstractHealthIndicator {
    private final LogProbe probe;
    private final EventLog log;

    LogHealth(LogProbe probe, EventLog log) {
        super("The event log does not answer");
        this.probe = probe;
        this.log = log;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (probe.isWritable()) {
            builder.up();
        } else {
            builder.down();
        }
        builder.withDetail("queued", log.queued());
    }
}
