package io.headwater.command.http;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Bounds on what clients send.
///
/// @param record most bytes of a body with one record or model; 1 KiB to 4 MiB
/// @param batch most bytes of a body of `POST /commands`; at least `record`, at most 64 MiB
/// @param operations most operations in a batch; 1 to 10,000
/// @param commands most commands that are worked on at the same time; 1 to 10,000
/// @param bodies most bytes of bodies in memory at the same time; at least `batch`
/// @param turn longest that a command waits for its turn; 0 to 1 minute
@ConfigurationProperties("headwater.http")
public record HttpLimits(
        @DefaultValue("1MB") DataSize record,
        @DefaultValue("16MB") DataSize batch,
        @DefaultValue("10000") int operations,
        @DefaultValue("200") int commands,
        @DefaultValue("20MB") DataSize bodies,
        @DefaultValue("5s") Duration turn) {

    public HttpLimits {
        require("record", record.toBytes(), 1024, 4L << 20);
        require("batch", batch.toBytes(), record.toBytes(), 64L << 20);
        require("operations", operations, 1, 10_000);
        require("commands", commands, 1, 10_000);
        require("bodies", bodies.toBytes(), batch.toBytes(), 1L << 30);
        require("turn", turn.toMillis(), 0, 60_000);
    }

    private static void require(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "headwater.http.%s is %d, must be %d to %d"
                            .formatted(name, value, least, most));
        }
    }
}
