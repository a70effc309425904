package io.headwater.eventstore;

import java.time.Duration;

/// How long to wait for what, before giving a clear answer.
///
/// @param queue wait for a place in the append queue; 0 to 10 minutes
/// @param outage wait for the database to come back, from the moment the call was made; 0 to 1 hour
/// @param settle wait to learn how a COMMIT ended whose answer was lost; 0 to 1 hour
/// @param answer longest that one statement may go without an answer; 1 s to 1 hour
/// @param poll pause between two looks for events that other processes appended; 1 ms to 1 minute
public record Patience(
        Duration queue, Duration outage, Duration settle, Duration answer, Duration poll) {

    public Patience {
        require("queue", queue, Duration.ZERO, Duration.ofMinutes(10));
        require("outage", outage, Duration.ZERO, Duration.ofHours(1));
        require("settle", settle, Duration.ZERO, Duration.ofHours(1));
        require("answer", answer, Duration.ofSeconds(1), Duration.ofHours(1));
        require("poll", poll, Duration.ofMillis(1), Duration.ofMinutes(1));
    }

    public static Patience defaults() {
        return new Patience(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMillis(50));
    }

    public Patience withQueue(Duration wait) {
        return new Patience(wait, outage, settle, answer, poll);
    }

    public Patience withOutage(Duration wait) {
        return new Patience(queue, wait, settle, answer, poll);
    }

    public Patience withSettle(Duration wait) {
        return new Patience(queue, outage, wait, answer, poll);
    }

    public Patience withAnswer(Duration wait) {
        return new Patience(queue, outage, settle, wait, poll);
    }

    public Patience withPoll(Duration pause) {
        return new Patience(queue, outage, settle, answer, pause);
    }

    private static void require(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", must be " + least + " to " + most);
        }
    }
}
